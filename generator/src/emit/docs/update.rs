//! Documentation of calls that send the edited fields of a resource.

use super::{Docs, code, method};
use crate::ir::{Body, MaskDepth, Method, MethodId, Shape, Type, Update};

/// Effect of the body under a mask.
const MASKED: &str = "The server updates the fields in the field mask and keeps the others \
    ([AIP-134](https://google.aip.dev/134)). Maps and lists are replaced as a whole.";
const TOP_LEVEL: &str = "The mask of this method contains only top-level fields of the resource: \
    nested objects are replaced as a whole.";
const MERGED: &str = "The body is a JSON merge patch \
    ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)): absent fields are unchanged, `null` removes \
    fields and map keys, and lists are replaced as a whole.";
const REPLACED: &str = "The body replaces the resource: send the complete resource, as received and then \
    modified.";

/// Explains the body and the call that sends the difference between two values.
pub(super) fn lines(docs: &Docs<'_>, id: MethodId) -> Vec<String> {
    let m = &docs.cx.api[id];
    let Some(update) = m.update else { return Vec::new() };
    let (meaning, depth, rust) = match update {
        Update::MaskInQuery { param, depth } => {
            (MASKED, depth, between(docs, id, Some(param)).map(|call| format!("{call} sends")))
        }
        Update::MaskInBody(held) => (
            MASKED,
            held.depth,
            request_function(docs, m).map(|call| format!("{call} creates the request with")),
        ),
        Update::Merge => {
            let call = between(docs, id, None);
            (MERGED, MaskDepth::Nested, call.map(|call| format!("{call} sends")))
        }
        Update::Replace => (REPLACED, MaskDepth::Nested, None),
    };
    let shallow = (depth == MaskDepth::TopLevel).then(|| TOP_LEVEL.to_owned());
    let rust = rust.map(|what| {
        format!(
            "In Rust, {what} the difference between two values; it is `None` if nothing differs."
        )
    });
    [Some(meaning.to_owned()), shallow, rust].into_iter().flatten().collect()
}

/// Formats the call that takes both values.
fn between(docs: &Docs<'_>, id: MethodId, mask: Option<usize>) -> Option<String> {
    let between = docs.cx.names.method(id).between.as_ref()?;
    let values = [&between.old, &between.new];
    Some(method::call(docs, id, &between.function, mask, values))
}

/// Names the request function that computes value and mask.
fn request_function(docs: &Docs<'_>, m: &Method) -> Option<String> {
    let Some(Body::Json(ty)) = &m.request else { return None };
    let Type::Object(request) = docs.cx.api.resolve(ty) else { return None };
    let Shape::Object(object) = &docs.cx.api[*request].shape else { return None };
    object.update?;
    let ty = &docs.cx.names.schema(*request).ty;
    Some(code(&format!("models::{ty}::between(&old, &new)")))
}
