//! Long-running operations in generated calls.

use crate::emit::Cx;
use crate::ir::{
    Api, Body, LongRunning, Method, MethodId, Outcome, PathPart, ResourceId, SchemaId, Shape,
    TargetBy, Type,
};
use crate::rust::{Fragment, Home, Imports, RustIdent, StrLit, literal, text_lines};
use serde::Serialize;
use std::collections::BTreeSet;

/// Waiting for a method's operation.
#[derive(Serialize)]
pub(super) struct OperationView {
    cfg: Option<StrLit>,
    pub(super) result: Fragment,
    poll: Fragment,
    name: StrLit,
    shared: Vec<StrLit>,
    by_status: bool,
    target: Option<TargetView>,
}

/// The resource that the operation is about.
#[derive(Serialize)]
struct TargetView {
    /// Marker of the method that gets it, in the same module.
    get: RustIdent,
    from_link: bool,
}

/// Model that represents an operation.
#[derive(Serialize)]
pub(super) struct ModelView {
    cfg: Option<Fragment>,
    ty: RustIdent,
    /// Whether its end is a status, as in Compute.
    by_status: bool,
    /// The field `metadata`.
    metadata: Option<RustIdent>,
}

pub(super) fn view(cx: &Cx<'_>, id: MethodId, op: &LongRunning, home: Home) -> OperationView {
    let poll = &cx.api[op.poll];
    let mut path: Vec<&str> =
        cx.names.resource_path(cx.api, poll.resource).into_iter().map(RustIdent::as_str).collect();
    path.insert(0, "crate::resources");
    path.push(cx.names.method(op.poll).marker.as_str());
    let result = match &op.result {
        Outcome::Unknown => text_lines(&["json::Json"]).importing(Imports::JSON),
        Outcome::Nothing => text_lines(&["()"]),
        Outcome::Schema(id) => cx.ty(&Type::Object(*id), home),
    };
    let (own, other) = (top(cx.api, cx.api[id].resource), top(cx.api, poll.resource));
    OperationView {
        cfg: other.filter(|other| Some(*other) != own).and_then(|id| cx.resource_cfg(id)),
        result,
        poll: text_lines(&[&path.join("::")]),
        name: literal(operation_param(poll)),
        shared: op.shared.iter().map(|name| literal(name.as_str())).collect(),
        by_status: !cx.api[id].operation,
        target: op.target.map(|target| TargetView {
            get: cx.names.method(target.get).marker.clone(),
            from_link: target.known == TargetBy::Link,
        }),
    }
}

/// Returns the name of the parameter with the operation's name: the last of the path.
fn operation_param(poll: &Method) -> &str {
    let param = poll.path.0.iter().rev().find_map(|part| match part {
        PathPart::Simple(name) | PathPart::Reserved(name) => Some(name.as_str()),
        _ => None,
    });
    param.unwrap_or_default()
}

/// Returns the top-level ancestor of a resource.
fn top(api: &Api, id: ResourceId) -> Option<ResourceId> {
    let mut id = id;
    while let Some(parent) = api[id].parent {
        if parent == Api::ROOT {
            return Some(id);
        }
        id = parent;
    }
    None
}

/// Returns `true` if the result of an operation is deprecated.
pub(super) fn is_deprecated(cx: &Cx<'_>, op: &LongRunning) -> bool {
    matches!(op.result, Outcome::Schema(id) if cx.api[id].deprecated)
}

/// Returns the response models of all methods with awaitable operations.
pub(super) fn models(cx: &Cx<'_>) -> Vec<ModelView> {
    let waited = cx.api.methods.iter().filter(|m| m.long_running.is_some());
    let model = |m: &Method| match &m.response {
        Some(Body::Json(Type::Object(id))) => Some(*id),
        _ => None,
    };
    let models: BTreeSet<(SchemaId, bool)> =
        waited.filter_map(|m| Some((model(m)?, !m.operation))).collect();
    let view = |(id, by_status): (SchemaId, bool)| {
        let names = cx.names.schema(id);
        let metadata = metadata(cx, id).filter(|_| !by_status);
        ModelView { cfg: cx.cfg(id), ty: names.ty.clone(), by_status, metadata }
    };
    models.into_iter().map(view).collect()
}

/// Returns the field `metadata` of an operation.
fn metadata(cx: &Cx<'_>, id: SchemaId) -> Option<RustIdent> {
    let Shape::Object(object) = &cx.api[id].shape else { return None };
    let position = object.fields.iter().position(|field| field.name.as_str() == "metadata")?;
    Some(cx.names.schema(id).fields.get(position)?.field.clone())
}
