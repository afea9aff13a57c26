//! JSON values as Rust expressions on the generated models.

use std::str::FromStr;

use discovery_json::{Bytes, Date, DateTime, Duration, FieldMask, Timestamp};
use discovery_runtime::reflect::TypeInfo;
use serde_json::{Map, Value};

use super::rust_type;
use crate::call::hidden::{Piece, pieces, variables};
use crate::schema::{self, Kind};

/// A Rust string literal; secrets in it are the values of variables.
pub(super) fn literal(text: &str) -> String {
    match pieces(text).as_slice() {
        [Piece::Variable(name)] => format!("std::env::var({name:?})?"),
        _ => with_variables(text, |text| format!("{text:?}")),
    }
}

/// A literal, with calls that put the values of variables in the places of secrets.
fn with_variables(text: &str, literal: impl Fn(&str) -> String) -> String {
    let place = |name: &str| format!("<{name}>");
    let word = |piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Variable(name) => place(name),
    };
    let replaced = |name: &str| format!(".replace({:?}, &std::env::var({name:?})?)", place(name));
    let out = literal(&pieces(text).into_iter().map(word).collect::<String>());
    out + &variables(text).into_iter().map(replaced).collect::<String>()
}

/// JSON as a raw string literal.
fn raw(json: &str) -> String {
    let mut fence = "#".to_owned();
    while json.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    format!("r{fence}\"{json}\"{fence}")
}

/// The text of a parameter as an argument; `None` where the type does not take it.
pub(super) fn typed(text: &str, ty: TypeInfo) -> Option<String> {
    match ty {
        TypeInfo::Bool => bool::from_str(text).ok().map(|flag| flag.to_string()),
        TypeInfo::Int32 | TypeInfo::UInt32 | TypeInfo::Int64 | TypeInfo::UInt64 => {
            i128::from_str(text).ok().map(|number| number.to_string())
        }
        TypeInfo::Float | TypeInfo::Double => float(text),
        TypeInfo::Timestamp
        | TypeInfo::DateTime
        | TypeInfo::Date
        | TypeInfo::Duration
        | TypeInfo::FieldMask
        | TypeInfo::Bytes => parsed(text, ty),
        _ => Some(literal(text)),
    }
}

/// Writes a value of a type; what the models cannot say is read from JSON.
pub(super) fn value(value: &Value, ty: TypeInfo, level: usize, out: &mut String) {
    match plain(value, ty, level) {
        Some(text) => out.push_str(&text),
        None => out.push_str(&from_json(value, ty)),
    }
}

/// Keeps members and values that the model has no place for.
fn from_json(value: &Value, ty: TypeInfo) -> String {
    let name = rust_type(ty).unwrap_or_else(|| "_".to_owned());
    let json = with_variables(&value.to_string(), raw);
    format!("json::from_response::<{name}>({json}.as_bytes())?")
}

fn plain(value: &Value, ty: TypeInfo, level: usize) -> Option<String> {
    match (schema::kind(ty), value) {
        (Kind::Object(fields, _), Value::Object(members)) => {
            let mut calls = Vec::with_capacity(members.len());
            for (key, member) in members {
                let field = fields.iter().find(|field| field.name == key)?;
                let setter = field.rust_name.trim_start_matches("r#");
                // A list's brackets stay on the line of the call: they cost no level.
                let deeper = if member.is_array() || matches!(schema::kind(field.ty), Kind::Map(_))
                {
                    level + 1
                } else {
                    level + 2
                };
                calls.push((setter, member_text(member, field.ty, deeper)?));
            }
            Some(chain(&rust_type(ty)?, &calls, level))
        }
        _ => None,
    }
}

/// Widest expression that stays on one line.
const LINE: usize = 72;

/// `Type::new()` with its setters: on one line if they are short, else a line each.
fn chain(name: &str, calls: &[(&str, String)], level: usize) -> String {
    let mut line = format!("{name}::new()");
    for (setter, argument) in calls {
        line.push_str(&format!(".set_{setter}({argument})"));
    }
    if line.len() <= LINE && !line.contains('\n') && calls.len() < 3 {
        return line;
    }
    let (pad, inner) = ("    ".repeat(level + 1), "    ".repeat(level + 2));
    let mut out = format!("{name}::new()");
    for (setter, argument) in calls {
        let hugs = argument.starts_with('[') || !argument.contains('\n');
        out.push_str(&if hugs {
            format!("\n{pad}.set_{setter}({argument})")
        } else {
            format!("\n{pad}.set_{setter}(\n{inner}{argument},\n{pad})")
        });
    }
    out
}

/// A member's value as the argument of its setter.
fn member_text(value: &Value, ty: TypeInfo, level: usize) -> Option<String> {
    match (schema::kind(ty), value) {
        (Kind::Scalar(ty), value) => scalar(value, ty),
        (Kind::Any, value) => Some(any(value)),
        (Kind::Object(..), Value::Object(_)) => {
            let mut out = String::new();
            self::value(value, ty, level, &mut out);
            Some(out)
        }
        (Kind::List(of), Value::Array(elements)) => list(elements, of, level),
        (Kind::Map(of), Value::Object(members)) => map(members, of, level),
        _ => None,
    }
}

fn list(elements: &[Value], of: TypeInfo, level: usize) -> Option<String> {
    if elements.is_empty() {
        return rust_type(of).map(|name| format!("Vec::<{name}>::new()"));
    }
    let texts = elements_text(elements.iter(), of, level)?;
    Some(bracketed(&texts, level))
}

fn map(members: &Map<String, Value>, of: TypeInfo, level: usize) -> Option<String> {
    if members.is_empty() {
        let name = rust_type(of)?;
        return Some(format!("std::collections::BTreeMap::<String, {name}>::new()"));
    }
    let texts = elements_text(members.values(), of, level)?;
    let pairs: Vec<String> = members
        .keys()
        .zip(texts)
        .map(|(key, text)| format!("({}, {text})", literal(key)))
        .collect();
    Some(bracketed(&pairs, level))
}

/// Elements must be of one Rust type: where one enumeration value is unknown, all are text.
fn elements_text<'v>(
    elements: impl Iterator<Item = &'v Value>,
    of: TypeInfo,
    level: usize,
) -> Option<Vec<String>> {
    let elements: Vec<&Value> = elements.collect();
    if matches!(schema::kind(of), Kind::List(_) | Kind::Map(_)) {
        return None;
    }
    let texts: Option<Vec<String>> =
        elements.iter().map(|element| member_text(element, of, level + 1)).collect();
    let texts = texts?;
    let mixed =
        texts.iter().any(|text| text.starts_with('"')) && texts.iter().any(|t| !t.starts_with('"'));
    if mixed && matches!(of, TypeInfo::Enum(_)) {
        return elements.iter().map(|element| element.as_str().map(literal)).collect();
    }
    Some(texts)
}

fn bracketed(texts: &[String], level: usize) -> String {
    let line = format!("[{}]", texts.join(", "));
    if line.len() <= 80 && !line.contains('\n') {
        return line;
    }
    let inner = "    ".repeat(level + 1);
    let pad = "    ".repeat(level);
    format!("[\n{inner}{},\n{pad}]", texts.join(&format!(",\n{inner}")))
}

fn scalar(value: &Value, ty: TypeInfo) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) if matches!(ty, TypeInfo::Bool) => return Some(flag.to_string()),
        _ => return None,
    };
    let integer = |suffix: &str| i128::from_str(&text).ok().map(|n| format!("{n}{suffix}"));
    match ty {
        TypeInfo::Int32 => integer(""),
        TypeInfo::UInt32 => integer("_u32"),
        TypeInfo::Int64 => integer("_i64"),
        TypeInfo::UInt64 => integer("_u64"),
        TypeInfo::Double => float(&text),
        TypeInfo::Float => float(&text).map(|number| format!("{number}_f32")),
        TypeInfo::Bool => None,
        TypeInfo::Enum(info) if value.is_string() => {
            let known = info.values.iter().find(|known| known.name == text);
            Some(known.map_or_else(
                || literal(&text),
                |known| format!("models::{}::{}", info.rust_name, known.rust_name),
            ))
        }
        TypeInfo::String if value.is_string() => Some(literal(&text)),
        _ if value.is_string() => parsed(&text, ty),
        _ => None,
    }
}

/// A float literal has a dot or an exponent.
fn float(text: &str) -> Option<String> {
    let number = f64::from_str(text).ok().filter(|number| number.is_finite())?;
    Some(format!("{number:?}"))
}

fn any(value: &Value) -> String {
    format!("{}.parse::<json::Json>()?", literal(&value.to_string()))
}

/// A value type read from its text; `None` if it cannot be read.
fn parsed(text: &str, ty: TypeInfo) -> Option<String> {
    let (name, fits) = match ty {
        TypeInfo::Timestamp => ("Timestamp", text.parse::<Timestamp>().is_ok()),
        TypeInfo::DateTime => ("DateTime", text.parse::<DateTime>().is_ok()),
        TypeInfo::Date => ("Date", text.parse::<Date>().is_ok()),
        TypeInfo::Duration => ("Duration", text.parse::<Duration>().is_ok()),
        TypeInfo::FieldMask => ("FieldMask", text.parse::<FieldMask>().is_ok()),
        TypeInfo::Bytes => ("Bytes", text.parse::<Bytes>().is_ok()),
        _ => return None,
    };
    fits.then(|| format!("{}.parse::<json::{name}>()?", literal(text)))
}
