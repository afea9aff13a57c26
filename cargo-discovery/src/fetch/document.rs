//! Validates a fetched document: format, API, and revision.

use crate::diff::without_revision;
use discovery_generator::discovery;
use discovery_generator::error::Report;
use serde_json::{Map, Value};

/// Normalized document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Normal {
    /// Text with sorted keys, two spaces of indentation, and a final newline.
    pub(crate) text: String,
    /// Revision; empty if absent.
    pub(crate) revision: String,
    value: Value,
}

/// Difference from the stored document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// None.
    None,
    /// Only `revision` and `etag`; contains the stored revision.
    OnlyRevision(String),
    /// Only formatting.
    Layout,
    /// Content; contains the stored revision.
    Some(String),
}

/// Parses a document, checks that it describes `id`, and normalizes it.
pub(super) fn normal(bytes: &[u8], id: &str) -> Result<Normal, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| format!("not UTF-8: {e}"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("the response is empty".to_owned());
    }
    if text.starts_with('<') {
        return Err("expected a document, got a web page; check the URL".to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|e| match e.is_eof() {
        true => format!("the document is truncated after {} bytes; fetch it again", bytes.len()),
        false => format!("not JSON: {e}"),
    })?;
    let mut report = Report::new("document");
    let document = discovery::parse(&value, &mut report);
    report.check().map_err(|r| r.to_string())?;
    let document = document.ok_or("not a discovery document")?;
    let found = format!("{}:{}", document.name, document.version);
    if found != id {
        return Err(format!("expected {id}, got {found}"));
    }
    let revision = document.revision.to_owned();
    let value = sorted(value);
    let mut text = serde_json::to_string_pretty(&value).map_err(|e| e.to_string())?;
    text.push('\n');
    Ok(Normal { text, revision, value })
}

/// Sorts objects by key; keeps lists, whose order is significant.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// Compares with the stored text.
pub(super) fn compare(old: &str, new: &Normal, force: bool) -> Result<Change, String> {
    let value: Value = serde_json::from_str(old)
        .map_err(|e| format!("the stored document is not JSON: {e}; fix or delete it"))?;
    let revision = value.get("revision").and_then(Value::as_str).unwrap_or_default().to_owned();
    let value = sorted(value);
    if value == new.value {
        return Ok(if old == new.text { Change::None } else { Change::Layout });
    }
    if is_older(&new.revision, &revision) && !force {
        return Err(format!(
            "revision {} is older than the stored {revision}; use --force to accept it",
            new.revision
        ));
    }
    if without_revision(value) == without_revision(new.value.clone()) {
        return Ok(Change::OnlyRevision(revision));
    }
    Ok(Change::Some(revision))
}

/// Revisions are numeric dates; others are not comparable.
fn is_older(new: &str, old: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    number(new).zip(number(old)).is_some_and(|(new, old)| new < old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_numbers() {
        for (new, old, older) in [
            ("20241217", "20251014", true),
            ("20251014", "20251014", false),
            ("20251014", "20241217", false),
            ("", "20241217", false),
            ("0", "a", false),
        ] {
            assert_eq!(is_older(new, old), older, "{new} {old}");
        }
    }

    #[test]
    fn stored_documents_are_normalized() {
        let text = crate::paths::read(std::path::Path::new("../discovery/jobs-v3.json")).unwrap();
        assert_eq!(normal(text.as_bytes(), "jobs:v3").unwrap().text, text);
    }
}
