//! How a method under a field mask is called with what was edited.

use super::{Docs, code, method};
use crate::ir::{Body, MethodId, Shape, Type};
use crate::rust::ParamNames;

/// What makes the smallest body and its mask, if anything does.
pub(super) fn sentence(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let Some(Body::Json(ty)) = &docs.cx.api[id].request else { return None };
    if let Some(call) = sent(docs, id) {
        return Some(format!(
            "In Rust, {call} sends what differs between two values, and is `None` where nothing does."
        ));
    }
    let Type::Object(request) = docs.cx.api.resolve(ty) else { return None };
    let Shape::Object(object) = &docs.cx.api[*request].shape else { return None };
    object.update?;
    let made = code(&format!("models::{}::between(&old, &new)", docs.cx.names.schema(*request).ty));
    Some(format!(
        "In Rust, {made} makes the request of what differs between two values, and is `None` where nothing does."
    ))
}

/// The call that takes both values, where the mask is a query parameter.
fn sent(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let (m, names) = (&docs.cx.api[id], docs.cx.names.method(id));
    let (mask, between) = (m.update_mask?, names.between.as_ref()?);
    let others = names.params.iter().enumerate().filter(|(at, _)| *at != mask);
    let mut arguments: Vec<String> = others
        .filter_map(|(_, name)| match name {
            ParamNames::Argument(name) => Some(name.to_string()),
            _ => None,
        })
        .collect();
    arguments.extend([&between.old, &between.new].map(|name| format!("&{name}")));
    let resource = method::resource(docs, id);
    Some(code(&format!("client{resource}.{}({})", between.function, arguments.join(", "))))
}
