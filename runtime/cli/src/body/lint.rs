//! Values that contradict the schema but are sent as typed, because the server decides.

use discovery_json::{DateTime, Scalar};
use discovery_runtime::reflect::{EnumInfo, TypeInfo};

use crate::suggest;

/// Suspicious value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lint {
    /// Description, without a final period.
    pub(crate) message: String,
    /// Suggested value.
    pub(crate) instead: Option<String>,
    /// Whether the value is rejected: sending it would require a guess, and no server accepts it.
    pub(crate) rejected: bool,
}

impl Lint {
    fn new(message: String, instead: Option<String>) -> Self {
        Self { message, instead, rejected: false }
    }
}

/// Returns what is suspicious about `text` as a value of the type.
pub(crate) fn check(text: &str, ty: TypeInfo) -> Option<Lint> {
    if let TypeInfo::Enum(info) = ty {
        return enumeration(text, info);
    }
    let scalar = ty.scalar()?;
    let parsed = scalar.parsed()?;
    if scalar.reads(text) {
        return None;
    }
    if scalar == Scalar::Timestamp && Scalar::DateTime.reads(text) {
        return timestamp_of_other_spelling(text);
    }
    let mut message = format!("'{text}' is not {}", parsed.expected);
    if scalar == Scalar::Bytes {
        message.push_str("; '@=FILE' encodes the content of a file");
    }
    Some(Lint::new(message, instead(text.trim(), scalar)))
}

/// Returns the value that is probably meant.
fn instead(text: &str, scalar: Scalar) -> Option<String> {
    let candidates = match scalar {
        Scalar::Timestamp | Scalar::DateTime => {
            let with_t = text.replacen(' ', "T", 1);
            vec![with_t.clone(), format!("{with_t}Z"), format!("{with_t}T00:00:00Z")]
        }
        Scalar::Date => vec![text.get(..10)?.to_owned()],
        Scalar::Duration => vec![meant_duration(text)?],
        Scalar::FieldMask => vec![camel_paths(text)],
        _ => vec![text.to_owned()],
    };
    candidates.into_iter().find(|candidate| scalar.reads(candidate))
}

/// Accepts date-time forms that are not timestamps: local, with a leap second, or in lower case.
fn timestamp_of_other_spelling(text: &str) -> Option<Lint> {
    let time = text.parse::<DateTime>().ok()?;
    if time.is_local() {
        let message = format!(
            "'{text}' has no offset: a timestamp ends with Z for UTC, or with an offset such as \
             -08:00"
        );
        let instead = Some(format!("{text}Z")).filter(|text| Scalar::Timestamp.reads(text));
        return Some(Lint { rejected: true, ..Lint::new(message, instead) });
    }
    let message = format!("'{text}' is not a timestamp (as 2026-01-31T09:30:00Z)");
    Some(Lint::new(message, time.timestamp().map(|time| time.to_utc().to_string())))
}

/// `600` → `600s`, `10m` → `600s`, `2h` → `7200s`, `500ms` → `0.500s`.
fn meant_duration(text: &str) -> Option<String> {
    let candidate = if let Some(millis) = text.strip_suffix("ms") {
        let millis: u64 = millis.parse().ok()?;
        format!("{}.{:03}s", millis / 1000, millis % 1000)
    } else {
        let (number, unit) = match text.strip_suffix(['m', 'h', 'd']) {
            Some(number) => (number, &text[number.len()..]),
            None => (text, ""),
        };
        let factor: i64 = match unit {
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Some(format!("{text}s")),
        };
        format!("{}s", number.parse::<i64>().ok()?.checked_mul(factor)?)
    };
    Some(candidate)
}

/// `display_name, size` → `displayName,size`.
fn camel_paths(text: &str) -> String {
    let path = |path: &str| {
        let segments: Vec<String> = path.split('.').map(|s| snake_to_camel(s.trim())).collect();
        segments.join(".")
    };
    text.split(',').map(|each| path(each.trim())).collect::<Vec<_>>().join(",")
}

fn snake_to_camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        match c {
            '_' | '-' => upper = true,
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

fn enumeration(text: &str, info: &EnumInfo) -> Option<Lint> {
    let names = || info.values.iter().map(|value| value.name);
    if names().any(|name| name == text) {
        return None;
    }
    let mut message = format!("'{text}' is not one of the known values");
    if info.values.len() <= LISTED_VALUES {
        message.push_str(&format!(" ({})", names().collect::<Vec<_>>().join(", ")));
    }
    Some(Lint::new(message, suggest::closest(text, names()).map(str::to_owned)))
}

/// Maximum number of enum values listed in a message.
const LISTED_VALUES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(text: &str, ty: TypeInfo) -> String {
        match check(text, ty) {
            None => "fine".to_owned(),
            Some(lint) => lint.instead.unwrap_or_default(),
        }
    }

    #[test]
    fn formats() {
        for (ty, text, want) in [
            (TypeInfo::Timestamp, "2024-01-02T03:04:05Z", "fine"),
            (TypeInfo::Timestamp, "2024-01-02T03:04:05+02:00", "fine"),
            (TypeInfo::Timestamp, "2024-01-02 03:04:05Z", "2024-01-02T03:04:05Z"),
            (TypeInfo::Timestamp, "2024-01-02", "2024-01-02T00:00:00Z"),
            (TypeInfo::Timestamp, "et", ""),
            (TypeInfo::Timestamp, "2024-01-02T03:04:05", "2024-01-02T03:04:05Z"),
            (TypeInfo::Timestamp, "2024-01-02t03:04:05.5z", "2024-01-02T03:04:05.500Z"),
            (TypeInfo::DateTime, "2024-01-02T03:04:05-08:00", "fine"),
            (TypeInfo::DateTime, "2024-01-02T03:04:05", "fine"),
            (TypeInfo::DateTime, "2024-01-02 03:04:05", "2024-01-02T03:04:05"),
            (TypeInfo::DateTime, "2024-01-02", "2024-01-02T00:00:00Z"),
            (TypeInfo::DateTime, "tomorrow", ""),
            (TypeInfo::Date, "2024-01-02", "fine"),
            (TypeInfo::Date, "2024-01-02T03:04:05Z", "2024-01-02"),
            (TypeInfo::Duration, "1.5s", "fine"),
            (TypeInfo::Duration, "600", "600s"),
            (TypeInfo::Duration, "10m", "600s"),
            (TypeInfo::Duration, "500ms", "0.500s"),
            (TypeInfo::Duration, "abc", ""),
            (TypeInfo::FieldMask, "displayName,size", "fine"),
            (TypeInfo::FieldMask, "display_name, size", "displayName,size"),
            (TypeInfo::Bytes, "aGk=", "fine"),
            (TypeInfo::Bytes, "?", ""),
            (TypeInfo::String, "anything", "fine"),
        ] {
            assert_eq!(instead(text, ty), want, "{text}");
        }
    }
}
