//! Where schemas are used: by which methods and by which other schemas.

use super::Cx;
use crate::ir::{Api, MethodId, SchemaId};
use std::collections::BTreeSet;

/// Names that one list has at most; the others are found by a search.
const MANY: usize = 6;

/// A line that says where a top-level schema is used; none for one that nothing names.
pub(super) fn line(cx: &Cx<'_>, id: SchemaId) -> Vec<String> {
    if cx.api[id].owner != id {
        return Vec::new();
    }
    let methods: BTreeSet<MethodId> =
        cx.uses.requests(id).iter().chain(cx.uses.responses(id)).copied().collect();
    // What is written inside a schema counts for it.
    let schemas: BTreeSet<SchemaId> =
        cx.uses.holders(id).map(|holder| cx.api[holder].owner).filter(|user| *user != id).collect();
    let methods = methods.into_iter().map(|method| method_link(cx, method));
    let schemas = schemas.into_iter().map(|user| {
        let ty = &cx.names.schema(user).ty;
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
