//! Validation of JSON values against types without fields.

use std::fmt::Display;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discovery_runtime::json;
use discovery_runtime::reflect::{EnumInfo, TypeInfo};
use serde_json::{Number, Value};

/// Mismatch of a value and its type.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// Expected type as named in Google's messages, for example `TYPE_INT32`.
    pub(crate) expected: String,
    /// The value, with an explanation where needed.
    pub(crate) found: String,
}

/// Returns the canonical form of a value. Numbers may be text and vice versa, as [protobuf's JSON
/// mapping](https://protobuf.dev/programming-guides/json/) allows.
pub(crate) fn canonical(ty: TypeInfo, value: &Value) -> Result<Value, Wrong> {
    let fits = match ty {
        TypeInfo::Bool => value.as_bool().map(Value::Bool),
        TypeInfo::String => value.as_str().map(Value::from),
        TypeInfo::Int32 => integer::<i32>(value).map(Value::from),
        TypeInfo::UInt32 => integer::<u32>(value).map(Value::from),
        TypeInfo::Int64 => integer::<i64>(value).map(|n| Value::from(n.to_string())),
        TypeInfo::UInt64 => integer::<u64>(value).map(|n| Value::from(n.to_string())),
        TypeInfo::Float | TypeInfo::Double => float(value),
        TypeInfo::Enum(info) => enumerated(info, value),
        TypeInfo::Bytes => bytes(value),
        TypeInfo::Timestamp => parsed(value, json::Timestamp::to_utc),
        TypeInfo::DateTime => parsed(value, |time: json::DateTime| time),
        TypeInfo::Date => parsed(value, |date: json::Date| date),
        TypeInfo::Duration => parsed(value, json::Duration::to_canonical),
        TypeInfo::FieldMask => value.as_str().map(Value::from),
        TypeInfo::Any => Some(value.clone()),
        TypeInfo::Object(_) | TypeInfo::List(_) | TypeInfo::Map(_) => None,
    };
    fits.ok_or_else(|| Wrong { expected: expected(ty), found: found(ty, value) })
}

fn expected(ty: TypeInfo) -> String {
    let name = match ty {
        TypeInfo::Bool => "TYPE_BOOL",
        TypeInfo::Int32 => "TYPE_INT32",
        TypeInfo::UInt32 => "TYPE_UINT32",
        TypeInfo::Int64 => "TYPE_INT64",
        TypeInfo::UInt64 => "TYPE_UINT64",
        TypeInfo::Float => "TYPE_FLOAT",
        TypeInfo::Double => "TYPE_DOUBLE",
        TypeInfo::String | TypeInfo::Any | TypeInfo::Date | TypeInfo::DateTime => "TYPE_STRING",
        TypeInfo::Bytes => "TYPE_BYTES",
        TypeInfo::Enum(_) => "TYPE_ENUM",
        TypeInfo::Timestamp => "type.googleapis.com/google.protobuf.Timestamp",
        TypeInfo::Duration => "type.googleapis.com/google.protobuf.Duration",
        TypeInfo::FieldMask => "type.googleapis.com/google.protobuf.FieldMask",
        TypeInfo::Object(schema) => schema.name,
        TypeInfo::List(_) => "a list",
        TypeInfo::Map(_) => "an object",
    };
    name.to_owned()
}

fn found(ty: TypeInfo, value: &Value) -> String {
    match (ty, value) {
        (TypeInfo::Object(_) | TypeInfo::Map(_) | TypeInfo::List(_), value) => value.to_string(),
        (_, Value::Object(_)) => "Starting an object on a scalar field".to_owned(),
        (TypeInfo::Timestamp, Value::String(_)) => format!(
            "{value}: Illegal timestamp format; timestamps must end with 'Z' or have a valid \
             timezone offset."
        ),
        (TypeInfo::Duration, Value::String(_)) => {
            format!("{value}: Illegal duration format; duration must end with 's'")
        }
        (TypeInfo::DateTime, Value::String(_)) => format!(
            "{value}: a date and time must follow RFC 3339, with an offset or, where a time zone \
             stands beside it, without"
        ),
        (TypeInfo::Date, Value::String(_)) => {
            format!("{value}: a date must have the format YYYY-MM-DD")
        }
        (TypeInfo::Bytes, Value::String(_)) => "Base64 decoding failed for the text".to_owned(),
        (_, value) => value.to_string(),
    }
}

/// Parses an integer from a number or text; `5.0` and `5e0` are integers too.
fn integer<T: FromStr>(value: &Value) -> Option<T> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    text.parse().ok().or_else(|| whole(&text)?.parse().ok())
}

/// Returns the digits of a float without a fraction. Above 2^53, floats do not identify an integer.
fn whole(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    exact.then(|| format!("{number:.0}"))
}

fn float(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) if matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity") => {
            Some(value.clone())
        }
        Value::String(text) => {
            let number: f64 = text.parse().ok()?;
            Number::from_f64(number).map(Value::Number)
        }
        _ => None,
    }
}

fn enumerated(info: &EnumInfo, value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if info.values.iter().any(|v| v.name == text) => Some(value.clone()),
        _ => None,
    }
}

/// Accepts both base64 alphabets, padded or not; returns the standard one, as most services do.
fn bytes(value: &Value) -> Option<Value> {
    let decoded: json::Bytes = value.as_str()?.parse().ok()?;
    Some(Value::String(STANDARD.encode(decoded)))
}

/// Parses a value with a text format of its own and returns the spelling that the server stores.
/// Numeric durations and times are rejected.
fn parsed<T: FromStr + Display>(value: &Value, stored: fn(T) -> T) -> Option<Value> {
    let parsed: T = value.as_str()?.parse().ok()?;
    Some(Value::String(stored(parsed).to_string()))
}
