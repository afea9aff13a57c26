//! JSON values as Rust expressions on the generated models.

use crate::emit::Cx;
use crate::ir::{EnumOwner, SchemaId, Shape, Type};
use crate::rust::literal;
use serde_json::{Map, Value};

/// Widest expression that stays on one line.
const LINE: usize = 60;

/// A value of a type as an expression, its further lines indented by `level` steps; `None` where
/// the models cannot say it.
pub(super) fn expression(cx: &Cx<'_>, value: &Value, ty: &Type, level: usize) -> Option<String> {
    match (cx.api.resolve(ty), value) {
        (Type::Object(id), Value::Object(members)) => object(cx, *id, members, level),
        (Type::List(of), Value::Array(items)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| element(cx, item, of, level + 1)).collect();
            Some(bracketed(&items?, level))
        }
        (Type::Map(of), Value::Object(members)) => {
            let pairs: Option<Vec<String>> = (members.iter())
                .map(|(k, v)| {
                    let value = element(cx, v, of, level + 1)?;
                    Some(format!("({}, {value})", literal(k).as_str()))
                })
                .collect();
            Some(bracketed(&pairs?, level))
        }
        (Type::Enum(id), Value::String(text)) => {
            let names = cx.names.enumeration(*id);
            let at = cx.api[*id].values.iter().position(|v| v.name.as_str() == text)?;
            match cx.api[*id].owner {
                EnumOwner::Schema(_) => {
                    Some(format!("models::{}::{}", names.ty, names.variants.get(at)?))
                }
                _ => Some(quoted(text)),
            }
        }
        (scalar, value) => self::scalar(scalar, value),
    }
}

/// An element of a list or map: a container inside a container is beyond the setters.
fn element(cx: &Cx<'_>, value: &Value, ty: &Type, level: usize) -> Option<String> {
    let nested = matches!(cx.api.resolve(ty), Type::List(_) | Type::Map(_));
    if nested { None } else { expression(cx, value, ty, level) }
}

fn object(cx: &Cx<'_>, id: SchemaId, members: &Map<String, Value>, level: usize) -> Option<String> {
    let Shape::Object(object) = &cx.api[id].shape else { return None };
    let names = cx.names.schema(id);
    let start = format!("models::{}::new()", names.ty);
    let (pad, inner) = ("    ".repeat(level + 1), "    ".repeat(level + 2));
    let mut calls = Vec::new();
    for (key, member) in members {
        let at = object.fields.iter().position(|f| f.name.as_str() == key)?;
        let field = &object.fields[at];
        let hugs = matches!(cx.api.resolve(&field.ty), Type::List(_) | Type::Map(_));
        let deeper = if hugs { level + 1 } else { level + 2 };
        let argument = expression(cx, member, &field.ty, deeper)?;
        let setter = &names.fields[at].setter;
        calls.push(if hugs || !argument.contains('\n') {
            format!("{pad}.{setter}({argument})")
        } else {
            format!("{pad}.{setter}(\n{inner}{argument},\n{pad})")
        });
    }
    let line = calls.iter().map(|call| call.trim_start()).fold(start.clone(), |l, c| l + c);
    if calls.len() < 2 && line.len() <= LINE && !line.contains('\n') {
        return Some(line);
    }
    Some(format!("{start}\n{}", calls.join("\n")))
}

fn bracketed(items: &[String], level: usize) -> String {
    let line = format!("[{}]", items.join(", "));
    if !line.contains('\n') {
        return line;
    }
    let (pad, inner) = ("    ".repeat(level), "    ".repeat(level + 1));
    format!("[\n{inner}{},\n{pad}]", items.join(&format!(",\n{inner}")))
}

fn quoted(text: &str) -> String {
    literal(text).as_str().to_owned()
}

fn scalar(ty: &Type, value: &Value) -> Option<String> {
    let parsed = |name: &str| {
        value.as_str().map(|text| format!("{}.parse::<json::{name}>()?", quoted(text)))
    };
    match ty {
        Type::Bool => value.as_bool().map(|b| b.to_string()),
        Type::Int32 => value.as_i64().map(|n| n.to_string()),
        Type::UInt32 => value.as_u64().map(|n| n.to_string()),
        Type::Int64 | Type::UInt64 => value.as_str().map(str::to_owned),
        Type::Double | Type::Float => value.as_f64().map(|n| format!("{n:?}")),
        Type::String | Type::Any => value.as_str().map(quoted),
        Type::Timestamp => parsed("Timestamp"),
        Type::DateTime => parsed("DateTime"),
        Type::Date => parsed("Date"),
        Type::Duration => parsed("Duration"),
        Type::FieldMask => parsed("FieldMask"),
        Type::Bytes => parsed("Bytes"),
        Type::Enum(_) | Type::Object(_) | Type::List(_) | Type::Map(_) => None,
    }
}

/// The text of a parameter as an argument, as the setters of calls take it.
pub(super) fn argument(ty: &Type, text: &str) -> String {
    let parsed = |name: &str| format!("{}.parse::<json::{name}>()?", quoted(text));
    match ty {
        Type::Bool | Type::Int32 | Type::UInt32 | Type::Int64 | Type::UInt64 => text.to_owned(),
        Type::Float | Type::Double => text.to_owned(),
        Type::Timestamp => parsed("Timestamp"),
        Type::DateTime => parsed("DateTime"),
        Type::Date => parsed("Date"),
        Type::Duration => parsed("Duration"),
        Type::FieldMask => format!("&{}", parsed("FieldMask")),
        Type::Bytes => format!("&{}", parsed("Bytes")),
        Type::Any => format!("&json::Json::from({})", quoted(text)),
        Type::String | Type::Enum(_) | Type::Object(_) | Type::List(_) | Type::Map(_) => {
            quoted(text)
        }
    }
}
