//! How a method under a field mask is called with what was edited.

use super::{Docs, code, method};
use crate::ir::{Body, MethodId, Shape, Type};

/// What makes the smallest body and its mask, if anything does.
pub(super) fn sentence(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let what = sends(docs, id).or_else(|| makes(docs, id))?;
    Some(format!(
        "In Rust, {what} what differs between two values, and is `None` where nothing does."
    ))
}

/// The call that takes both values, where the mask is a query parameter.
fn sends(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let (m, names) = (&docs.cx.api[id], docs.cx.names.method(id));
    let (Some(Body::Json(_)), Some(between)) = (&m.request, &names.between) else { return None };
    let values = [&between.old, &between.new];
    let call = method::call(docs, id, &between.function, m.update_mask, values);
    Some(format!("{call} sends"))
}

/// The function of the request, where it holds the value and the mask.
fn makes(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let Some(Body::Json(ty)) = &docs.cx.api[id].request else { return None };
    let Type::Object(request) = docs.cx.api.resolve(ty) else { return None };
    let Shape::Object(object) = &docs.cx.api[*request].shape else { return None };
    object.update?;
    let ty = &docs.cx.names.schema(*request).ty;
    Some(format!("{} makes the request of", code(&format!("models::{ty}::between(&old, &new)"))))
}
