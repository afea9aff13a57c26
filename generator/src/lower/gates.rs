//! Pass: finds the top-level resources that reach each schema of a large API.

use super::Lowering;
use crate::ir::{
    Api, Body, EnumOwner, Gate, Gates, Method, Outcome, ResourceId, SchemaId, Shape, Type,
};

/// APIs with more schemas than this have Cargo features.
const LARGE: usize = 200;

/// Schemas that more resources reach are always compiled: a longer list of features would save
/// little.
const COMMON: usize = 4;

impl Lowering<'_> {
    pub(super) fn find_gates(&mut self) {
        self.api.gates = gates(&self.api);
    }
}

fn gates(api: &Api) -> Gates {
    let tops = &api[Api::ROOT].children;
    if api.schemas.len() <= LARGE || tops.len() < 2 {
        return Gates::default();
    }
    let mut reached: Vec<Vec<ResourceId>> = vec![Vec::new(); api.schemas.len()];
    let mut always = vec![false; api.schemas.len()];
    for id in reachable(api, api[Api::ROOT].methods.iter().map(|m| &api[*m])) {
        always[id.index()] = true;
    }
    for top in tops {
        let mut methods = Vec::new();
        collect(api, *top, &mut methods);
        for id in reachable(api, methods.into_iter()) {
            reached[id.index()].push(*top);
        }
    }
    let gate = |(resources, always): (Vec<ResourceId>, bool)| match resources.len() {
        _ if always => Gate::Always,
        // A schema that no method reaches occurs inside `any` values.
        0 => Gate::Full,
        many if many > COMMON => Gate::Always,
        _ => Gate::AnyOf(resources),
    };
    Gates { resources: tops.clone(), schemas: reached.into_iter().zip(always).map(gate).collect() }
}

fn collect<'a>(api: &'a Api, id: ResourceId, out: &mut Vec<&'a Method>) {
    out.extend(api[id].methods.iter().map(|m| &api[*m]));
    for child in &api[id].children {
        collect(api, *child, out);
    }
}

/// Returns every schema that the methods' bodies and results reach, by whole files.
fn reachable<'a>(api: &'a Api, methods: impl Iterator<Item = &'a Method>) -> Vec<SchemaId> {
    let mut files: Vec<Vec<SchemaId>> = vec![Vec::new(); api.schemas.len()];
    for id in SchemaId::all(api) {
        files[api[id].owner.index()].push(id);
    }
    let mut seen = vec![false; api.schemas.len()];
    let mut work = Vec::new();
    let mut visit = |ty: &Type, work: &mut Vec<SchemaId>| match ty.leaf() {
        Type::Object(id) => {
            let owner = api[*id].owner;
            if !std::mem::replace(&mut seen[owner.index()], true) {
                work.push(owner);
            }
        }
        Type::Enum(id) => {
            if let EnumOwner::Schema(owner) = api[*id].owner
                && !std::mem::replace(&mut seen[owner.index()], true)
            {
                work.push(owner);
            }
        }
        _ => {}
    };
    for method in methods {
        for body in method.request.iter().chain(&method.response) {
            match body {
                Body::Json(ty) => visit(ty, &mut work),
                Body::Raw(Some(id)) => visit(&Type::Object(*id), &mut work),
                Body::Raw(None) => {}
            }
        }
        if let Some(Outcome::Schema(id)) = method.long_running.as_ref().map(|o| &o.result) {
            visit(&Type::Object(*id), &mut work);
        }
    }
    let mut out = Vec::new();
    while let Some(owner) = work.pop() {
        out.push(owner);
        for id in &files[owner.index()] {
            match &api[*id].shape {
                Shape::Object(object) => {
                    let types = object.fields.iter().map(|f| &f.ty).chain(&object.additional);
                    types.for_each(|ty| visit(ty, &mut work));
                }
                Shape::Alias(ty) => visit(ty, &mut work),
                Shape::Union(union) => {
                    union.cases.iter().for_each(|c| visit(&Type::Object(c.schema), &mut work));
                }
            }
        }
    }
    out
}
