//! Finds the resource that an operation with a status is about, and how to get it when the operation
//! is done. Results of other operations are in their `response`.
//!
//! `get` of the method's resource gets it, if its arguments are certain. They are those of the call if
//! the call names the resource: its path is that of `get`, or continues it (`…/{instance}/stop`). If
//! the call creates it, its path is that of `get` without the last parameter, and the operation has its
//! URL. A collection within another resource is refused: in Cloud SQL, the operations that create
//! databases have the URL of the instance.

use super::by_status::answered;
use crate::ir::{
    Api, Body, Location, Method, MethodId, PathPart, PathTemplate, Scalar, SchemaId, Shape, Target,
    TargetBy, Type, Verb, WireName,
};

/// Returns the resource of a method's operation; `scope` is the parameters that the method shares with
/// the one that polls.
pub(super) fn target(api: &Api, id: MethodId, scope: &[WireName]) -> Option<Target> {
    let method = &api[id];
    let operation = answered(api, method).filter(|_| !method.operation)?;
    let get = api[method.resource].methods.iter().copied().find(|get| is_get(api, *get))?;
    let resource = answered(api, &api[get]).filter(|resource| *resource != operation)?;
    if method.verb == Verb::Delete {
        return None;
    }
    let (own, gets) = (text(&method.path), text(&api[get].path));
    let rest = own.strip_prefix(&gets);
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':'])) {
        return Some(Target { get, known: TargetBy::Call });
    }
    let creates = gets.strip_prefix(&own).is_some_and(is_one_part)
        && sends(api, method, resource)
        && has_link(api, operation)
        && method.required().all(|p| p.location != Location::Path || scope.contains(&p.name));
    creates.then_some(Target { get, known: TargetBy::Link })
}

/// Returns whether a method gets a resource by its path alone.
fn is_get(api: &Api, id: MethodId) -> bool {
    let get = &api[id];
    get.name.as_str() == "get"
        && get.verb == Verb::Get
        && !get.media.download
        && get.required().all(|param| param.location == Location::Path)
}

/// Returns whether a path goes on with a single parameter: `/{instance}`.
fn is_one_part(rest: &str) -> bool {
    let name = rest.strip_prefix("/{").and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| !name.contains(['/', '+', '{']))
}

/// Returns whether the body of a method is the resource, or has it as a field.
fn sends(api: &Api, method: &Method, resource: SchemaId) -> bool {
    let Some(Body::Json(ty)) = &method.request else { return false };
    let Type::Object(body) = api.resolve(ty) else { return false };
    let Shape::Object(object) = &api[*body].shape else { return false };
    *body == resource || object.fields.iter().any(|f| f.ty == Type::Object(resource))
}

fn has_link(api: &Api, operation: SchemaId) -> bool {
    let Shape::Object(object) = &api[operation].shape else { return false };
    object.fields.iter().any(|f| f.name.as_str() == "targetLink" && f.ty == Scalar::String)
}

fn text(path: &PathTemplate) -> String {
    let part = |part: &PathPart| match part {
        PathPart::Literal(text) => text.clone(),
        PathPart::Simple(name) => format!("{{{name}}}"),
        PathPart::Reserved(name) => format!("{{+{name}}}"),
        PathPart::Segments(name) => format!("{{/{name}*}}"),
    };
    path.0.iter().map(part).collect()
}
