//! Comparison of values with those of an independent implementation.

use serde_json::{Map, Value};

/// Returns an error of the kind `kind` unless a condition holds.
pub(super) fn ensure(holds: bool, kind: &str, text: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{kind}: {}", text())) }
}

/// Returns `true` if two values are the same in the protobuf JSON mapping, where numbers and texts of
/// numbers are equal.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => same_members(a, b),
        (Value::Number(_) | Value::String(_), Value::Number(_) | Value::String(_)) => {
            a == b || same_number(&text(a), &text(b))
        }
        _ => a == b,
    }
}

fn same_members(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Compares as doubles, of which a `float` has the first seven digits.
fn same_number(a: &str, b: &str) -> bool {
    const DIGITS: f64 = 1e-6;
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => {
            a == b || (a - b).abs() <= a.abs().max(b.abs()) * DIGITS || (a.is_nan() && b.is_nan())
        }
        _ => false,
    }
}
