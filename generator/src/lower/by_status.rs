//! Operations that end with a status, as in Compute: an object with `status`, and a method that gets
//! it in the same scope (zone, region, project). Where another waits for it, that one is used.

use crate::ir::{
    Api, Body, Location, Method, MethodId, Outcome, Param, PathPart, Scalar, SchemaId, Shape, Type,
    Verb, WireName,
};

/// Returns the methods that get or wait for an operation with a status.
pub(super) fn status_polls(api: &Api) -> Vec<MethodId> {
    let gets: Vec<MethodId> = MethodId::all(api).filter(|id| is_get(api, &api[*id])).collect();
    let waits = MethodId::all(api).filter(|id| {
        let wait = &api[*id];
        let same = |get: &MethodId| {
            api[*get].resource == wait.resource && answered(api, &api[*get]) == answered(api, wait)
        };
        wait.name.as_str() == "wait" && wait.verb == Verb::Post && gets.iter().any(same)
    });
    let mut all = gets.clone();
    all.extend(waits);
    all
}

/// Returns whether a method gets an operation with a status: its resource says so, and the operation
/// ends its path.
fn is_get(api: &Api, method: &Method) -> bool {
    let resource = api[method.resource].name.as_ref().map_or("", WireName::as_str);
    let operations = resource.ends_with("perations");
    let with_status = answered(api, method).is_some_and(|id| has_status(api, id));
    let at_the_end = match method.path.0.last() {
        Some(PathPart::Simple(name) | PathPart::Reserved(name)) => {
            method.required().any(|param| param.name == *name)
        }
        _ => false,
    };
    let get = method.verb == Verb::Get && method.name.as_str() == "get";
    get && operations && with_status && at_the_end && !method.operation
}

fn has_status(api: &Api, id: SchemaId) -> bool {
    let Shape::Object(object) = &api[id].shape else { return false };
    let has = |name: &str, fits: fn(&Type) -> bool| {
        object.fields.iter().any(|f| f.name.as_str() == name && fits(&f.ty))
    };
    let text = |ty: &Type| *ty == Scalar::String;
    has("status", |ty| matches!(ty, Type::Enum(_) | Type::Scalar(Scalar::String)))
        && (has("name", text) || has("id", text))
}

pub(super) fn answered(api: &Api, method: &Method) -> Option<SchemaId> {
    let Some(Body::Json(ty)) = &method.response else { return None };
    match api.resolve(ty) {
        Type::Object(id) => Some(*id),
        _ => None,
    }
}

/// Returns the method that polls the operation of another, the parameters that both have, and the
/// result, which is the operation itself.
///
/// The scope is that of the method: each parameter of the poll but the operation's name is a
/// required path parameter of the method as well. The narrowest such poll is the right one.
pub(super) fn poll(
    api: &Api,
    id: MethodId,
    polls: &[MethodId],
) -> Option<(MethodId, Vec<WireName>, Outcome)> {
    let method = &api[id];
    let schema = answered(api, method)?;
    if polls.iter().any(|poll| api[*poll].resource == method.resource) {
        return None;
    }
    let in_path = |name: &WireName| {
        let own = |p: &&Param| p.location == Location::Path && p.name == *name;
        method.required().any(|p| own(&p))
    };
    let shared = |poll: &MethodId| -> Option<Vec<WireName>> {
        let poll = &api[*poll];
        let operation = operation_param(poll)?;
        let others = poll.required().filter(|param| param.name != *operation);
        let all: Vec<WireName> = others.map(|param| param.name.clone()).collect();
        // A full name takes a resource's place in the path.
        all.iter().all(in_path).then_some(all)
    };
    let fitting = polls.iter().filter(|poll| answered(api, &api[**poll]) == Some(schema));
    let best = fitting
        .filter_map(|poll| {
            let shared = shared(poll)?;
            let named = matches!(api[*poll].path.0.last(), Some(PathPart::Reserved(_)));
            let alike = !named || same_family(method);
            alike.then_some((*poll, shared))
        })
        .max_by_key(|(poll, shared)| {
            let waits = api[*poll].name.as_str() == "wait";
            (shared.len(), waits, std::cmp::Reverse(poll.index()))
        });
    best.map(|(poll, shared)| (poll, shared, Outcome::Schema(schema)))
}

/// Returns whether a method names its resource by a full name.
fn same_family(method: &Method) -> bool {
    method.path.0.iter().any(|part| matches!(part, PathPart::Reserved(_)))
}

/// Returns the parameter with the operation's name: the last of the path.
fn operation_param(poll: &Method) -> Option<&WireName> {
    poll.path.0.iter().rev().find_map(|part| match part {
        PathPart::Simple(name) | PathPart::Reserved(name) => Some(name),
        _ => None,
    })
}
