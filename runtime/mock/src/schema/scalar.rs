//! Validation of JSON values against types without fields.

use discovery_runtime::json::{Form, Scalar};
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
    let fits = match (ty, ty.scalar()) {
        (_, Some(scalar)) => formatted(scalar, value),
        (TypeInfo::Enum(info), _) => enumerated(info, value),
        (TypeInfo::Any, _) => Some(value.clone()),
        _ => None,
    };
    fits.ok_or_else(|| Wrong { expected: expected(ty), found: found(ty, value) })
}

/// The canonical form of a value of a scalar format.
fn formatted(scalar: Scalar, value: &Value) -> Option<Value> {
    match scalar.form() {
        Form::Bool => value.as_bool().map(Value::Bool),
        Form::Text => value.as_str().map(Value::from),
        Form::Integer { least, most, quoted } => {
            let number = integer(value).filter(|number| (least..=most).contains(number))?;
            let text = number.to_string();
            if quoted { Some(Value::from(text)) } else { text.parse().ok().map(Value::Number) }
        }
        Form::Float { .. } => float(value),
        // Where a mask applies, each of its paths is checked.
        Form::Parsed(_) if scalar == Scalar::FieldMask => value.as_str().map(Value::from),
        Form::Parsed(parsed) => (parsed.canonical)(value.as_str()?).ok().map(Value::from),
    }
}

fn expected(ty: TypeInfo) -> String {
    let name = match ty {
        TypeInfo::Enum(_) => "TYPE_ENUM",
        TypeInfo::Object(schema) => schema.name,
        TypeInfo::List(_) => "a list",
        TypeInfo::Map(_) => "an object",
        _ => ty.scalar().map_or("TYPE_STRING", |scalar| scalar.info().proto),
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
fn integer(value: &Value) -> Option<i128> {
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
