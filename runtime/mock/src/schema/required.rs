//! Members that a request must have.

use discovery_runtime::reflect::TypeInfo;
use serde_json::Value;

use super::{fields, resolve};
use crate::error::Violation;
use crate::names::snake;

/// Finds required members that are missing or empty, the empty text and list being the same as
/// "not set" in protobuf. A path for which `ignore` holds is neither demanded nor looked into.
pub(crate) fn missing(
    ty: TypeInfo,
    value: &Value,
    ignore: &dyn Fn(&str) -> bool,
) -> Vec<Violation> {
    let mut found = Vec::new();
    walk(ty, value, "", ignore, &mut found);
    found
}

fn walk(
    ty: TypeInfo,
    value: &Value,
    at: &str,
    ignore: &dyn Fn(&str) -> bool,
    found: &mut Vec<Violation>,
) {
    match (resolve(ty), value) {
        (TypeInfo::Object(schema), Value::Object(members)) => {
            for field in fields(schema) {
                let name = snake(field.name);
                let inner = if at.is_empty() { name } else { format!("{at}.{name}") };
                if ignore(&inner) {
                    continue;
                }
                match members.get(field.name) {
                    Some(value) if !is_empty(value) => walk(field.ty, value, &inner, ignore, found),
                    _ if field.required && !field.output_only => found.push(Violation {
                        description: format!("Required field '{inner}' is not set."),
                        field: inner,
                    }),
                    _ => {}
                }
            }
        }
        (TypeInfo::Map(item), Value::Object(members)) => {
            for (key, value) in members {
                walk(*item, value, &format!("{at}[{key}]"), ignore, found);
            }
        }
        (TypeInfo::List(item), Value::Array(items)) => {
            for (n, value) in items.iter().enumerate() {
                walk(*item, value, &format!("{at}[{n}]"), ignore, found);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
