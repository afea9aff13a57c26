//! Pass: finds methods that hold the request until there is something to say, for minutes rather than
//! seconds: those that wait for an operation, and those that pull messages unless told otherwise.

use super::Lowering;
use crate::ir::{Api, Body, Method, MethodId, Scalar, Shape, Type, Verb};

impl Lowering<'_> {
    pub(super) fn detect_holds(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let waits = waits(&self.api, &self.api[id]);
            let pulls = pulls(&self.api, &self.api[id]);
            let method = &mut self.api.methods[id.index()];
            method.holds = waits || pulls;
            // Waiting changes nothing.
            method.idempotent |= waits;
        }
    }
}

/// Returns whether a method waits for an operation: it is called `wait`, and `get` beside it has the
/// same response.
fn waits(api: &Api, method: &Method) -> bool {
    let beside = &api[method.resource].methods;
    let gets = |get: &Method| get.name.as_str() == "get" && get.verb == Verb::Get;
    let same = |get: &Method| match (&get.response, &method.response) {
        (Some(Body::Json(get)), Some(Body::Json(wait))) => get == wait,
        _ => false,
    };
    method.name.as_str() == "wait" && beside.iter().any(|id| gets(&api[*id]) && same(&api[*id]))
        || method.name.as_str() == "wait" && method.operation
}

/// Returns whether a request can ask for an immediate answer, which is not the rule then.
fn pulls(api: &Api, method: &Method) -> bool {
    let Some(Body::Json(ty)) = &method.request else { return false };
    let Type::Object(id) = api.resolve(ty) else { return false };
    match &api[*id].shape {
        Shape::Object(object) => object
            .fields
            .iter()
            .any(|f| f.name.as_str() == "returnImmediately" && f.ty == Scalar::Bool),
        _ => false,
    }
}
