//! Which methods and fields stand for the API in its guide: always the first that fit, so that a
//! new revision seldom changes the choice.

use crate::emit::Cx;
use crate::ir::{
    Api, Body, Field, Method, MethodId, Object, Param, SchemaId, Shape, Type, Update, Verb,
};
use crate::rust::FieldNames;

/// How many fields an example sets.
const FIELDS: usize = 2;

/// A field with its names.
pub(super) type Named<'a> = (&'a Field, &'a FieldNames);

/// A request that an example builds: fields of the body itself, or of its one object.
pub(super) struct Make<'a> {
    pub(super) method: MethodId,
    pub(super) request: SchemaId,
    /// The object within the request, with the field that holds it.
    pub(super) inner: Option<(Named<'a>, SchemaId)>,
    pub(super) fields: Vec<Named<'a>>,
    /// Whether these are all that the server asks for.
    complete: bool,
}

/// A PATCH that changes one field of a resource which `get` gives.
pub(super) struct Change<'a> {
    pub(super) get: MethodId,
    pub(super) patch: MethodId,
    pub(super) resource: SchemaId,
    pub(super) field: Named<'a>,
    /// The request that holds the resource and its mask, where the body is not the resource.
    pub(super) request: Option<SchemaId>,
    /// The query parameter that the function for two values sets itself.
    pub(super) mask: Option<usize>,
}

/// A parameter that an example can give.
fn is_plain(param: &Param) -> bool {
    use Type::{Bool, Enum, Int32, Int64, String, UInt32, UInt64};
    matches!(param.ty, String | Bool | Int32 | Int64 | UInt32 | UInt64 | Enum(_))
}

fn usable(method: &Method) -> bool {
    !method.deprecated
        && method.required().all(is_plain)
        && !matches!(method.request, Some(Body::Raw(_)))
}

fn methods(api: &Api) -> impl Iterator<Item = (MethodId, &Method)> {
    MethodId::all(api).map(|id| (id, &api[id])).filter(|(_, method)| usable(method))
}

/// The first list whose items are known; those without a request body go before.
pub(super) fn list(api: &Api) -> Option<MethodId> {
    let lists = || methods(api).filter(|(_, method)| method.paged_items().is_some());
    lists().find(|(_, m)| m.request.is_none()).or_else(|| lists().next()).map(|(id, _)| id)
}

/// The method of the first call.
pub(super) fn first(api: &Api) -> Option<MethodId> {
    let json = |m: &Method| matches!(m.response, Some(Body::Json(_)));
    let get = |m: &Method| m.verb == Verb::Get && m.request.is_none() && json(m);
    list(api)
        .or_else(|| methods(api).find(|(_, method)| get(method)).map(|(id, _)| id))
        .or_else(|| methods(api).find(|(_, method)| json(method)).map(|(id, _)| id))
        .or_else(|| methods(api).next().map(|(id, _)| id))
}

/// The object that a body is.
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

/// Whether a server asks a method for a field.
fn must(cx: &Cx<'_>, method: MethodId, field: &Field) -> bool {
    field.is_required_by(cx.api[method].id.as_str()) || field.behavior.required
}

/// Texts that a caller sets: required ones, else the first.
fn texts<'a>(cx: &'a Cx<'_>, method: MethodId, id: SchemaId) -> Vec<Named<'a>> {
    const NAMES: [&str; 6] = ["name", "id", "kind", "etag", "selfLink", "pageToken"];
    let settable = |field: &Field| {
        field.ty == Type::String
            && !(field.is_output_only() || field.is_deprecated())
            && !NAMES.contains(&field.name.as_str())
    };
    let all: Vec<_> = named(cx, id).into_iter().filter(|(field, _)| settable(field)).collect();
    let required: Vec<_> =
        all.iter().copied().filter(|(field, _)| must(cx, method, field)).collect();
    let mut chosen = if required.is_empty() { all } else { required };
    chosen.truncate(FIELDS);
    chosen
}

/// The first creation of which all that is required can be shown, else the first that can be shown
/// at all, else the first such request.
pub(super) fn make<'a>(cx: &'a Cx<'_>) -> Option<Make<'a>> {
    let creates = |m: &Method| {
        let name = m.name.as_str();
        m.verb == Verb::Post && ["create", "insert", "add"].contains(&name)
    };
    let made = |(id, method): (MethodId, &Method)| make_of(cx, id, method);
    let creations = || methods(cx.api).filter(|(_, method)| creates(method)).filter_map(made);
    creations()
        .find(|make| make.complete)
        .or_else(|| creations().next())
        .or_else(|| methods(cx.api).find_map(made))
}

fn make_of<'a>(cx: &'a Cx<'_>, method: MethodId, m: &Method) -> Option<Make<'a>> {
    let (request, _) = object(cx.api, &m.request)?;
    let mut inside = named(cx, request).into_iter().filter_map(|(field, names)| {
        object_of(cx.api, &field.ty).map(|(id, _)| ((field, names), id))
    });
    let fields = texts(cx, method, request);
    if !fields.is_empty() {
        let complete = is_complete(cx, method, request, &fields);
        return Some(Make { method, request, inner: None, fields, complete });
    }
    let (field, id) = inside.next()?;
    let fields = texts(cx, method, id);
    let complete = is_complete(cx, method, id, &fields);
    let inner = Some((field, id));
    (!fields.is_empty()).then_some(Make { method, request, inner, fields, complete })
}

fn is_complete(cx: &Cx<'_>, method: MethodId, id: SchemaId, fields: &[Named<'_>]) -> bool {
    let count = |of: &[Named<'_>]| of.iter().filter(|(field, _)| must(cx, method, field)).count();
    count(&named(cx, id)) == count(fields)
}

/// The first PATCH of what the `get` beside it gives, if it is clear how it says what changes.
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
    let field = *texts(cx, patch, resource).first()?;
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
