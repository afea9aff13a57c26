//! Ranks resources for examples: the main resources of an API first.

use super::Lowering;
use crate::ir::{Api, Body, Method, ResourceId, SchemaId, Uses};
use std::cmp::Reverse;

/// Supporting methods of many resources: access control (AIP-211) and notifications.
const SUPPORTING: [&str; 4] = ["getIamPolicy", "setIamPolicy", "testIamPermissions", "watch"];

/// Names of the standard methods (AIP-130) in documents.
const STANDARD: [&str; 8] = ["get", "list", "create", "insert", "add", "update", "patch", "delete"];

/// Standard methods whose bodies contain the resource, most reliable first.
const SHOWING: [&str; 5] = ["get", "create", "insert", "update", "patch"];

impl Lowering<'_> {
    /// Ranks the resources: those of the overlay first, then by [`weight`], then in document order.
    pub(super) fn rank_resources(&mut self) {
        let (api, uses) = (&self.api, Uses::of(&self.api));
        let mut ranked: Vec<ResourceId> = ResourceId::all(api).collect();
        ranked.sort_by_cached_key(|id| Reverse(weight(api, &uses, *id)));
        for named in self.hints.prominent.iter().rev() {
            let at = ranked.iter().position(|id| *named == path(api, *id));
            if let Some(at) = at {
                ranked[..=at].rotate_right(1);
            }
        }
        self.api.prominence = ranked;
    }

    /// Checks that the overlay's resources exist in the whole document, regardless of the
    /// selection.
    pub(super) fn check_prominent(&mut self) {
        let (api, named) = (&self.api, &self.hints.prominent);
        let known = |named: &&String| ResourceId::all(api).any(|id| path(api, id) == **named);
        self.used_hints.extend(named.iter().filter(known).cloned());
    }
}

fn path(api: &Api, id: ResourceId) -> String {
    api.resource_path(id).iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".")
}

/// Weight of a resource: main resources have the most methods, and a schema that refers to the most
/// others. Each method counts two points, and each doubling of the schemas one: in few APIs do
/// resources rank so closely that one new method changes their order. A resource without standard
/// methods has no weight.
fn weight(api: &Api, uses: &Uses, id: ResourceId) -> u32 {
    let own = |method: &&Method| !method.deprecated && !SUPPORTING.contains(&method.name.as_str());
    let methods = || api[id].methods.iter().map(|id| &api[*id]).filter(own);
    if api[id].deprecated || !methods().any(|m| STANDARD.contains(&m.name.as_str())) {
        return 0;
    }
    let named = |name: &&str| methods().find(|method| method.name.as_str() == *name);
    let shown = SHOWING.iter().filter_map(named).find_map(|method| item(api, method));
    let reached = shown.map_or(1, |id| uses.reached([id]).len());
    let count = u32::try_from(methods().count()).unwrap_or(u32::MAX / 4);
    2 * count + reached.max(1).ilog2()
}

/// Returns the schema of the resource that a standard method sends or receives.
fn item(api: &Api, method: &Method) -> Option<SchemaId> {
    let body = if method.name.as_str() == "get" { &method.response } else { &method.request };
    match body {
        Some(Body::Json(ty)) => api.resolve(ty).schema(),
        _ => None,
    }
}
