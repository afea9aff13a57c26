//! Answers that fit a schema, for methods that the mock does not know how to carry out.

use std::collections::BTreeMap;

use discovery_runtime::reflect::{EnumInfo, FieldInfo, SchemaInfo, TypeInfo};
use serde_json::{Map, Value, json};

use crate::schema::{fields, resolve};

/// How deep a sample goes. Deeper objects are empty, deeper lists and maps left out.
const MAX_DEPTH: usize = 4;

/// What a sample takes from the request.
#[derive(Debug, Default)]
pub(crate) struct Hints<'a> {
    /// Values of text members by name, at the top: `name` from the path, for example.
    pub(crate) texts: BTreeMap<&'a str, &'a str>,
    /// Members to leave out at the top: the token of a next page, which would never end.
    pub(crate) without: Vec<&'a str>,
}

/// A value of this type; always the same one.
pub(crate) fn sample(ty: TypeInfo, hints: &Hints<'_>) -> Value {
    let mut within = Vec::new();
    let mut value = of_type(ty, "", &mut within);
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

fn of_type(ty: TypeInfo, name: &str, within: &mut Vec<&'static str>) -> Value {
    match resolve(ty) {
        TypeInfo::Bool => json!(true),
        TypeInfo::Int32 | TypeInfo::UInt32 => json!(1),
        TypeInfo::Int64 | TypeInfo::UInt64 => json!("1"),
        TypeInfo::Float | TypeInfo::Double => json!(0.5),
        TypeInfo::String => json!(text(name)),
        TypeInfo::Bytes => json!("c2FtcGxl"),
        TypeInfo::Timestamp => json!("2026-01-15T10:00:00Z"),
        TypeInfo::Date => json!("2026-01-15"),
        TypeInfo::Duration => json!("600s"),
        TypeInfo::FieldMask => json!("name"),
        TypeInfo::Any => json!({}),
        TypeInfo::Enum(info) => json!(enum_value(info)),
        TypeInfo::Object(schema) => object(schema, within),
        TypeInfo::List(item) => json!([of_type(*item, name, within)]),
        TypeInfo::Map(item) => json!({ "key": of_type(*item, name, within) }),
    }
}

fn object(schema: &'static SchemaInfo, within: &mut Vec<&'static str>) -> Value {
    let mut members = Map::new();
    within.push(schema.name);
    for field in fields(schema) {
        if !belongs(field, within) {
            continue;
        }
        let value = match field.default {
            Some(default) if field.name == "kind" => json!(default),
            _ => of_type(field.ty, field.name, within),
        };
        members.insert(field.name.to_owned(), value);
    }
    within.pop();
    Value::Object(members)
}

/// An operation of a mock is done and went well. No schema is sampled within itself.
fn belongs(field: &FieldInfo, within: &[&str]) -> bool {
    let is_error_of_operation =
        field.name == "error" && within.last().is_some_and(|name| name.ends_with("Operation"));
    !field.deprecated
        && !is_error_of_operation
        && match innermost(field.ty) {
            TypeInfo::Object(schema) => within.len() < MAX_DEPTH && !within.contains(&schema.name),
            _ => true,
        }
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
