//! Values that contradict the schema but are sent as typed, because the server decides.

use std::str::FromStr;

use discovery_json::{Bytes, Date, DateTime, Duration, FieldMask, Timestamp};
use discovery_runtime::reflect::{EnumInfo, TypeInfo};

use crate::suggest;

/// Suspicious value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// Description, without a final period.
    pub(crate) message: String,
    /// Suggested value.
    pub(crate) instead: Option<String>,
    /// Whether the value is rejected: sending it would require a guess, and no server accepts it.
    pub(crate) refused: bool,
}

impl Doubt {
    fn new(message: String, instead: Option<String>) -> Self {
        Self { message, instead, refused: false }
    }
}

/// Returns what is suspicious about `text` as a value of the type.
pub(crate) fn about(text: &str, ty: TypeInfo) -> Option<Doubt> {
    match ty {
        TypeInfo::Timestamp if reads::<DateTime>(text) => timestamp_of_other_spelling(text),
        TypeInfo::Timestamp => time::<Timestamp>(text, "a timestamp", "2026-01-31T09:30:00Z"),
        TypeInfo::DateTime => {
            time::<DateTime>(text, "a date and time", "2026-01-31T09:30:00-08:00")
        }
        TypeInfo::Date => date(text),
        TypeInfo::Duration => duration(text),
        TypeInfo::FieldMask => field_mask(text),
        TypeInfo::Bytes => bytes(text),
        TypeInfo::Enum(info) => enumeration(text, info),
        _ => None,
    }
}

/// Accepts date-time forms that are not timestamps: local, with a leap second, or in lower case.
fn timestamp_of_other_spelling(text: &str) -> Option<Doubt> {
    if reads::<Timestamp>(text) {
        return None;
    }
    let time = text.parse::<DateTime>().ok()?;
    if time.is_local() {
        let message = format!(
            "'{text}' has no offset: a timestamp ends with Z for UTC, or with an offset such as \
             -08:00"
        );
        let instead = Some(format!("{text}Z")).filter(|text| reads::<Timestamp>(text));
        return Some(Doubt { refused: true, ..Doubt::new(message, instead) });
    }
    let message = format!("'{text}' is not a timestamp (as 2026-01-31T09:30:00Z)");
    Some(Doubt::new(message, time.timestamp().map(|time| time.to_utc().to_string())))
}

fn time<T: FromStr>(text: &str, what: &str, example: &str) -> Option<Doubt> {
    if reads::<T>(text) {
        return None;
    }
    let with_t = text.trim().replacen(' ', "T", 1);
    let instead = [with_t.clone(), format!("{with_t}Z"), format!("{with_t}T00:00:00Z")]
        .into_iter()
        .find(|candidate| reads::<T>(candidate));
    Some(Doubt::new(format!("'{text}' is not {what} (RFC 3339, as {example})"), instead))
}

fn date(text: &str) -> Option<Doubt> {
    let message = || format!("'{text}' is not a date (as 2026-01-31)");
    let instead = || {
        let day = text.trim().get(..10)?;
        reads::<Date>(day).then(|| day.to_owned())
    };
    (!reads::<Date>(text)).then(|| Doubt::new(message(), instead()))
}

fn duration(text: &str) -> Option<Doubt> {
    if reads::<Duration>(text) {
        return None;
    }
    Some(Doubt::new(
        format!("'{text}' is not a duration (seconds with 's', as 600s or 1.5s)"),
        meant_duration(text.trim()),
    ))
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
            _ => return Some(format!("{text}s")).filter(|text| reads::<Duration>(text)),
        };
        format!("{}s", number.parse::<i64>().ok()?.checked_mul(factor)?)
    };
    Some(candidate).filter(|text| reads::<Duration>(text))
}

fn field_mask(text: &str) -> Option<Doubt> {
    if reads::<FieldMask>(text) {
        return None;
    }
    let camel = text
        .split(',')
        .map(|path| {
            let segments: Vec<String> =
                path.trim().split('.').map(|s| snake_to_camel(s.trim())).collect();
            segments.join(".")
        })
        .collect::<Vec<_>>()
        .join(",");
    Some(Doubt::new(
        format!("'{text}' is not a field mask (comma-joined paths, as displayName,size)"),
        Some(camel).filter(|camel| camel != text && reads::<FieldMask>(camel)),
    ))
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

fn bytes(text: &str) -> Option<Doubt> {
    (!reads::<Bytes>(text)).then(|| {
        Doubt::new(format!("'{text}' is not base64; '@=FILE' encodes the content of a file"), None)
    })
}

fn enumeration(text: &str, info: &EnumInfo) -> Option<Doubt> {
    let names = || info.values.iter().map(|value| value.name);
    if names().any(|name| name == text) {
        return None;
    }
    let mut message = format!("'{text}' is not one of the known values");
    if info.values.len() <= LISTED_VALUES {
        message.push_str(&format!(" ({})", names().collect::<Vec<_>>().join(", ")));
    }
    Some(Doubt::new(message, suggest::closest(text, names()).map(str::to_owned)))
}

/// Maximum number of enum values listed in a message.
const LISTED_VALUES: usize = 6;

fn reads<T: FromStr>(text: &str) -> bool {
    T::from_str(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(text: &str, ty: TypeInfo) -> String {
        match about(text, ty) {
            None => "fine".to_owned(),
            Some(doubt) => doubt.instead.unwrap_or_default(),
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
