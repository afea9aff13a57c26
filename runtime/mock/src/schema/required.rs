//! Required fields of requests.

use discovery_runtime::reflect::{FieldInfo, TypeInfo};
use serde_json::Value;

use super::{fields, resolve};
use crate::error::Violation;
use crate::names::snake;

/// Finds required fields that are missing or empty, since protobuf treats empty text and lists as
/// not set. Paths for which `ignore` returns `true` are skipped, except for fields that the
/// document requires for this method.
pub(crate) fn missing(
    method: &str,
    ty: TypeInfo,
    value: &Value,
    ignore: &dyn Fn(&str) -> bool,
) -> Vec<Violation> {
    let mut found = Vec::new();
    Demands { method, ignore }.walk(ty, value, "", &mut found);
    found
}

struct Demands<'a> {
    method: &'a str,
    ignore: &'a dyn Fn(&str) -> bool,
}

impl Demands<'_> {
    fn walk(&self, ty: TypeInfo, value: &Value, at: &str, found: &mut Vec<Violation>) {
        match (resolve(ty), value) {
            (TypeInfo::Object(schema), Value::Object(members)) => {
                for field in fields(schema) {
                    let name = snake(field.name);
                    let inner = if at.is_empty() { name } else { format!("{at}.{name}") };
                    self.member(field, members.get(field.name), inner, found);
                }
            }
            (TypeInfo::Map(item), Value::Object(members)) => {
                for (key, value) in members {
                    self.walk(*item, value, &format!("{at}[{key}]"), found);
                }
            }
            (TypeInfo::List(item), Value::Array(items)) => {
                for (n, value) in items.iter().enumerate() {
                    self.walk(*item, value, &format!("{at}[{n}]"), found);
                }
            }
            _ => {}
        }
    }

    fn member(
        &self,
        field: &FieldInfo,
        value: Option<&Value>,
        at: String,
        found: &mut Vec<Violation>,
    ) {
        let ignored = (self.ignore)(&at);
        match value.filter(|value| !is_empty(value)) {
            Some(_) if ignored => {}
            Some(value) => self.walk(field.ty, value, &at, found),
            None => {
                let by_method = field.required_by.contains(&self.method);
                if by_method || (field.required && !ignored && !field.output_only) {
                    found.push(Violation {
                        description: format!("Required field '{at}' is not set."),
                        field: at,
                    });
                }
            }
        }
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
