//! Where schemas are used: by which methods and by which other schemas.

use super::Cx;
use crate::ir::{Api, Body, MethodId, SchemaId, Shape, Type};

/// Names that one list has at most; the others are found by a search.
const MANY: usize = 6;

/// The direct users of every schema.
pub(crate) struct Usage {
    methods: Vec<Vec<MethodId>>,
    schemas: Vec<Vec<SchemaId>>,
}

impl Usage {
    pub(crate) fn new(api: &Api) -> Self {
        let count = api.schemas.len();
        let mut usage = Self { methods: vec![Vec::new(); count], schemas: vec![Vec::new(); count] };
        for id in MethodId::all(api) {
            for body in api[id].request.iter().chain(&api[id].response) {
                if let Body::Json(ty) = body {
                    note(&mut usage.methods, ty, id);
                }
            }
        }
        for id in SchemaId::all(api) {
            // What is written inside a schema counts for it.
            let owner = api[id].owner;
            match &api[id].shape {
                Shape::Object(object) => {
                    let fields = object.fields.iter().map(|field| &field.ty);
                    for ty in fields.chain(&object.additional) {
                        note(&mut usage.schemas, ty, owner);
                    }
                }
                Shape::Alias(ty) => note(&mut usage.schemas, ty, owner),
                Shape::Union(union) => {
                    for case in &union.cases {
                        note(&mut usage.schemas, &Type::Object(case.schema), owner);
                    }
                }
            }
        }
        usage
    }
}

fn note<T: Copy + PartialEq>(users: &mut [Vec<T>], ty: &Type, user: T) {
    if let Type::Object(id) = ty.leaf() {
        let users = &mut users[id.index()];
        if !users.contains(&user) {
            users.push(user);
        }
    }
}

/// A line that says where a top-level schema is used; none for one that nothing names.
pub(super) fn line(cx: &Cx<'_>, id: SchemaId) -> Vec<String> {
    if cx.api[id].owner != id {
        return Vec::new();
    }
    let methods = cx.usage.methods[id.index()].iter().map(|method| method_link(cx, *method));
    let schemas = cx.usage.schemas[id.index()].iter().filter(|user| **user != id).map(|user| {
        let ty = &cx.names.schema(*user).ty;
        format!("[`{ty}`](crate::models::{ty})")
    });
    let mut users: Vec<String> = methods.chain(schemas).collect();
    if users.is_empty() {
        return users;
    }
    if users.len() > MANY {
        users.truncate(MANY);
        users.push("others".to_owned());
    }
    vec![format!("Used by {}.", users.join(", "))]
}

/// By address, not by path: without the feature `client` there are models, but no methods.
fn method_link(cx: &Cx<'_>, id: MethodId) -> String {
    let resource = cx.api[id].resource;
    let function = cx.names.method(id).function.bare();
    if resource == Api::ROOT {
        return format!("[`Client::{function}`](../struct.Client.html#method.{function})");
    }
    let modules: Vec<&str> =
        cx.names.resource_path(cx.api, resource).into_iter().map(|name| name.bare()).collect();
    let handle = cx.names.resource(resource).handle.bare();
    let page = format!("../resources/{}/struct.{handle}.html", modules.join("/"));
    format!("[`{handle}::{function}`]({page}#method.{function})")
}
