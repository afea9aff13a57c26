//! Lists the methods and schemas that use a schema.

use super::Cx;
use crate::ir::{Api, MethodId, SchemaId};
use std::collections::BTreeSet;

/// Maximum number of names in a list; a search finds the others.
const MAX_NAMES: usize = 6;

/// Returns a line on where a top-level schema is used; `None` if nothing refers to it.
pub(super) fn line(cx: &Cx<'_>, id: SchemaId) -> Vec<String> {
    if cx.api[id].owner != id {
        return Vec::new();
    }
    let methods: BTreeSet<MethodId> =
        cx.uses.requests(id).iter().chain(cx.uses.responses(id)).copied().collect();
    // Uses of inline schemas count for their owner.
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
    if users.len() > MAX_NAMES {
        users.truncate(MAX_NAMES);
        users.push("others".to_owned());
    }
    vec![format!("Used by {}.", users.join(", "))]
}

/// A URL rather than a path: without the feature `client`, models exist but methods do not.
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
