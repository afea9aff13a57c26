//! Scalar values.

use discovery_json::Form;
use serde_json::{Value, json};

use super::text;
use crate::types::{EnumValue, Kind, Type};

/// Returns a value of a scalar type that suits the name of its place; `None` for a container, or if
/// the server would reject an invented value.
#[must_use]
pub fn scalar<'a, T: Type<'a>>(ty: T, name: &str, default: Option<&str>) -> Option<Value> {
    let scalar = match ty.kind() {
        Kind::Scalar(scalar) => scalar,
        Kind::Any => return Some(json!("value")),
        Kind::Enum => return enumeration(&ty.values()).map(|name| json!(name)),
        Kind::Object | Kind::List(_) | Kind::Map(_) => return None,
    };
    Some(match scalar.form() {
        Form::Bool => json!(true),
        Form::Integer { quoted: false, .. } => json!(count(name, default)),
        Form::Integer { quoted: true, .. } => json!(count(name, default).to_string()),
        Form::Float { .. } => json!(fraction(name)),
        Form::Text => match default.filter(|text| !text.is_empty()) {
            Some(default) => json!(default),
            None => json!(text(name, || None)?),
        },
        Form::Parsed(parsed) => json!(parsed.samples[usize::from(is_end(name))]),
    })
}

/// Returns the first value of an enumeration that means something and is not deprecated.
#[must_use]
pub fn enumeration<'a>(values: &[EnumValue<'a>]) -> Option<&'a str> {
    let means = |name: &str| !name.ends_with("UNSPECIFIED") && !name.ends_with("UNKNOWN");
    let current = || values.iter().filter(|value| !value.deprecated);
    let chosen = current().find(|value| means(value.name)).or_else(|| current().next());
    chosen.or(values.first()).map(|value| value.name)
}

/// Returns `true` if a name is the end of a period, of which the start is in the middle of January.
fn is_end(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("end") || lower.contains("expir") || lower.contains("until")
}

fn count(name: &str, default: Option<&str>) -> i64 {
    if let Some(default) = default.and_then(|text| text.parse().ok()) {
        return default;
    }
    match name {
        "year" => 2026,
        "day" => 15,
        "hours" => 9,
        "minutes" => 30,
        "seconds" | "nanos" | "offset" => 0,
        "pageSize" | "maxResults" | "limit" => 10,
        _ => 1,
    }
}

fn fraction(name: &str) -> f64 {
    match name {
        "latitude" => 37.422,
        "longitude" => -122.084,
        _ => 1.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Sample;

    #[test]
    fn types_and_names_decide() {
        for (ty, name, default, want) in [
            ("boolean", "x", None, json!(true)),
            ("int32", "x", None, json!(1)),
            ("int32", "day", None, json!(15)),
            ("int32", "day", Some("7"), json!(7)),
            ("int64", "pageSize", None, json!("10")),
            ("double", "latitude", None, json!(37.422)),
            ("string", "languageCode", None, json!("en-US")),
            ("string", "kind", Some("drive#file"), json!("drive#file")),
            ("timestamp", "startTime", None, json!("2026-01-15T10:00:00Z")),
            ("timestamp", "expireTime", None, json!("2026-02-15T10:00:00Z")),
        ] {
            assert_eq!(scalar(Sample(ty), name, default), Some(want), "{ty} {name}");
        }
        assert_eq!(scalar(Sample("string"), "pageToken", None), None);
        assert_eq!(scalar(Sample("Pay"), "pay", None), None);
    }

    #[test]
    fn an_enumeration_value_that_means_something() {
        let value = |name, deprecated| EnumValue { name, rust_name: "", deprecated };
        let plain = |name| value(name, false);
        for (values, want) in [
            (&[][..], None),
            (&[plain("X_UNSPECIFIED"), plain("A"), plain("B")], Some("A")),
            (&[plain("UNKNOWN"), value("A", true), plain("B")], Some("B")),
            (&[plain("UNKNOWN"), value("A", true)], Some("UNKNOWN")),
            (&[value("A", true)], Some("A")),
        ] {
            assert_eq!(enumeration(values), want);
        }
    }
}
