//! Placeholder values in examples, suggestions, and skeletons.

use discovery_describe::sample;
use discovery_describe::{Kind, Type as _};
use discovery_json::Scalar;
use discovery_runtime::reflect::TypeInfo;
use serde_json::{Value, json};

use super::leaves::ANY_KEY;
use super::value;

/// Placeholder for text.
const VALUE: &str = "VALUE";

/// Returns a placeholder of the type.
pub(crate) fn placeholder(ty: TypeInfo) -> String {
    match ty.kind() {
        Kind::List(of) => placeholder(of),
        Kind::Map(of) => format!("{ANY_KEY}={}", placeholder(of)),
        _ => match leaf(ty, "", None) {
            Value::String(text) => text,
            other => other.to_string(),
        },
    }
}

/// Returns a scalar placeholder for a member of this name: the server's default, or else a sample.
pub(crate) fn leaf(ty: TypeInfo, name: &str, default: Option<&str>) -> Value {
    let assumed = default.filter(|text| !text.is_empty());
    if let Some(typed) = assumed.and_then(|text| value::scalar(text, ty).ok()) {
        return typed.value;
    }
    match ty.kind() {
        Kind::Scalar(Scalar::String) | Kind::Any => json!(VALUE),
        _ => sample::scalar(ty, name, None).unwrap_or_else(|| json!(VALUE)),
    }
}
