//! Pass: finds the methods whose long-running operations can be awaited, and the results of those
//! operations.
//!
//! The documents' own description of `Operation.response` gives the rule: "If the original method
//! is standard `Get`/`Create`/`Update`, the response should be the resource. For other methods,
//! the response should have the type `XxxResponse`", and for `Delete` it is `Empty`.

use super::Lowering;
use super::by_status::{self, status_polls};
use super::targets;
use crate::error::Kind;
use crate::ir::{
    Api, Body, Location, LongRunning, Method, MethodId, Outcome, PathPart, ResourceId, SchemaId,
    Shape, Type, Verb,
};

impl Lowering<'_> {
    pub(super) fn detect_operations(&mut self) {
        let polls: Vec<_> = MethodId::all(&self.api).filter(|id| is_poll(&self.api[*id])).collect();
        let by_status = status_polls(&self.api);
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            if self.api[id].verb == Verb::Get {
                continue;
            }
            let found = if self.api[id].operation {
                let poll = nearest(&self.api, &self.api[id], &polls);
                poll.map(|poll| (poll, Vec::new(), self.outcome(id)))
            } else {
                by_status::poll(&self.api, id, &by_status)
            };
            let Some((poll, shared, result)) = found else { continue };
            let target = targets::target(&self.api, id, &shared);
            self.api.methods[id.index()].long_running =
                Some(LongRunning { poll, shared, result, target });
        }
    }

    /// Returns the result according to the overlay, or else to the rule.
    fn outcome(&mut self, id: MethodId) -> Outcome {
        let Some(schema) = self.hints.results.get(&self.api[id].id.0) else {
            return conventional(&self.api, &self.api[id], |name| self.by_name.get(name).copied());
        };
        self.used_hints.insert(self.api[id].id.0.clone());
        match self.by_name.get(schema.as_str()) {
            Some(schema) => Outcome::Schema(*schema),
            None => {
                let (at, message) = (self.api[id].at.clone(), format!("no schema `{schema}`"));
                self.error(Kind::Dangling, &at, message, "correct `results` in the overlay");
                Outcome::Unknown
            }
        }
    }
}

/// Returns `true` if the method is an `operations.get`: its only argument is an operation name at
/// the end of its path.
fn is_poll(method: &Method) -> bool {
    let mut required = method.required();
    let (Some(name), None) = (required.next(), required.next()) else { return false };
    let at_the_end = match method.path.0.as_slice() {
        [PathPart::Literal(_), PathPart::Simple(last) | PathPart::Reserved(last)] => {
            last == &name.name
        }
        _ => false,
    };
    method.operation
        && method.verb == Verb::Get
        && method.name.as_str() == "get"
        && name.location == Location::Path
        && at_the_end
}

/// Returns the poll method in the resource closest to the method's, among polls of the same
/// operation type; they differ only in their ids.
fn nearest(api: &Api, method: &Method, polls: &[MethodId]) -> Option<MethodId> {
    let own = ancestors(api, method.resource);
    let same = |id: &&MethodId| {
        matches!((&api[**id].response, &method.response),
            (Some(Body::Json(a)), Some(Body::Json(b))) if a == b)
            && api[**id].resource != method.resource
    };
    let common = |id: &MethodId| {
        let theirs = ancestors(api, api[*id].resource);
        let shared = own.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        (shared, std::cmp::Reverse(theirs.len()))
    };
    // Ties go to the first in the document.
    polls.iter().rev().filter(same).max_by_key(|id| common(id)).copied()
}

/// Returns the resources from the root to `id`.
fn ancestors(api: &Api, id: ResourceId) -> Vec<ResourceId> {
    let mut path = vec![id];
    while let Some(parent) = path.last().and_then(|id| api[*id].parent) {
        path.push(parent);
    }
    path.reverse();
    path
}

fn conventional<'n>(
    api: &'n Api,
    method: &'n Method,
    schema: impl Fn(&str) -> Option<SchemaId>,
) -> Outcome {
    let request = match &method.request {
        Some(Body::Json(Type::Object(id))) => Some(*id),
        _ => None,
    };
    let name = method.name.as_str();
    if name == "delete" {
        return Outcome::Nothing;
    }
    if let (Some(request), "create" | "patch" | "update") = (request, name)
        && let Some(resource) = got(api, method.resource)
        && (resource == request || wraps(api, request, resource))
    {
        return Outcome::Schema(resource);
    }
    let response = request
        .and_then(|id| api[id].name.as_str().strip_suffix("Request"))
        .and_then(|base| schema(&format!("{base}Response")));
    response.map_or(Outcome::Unknown, Outcome::Schema)
}

/// Returns the response type of `get` of the same resource.
fn got(api: &Api, resource: ResourceId) -> Option<SchemaId> {
    let get = api[resource].methods.iter().find(|id| api[**id].name.as_str() == "get")?;
    match &api[*get].response {
        Some(Body::Json(Type::Object(id))) => Some(*id),
        _ => None,
    }
}

/// Returns `true` if a request wraps the resource.
fn wraps(api: &Api, request: SchemaId, resource: SchemaId) -> bool {
    match &api[request].shape {
        Shape::Object(object) => object.fields.iter().any(|f| f.ty == Type::Object(resource)),
        _ => false,
    }
}
