//! Answers that fit a schema, for methods that the mock does not know how to carry out.

use std::collections::BTreeMap;

use discovery_runtime::reflect::{EnumInfo, FieldInfo, SchemaInfo, TypeInfo};
use serde_json::{Map, Value, json};

use crate::schema::{fields, resolve};

/// How deep a sample goes. Deeper objects are there only if they are required.
const MAX_DEPTH: usize = 4;

/// What a sample takes from the request.
#[derive(Debug, Default)]
pub(crate) struct Hints<'a> {
    /// Values of text members by name, at the top: `name` from the path, for example.
    pub(crate) texts: BTreeMap<&'a str, &'a str>,
    /// Members to leave out at the top: the token of a next page, which would never end.
    pub(crate) without: Vec<&'a str>,
}

/// A value of this type; always the same one. It has every member that the type requires.
pub(crate) fn sample(ty: TypeInfo, hints: &Hints<'_>) -> Value {
    let mut within = Vec::new();
    let mut value = of_type(ty, "", &mut within).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        for name in &hints.without {
            members.remove(*name);
        }
        for (name, text) in &hints.texts {
            if let Some(member @ Value::String(_)) = members.get_mut(*name)
                && is_text(ty, name)
            {
                *member = Value::String((*text).to_owned());
            }
        }
    }
    value
}

fn is_text(ty: TypeInfo, name: &str) -> bool {
    let TypeInfo::Object(schema) = resolve(ty) else { return false };
    fields(schema).iter().any(|f| f.name == name && matches!(resolve(f.ty), TypeInfo::String))
}

/// `None` for a type that requires itself, which has no finite value.
fn of_type(ty: TypeInfo, name: &str, within: &mut Vec<&'static str>) -> Option<Value> {
    Some(match resolve(ty) {
        TypeInfo::Bool => json!(true),
        TypeInfo::Int32 | TypeInfo::UInt32 => json!(1),
        TypeInfo::Int64 | TypeInfo::UInt64 => json!("1"),
        TypeInfo::Float | TypeInfo::Double => json!(0.5),
        TypeInfo::String => json!(text(name)),
        TypeInfo::Bytes => json!("c2FtcGxl"),
        TypeInfo::Timestamp | TypeInfo::DateTime => json!("2026-01-15T10:00:00Z"),
        TypeInfo::Date => json!("2026-01-15"),
        TypeInfo::Duration => json!("600s"),
        TypeInfo::FieldMask => json!("name"),
        TypeInfo::Any => json!({}),
        TypeInfo::Enum(info) => json!(enum_value(info)),
        TypeInfo::Object(schema) => return object(schema, within),
        TypeInfo::List(item) => json!([of_type(*item, name, within)?]),
        TypeInfo::Map(item) => json!({ "key": of_type(*item, name, within)? }),
    })
}

fn object(schema: &'static SchemaInfo, within: &mut Vec<&'static str>) -> Option<Value> {
    if within.contains(&schema.name) {
        return None;
    }
    within.push(schema.name);
    let mut members = Some(Map::new());
    for field in fields(schema) {
        if !belongs(field, within) {
            continue;
        }
        let value = match field.default {
            Some(default) if field.name == "kind" => Some(json!(default)),
            _ => of_type(field.ty, field.name, within),
        };
        match (value, &mut members) {
            (Some(value), Some(members)) => drop(members.insert(field.name.to_owned(), value)),
            (None, _) if field.required => members = None,
            _ => {}
        }
    }
    within.pop();
    members.map(Value::Object)
}

/// An operation of a mock is done and went well.
fn belongs(field: &FieldInfo, within: &[&str]) -> bool {
    let is_error_of_operation =
        field.name == "error" && within.last().is_some_and(|name| name.ends_with("Operation"));
    let is_too_deep =
        within.len() >= MAX_DEPTH && matches!(innermost(field.ty), TypeInfo::Object(_));
    field.required || !(field.deprecated || is_error_of_operation || is_too_deep)
}

/// The type in the middle of lists and maps.
fn innermost(ty: TypeInfo) -> TypeInfo {
    match resolve(ty) {
        TypeInfo::List(item) | TypeInfo::Map(item) => innermost(*item),
        other => other,
    }
}

/// The first value that says something.
fn enum_value(info: &EnumInfo) -> &'static str {
    let says = |name: &str| !name.ends_with("UNSPECIFIED") && !name.ends_with("UNKNOWN");
    let chosen = info.values.iter().find(|v| says(v.name) && !v.deprecated);
    chosen.or(info.values.first()).map_or("", |value| value.name)
}

fn text(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "languagecode" => "en-US",
        "regioncode" => "US",
        "currencycode" => "USD",
        "timezone" => "UTC",
        "etag" => "\"1\"",
        _ if lower.ends_with("email") => "someone@example.com",
        _ if lower.ends_with("uri") || lower.ends_with("url") || lower.ends_with("link") => {
            "https://example.com/"
        }
        _ => "sample",
    }
}

#[cfg(test)]
#[path = "../tests/common/library.rs"]
mod library;

#[cfg(test)]
mod tests {
    use super::library::field;
    use super::*;
    use crate::schema::{Nulls, coerce, missing};

    #[test]
    fn samples_fit_their_schemas() {
        for schema in library::SCHEMAS {
            let ty = TypeInfo::Object(schema);
            let value = sample(ty, &Hints::default());
            assert_eq!(coerce(ty, &value, Nulls::Drop).unwrap(), value, "{}", schema.name);
            assert!(missing("", ty, &value, &|_| false).is_empty(), "{}", schema.name);
        }
    }

    #[test]
    fn a_type_that_requires_itself_has_no_sample() {
        static CHAIN: SchemaInfo = SchemaInfo {
            name: "Chain",
            rust_name: "Chain",
            description: "",
            shape: discovery_runtime::reflect::Shape::Object {
                fields: &[FieldInfo { required: true, ..field("next", TypeInfo::Object(&CHAIN)) }],
                additional: None,
            },
            deprecated: false,
        };
        assert_eq!(sample(TypeInfo::Object(&CHAIN), &Hints::default()), Value::Null);
    }
}
