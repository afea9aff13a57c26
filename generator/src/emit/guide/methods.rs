//! Selects the methods and fields shown in the guide: those of the main resources, standard methods
//! first, so that new methods seldom change the selection.

use crate::emit::Cx;
use crate::emit::examples::{Examples, Purpose};
use crate::ir::{
    Api, Body, Field, Form, Method, MethodId, Object, Param, Scalar, SchemaId, Shape, Type, Update,
    Verb,
};
use crate::rust::FieldNames;
use serde_json::Value;

/// Preferred methods of a resource, in this order.
const STANDARD: [&str; 8] = ["list", "get", "create", "insert", "add", "patch", "update", "delete"];

/// A field with its names.
pub(super) type Named<'a> = (&'a Field, &'a FieldNames);

/// A request sent by an example.
pub(super) struct Make<'a> {
    pub(super) method: MethodId,
    pub(super) ty: &'a Type,
    pub(super) value: Value,
}

/// A PATCH that changes one field of a resource returned by `get`.
pub(super) struct Change<'a> {
    pub(super) get: MethodId,
    pub(super) patch: MethodId,
    pub(super) resource: SchemaId,
    pub(super) field: Named<'a>,
    /// The request that contains the resource and its mask, if the body is not the resource.
    pub(super) request: Option<SchemaId>,
    /// The query parameter that `patch_between` sets.
    pub(super) mask: Option<usize>,
}

/// A parameter for which there is a sample.
fn is_plain(param: &Param) -> bool {
    match param.ty {
        Type::Enum(_) => true,
        Type::Scalar(scalar) => {
            matches!(scalar.form(), Form::Bool | Form::Integer { .. } | Form::Text)
        }
        _ => false,
    }
}

fn usable(method: &Method) -> bool {
    !method.deprecated
        && method.required().all(is_plain)
        && !matches!(method.request, Some(Body::Raw(_)))
}

/// Returns the methods that examples can call: by resource, standard ones first.
fn methods(api: &Api) -> impl Iterator<Item = (MethodId, &Method)> {
    let ranked = |id: &MethodId| {
        let name = api[*id].name.as_str();
        STANDARD.iter().position(|standard| *standard == name).unwrap_or(STANDARD.len())
    };
    let ordered = move |resource: &crate::ir::ResourceId| {
        let mut ids = api[*resource].methods.clone();
        ids.sort_by_key(ranked);
        ids
    };
    let ids = api.prominence.iter().flat_map(ordered);
    ids.map(|id| (id, &api[id])).filter(|(_, method)| usable(method))
}

/// Returns the first list method with known items, preferring those without a request body.
pub(super) fn list(api: &Api) -> Option<MethodId> {
    let lists = || methods(api).filter(|(_, method)| method.paged_items().is_some());
    lists().find(|(_, m)| m.request.is_none()).or_else(|| lists().next()).map(|(id, _)| id)
}

/// Returns the method of the first call.
pub(super) fn first(api: &Api) -> Option<MethodId> {
    let json = |m: &Method| matches!(m.response, Some(Body::Json(_)));
    let get = |m: &Method| m.verb == Verb::Get && m.request.is_none() && json(m);
    list(api)
        .or_else(|| methods(api).find(|(_, method)| get(method)).map(|(id, _)| id))
        .or_else(|| methods(api).find(|(_, method)| json(method)).map(|(id, _)| id))
        .or_else(|| methods(api).next().map(|(id, _)| id))
}

/// Returns the first method that streams.
pub(super) fn stream(api: &Api) -> Option<MethodId> {
    methods(api).find(|(_, method)| method.streams.is_some()).map(|(id, _)| id)
}

/// Returns the first method with a request whose operation can be awaited, preferring those whose
/// resource is known, and whether it is.
pub(super) fn operation<'a>(cx: &'a Cx<'_>) -> Option<(Make<'a>, bool)> {
    let waited = || methods(cx.api).filter_map(|(id, m)| Some((id, m, m.long_running.as_ref()?)));
    let made = |id, m, target| Some((make_of(cx, id, m)?, target));
    waited()
        .filter(|(.., operation)| operation.target.is_some())
        .find_map(|(id, m, _)| made(id, m, true))
        .or_else(|| waited().find_map(|(id, m, operation)| made(id, m, operation.target.is_some())))
}

/// Returns the first method that accepts content.
pub(super) fn upload(api: &Api) -> Option<MethodId> {
    methods(api).find(|(_, method)| method.media.upload.is_some()).map(|(id, _)| id)
}

/// Returns the first method that returns content.
pub(super) fn download(api: &Api) -> Option<MethodId> {
    methods(api).find(|(_, method)| method.media.download).map(|(id, _)| id)
}

/// Returns the object schema of a body.
fn object<'a>(api: &'a Api, body: &Option<Body>) -> Option<(SchemaId, &'a Object)> {
    let Some(Body::Json(ty)) = body else { return None };
    object_of(api, ty)
}

fn object_of<'a>(api: &'a Api, ty: &Type) -> Option<(SchemaId, &'a Object)> {
    let Type::Object(id) = api.resolve(ty) else { return None };
    match &api[*id].shape {
        Shape::Object(object) => Some((*id, object)),
        Shape::Alias(_) | Shape::Union(_) => None,
    }
}

fn named<'a>(cx: &'a Cx<'_>, id: SchemaId) -> Vec<Named<'a>> {
    match &cx.api[id].shape {
        Shape::Object(object) => object.fields.iter().zip(&cx.names.schema(id).fields).collect(),
        Shape::Alias(_) | Shape::Union(_) => Vec::new(),
    }
}

/// Returns the first text field that callers edit, preferring titles and names.
fn text<'a>(cx: &'a Cx<'_>, id: SchemaId) -> Option<Named<'a>> {
    const NAMES: [&str; 6] = ["name", "id", "kind", "etag", "selfLink", "pageToken"];
    const READ: [&str; 4] = ["displayName", "title", "summary", "description"];
    let settable = |field: &Field| {
        field.ty == Scalar::String
            && !(field.is_output_only() || field.is_deprecated())
            && !NAMES.contains(&field.name.as_str())
    };
    let all: Vec<_> = named(cx, id).into_iter().filter(|(field, _)| settable(field)).collect();
    let read = |name: &&str| all.iter().find(|(field, _)| field.name.as_str() == *name);
    READ.iter().find_map(read).or(all.first()).copied()
}

/// Returns the first creation, or else the first other POST with a request.
pub(super) fn make<'a>(cx: &'a Cx<'_>) -> Option<Make<'a>> {
    makes(cx).next()
}

/// Returns the first creation that refers to no other resource, so that it succeeds in an empty
/// project.
pub(super) fn independent<'a>(cx: &'a Cx<'_>) -> Option<Make<'a>> {
    let named = |make: &Make<'_>| {
        let text = make.value.to_string();
        cx.api.examples.names.values().any(|name| text.contains(name.as_str()))
    };
    makes(cx).find(|make| !named(make)).or_else(|| make(cx))
}

fn makes<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = Make<'a>> {
    let creates = |m: &Method| ["create", "insert", "add"].contains(&m.name.as_str());
    let posts = || methods(cx.api).filter(|(_, method)| method.verb == Verb::Post);
    let creations = posts().filter(move |(_, method)| creates(method));
    let others = posts().filter(move |(_, method)| !creates(method));
    creations.chain(others).filter_map(|(id, method)| make_of(cx, id, method))
}

fn make_of<'a>(cx: &'a Cx<'_>, method: MethodId, m: &'a Method) -> Option<Make<'a>> {
    let Some(Body::Json(ty)) = &m.request else { return None };
    object_of(cx.api, ty)?;
    let value = Examples::new(cx, Purpose::Create(m.id.as_str())).value(ty);
    let is_set = value.as_object().is_some_and(|members| !members.is_empty());
    is_set.then_some(Make { method, ty, value })
}

/// Returns the first PATCH of a resource returned by `get`, if it is clear how the method specifies
/// changes.
pub(super) fn change<'a>(cx: &'a Cx<'_>) -> Option<Change<'a>> {
    methods(cx.api)
        .filter(|(_, method)| method.verb == Verb::Patch)
        .find_map(|(id, method)| change_of(cx, id, method))
}

fn change_of<'a>(cx: &'a Cx<'_>, patch: MethodId, m: &Method) -> Option<Change<'a>> {
    let beside = cx.api[m.resource].methods.iter().map(|id| (*id, &cx.api[*id]));
    let (get, got) = { beside }
        .find(|(_, method)| method.name.as_str() == "get" && usable(method))
        .filter(|(_, method)| method.request.is_none())?;
    let (resource, _) = object(cx.api, &got.response)?;
    let (body, sent) = object(cx.api, &m.request)?;
    let field = text(cx, resource)?;
    let (changed, request, mask) = match m.update? {
        Update::MaskInQuery { param, .. } => (body, None, Some(param)),
        Update::Merge => (body, None, None),
        Update::MaskInBody(_) => {
            let held = &sent.fields[sent.update?.resource];
            (object_of(cx.api, &held.ty)?.0, Some(body), None)
        }
        Update::Replace => return None,
    };
    (changed == resource).then_some(Change { get, patch, resource, field, request, mask })
}
