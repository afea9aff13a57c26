//! Compares documents ignoring their revisions.

use serde_json::Value;

/// Returns `true` if two documents differ only in `revision` and `etag`.
///
/// # Errors
/// Returns an error if a text is not JSON.
pub fn differs_in_revision_only(old: &str, new: &str) -> Result<bool, String> {
    if old == new {
        return Ok(true);
    }
    let parse = |text: &str| {
        let value = serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))?;
        Ok::<Value, String>(without_revision(value))
    };
    Ok(parse(old)? == parse(new)?)
}

/// Removes `revision` and `etag` from a document.
pub(crate) fn without_revision(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.shift_remove("revision");
        map.shift_remove("etag");
    }
    value
}

#[cfg(test)]
mod tests {
    use super::differs_in_revision_only;

    #[test]
    fn only_revision_and_etag_are_ignored() {
        let same = |old, new| differs_in_revision_only(old, new).unwrap();
        assert!(same(r#"{"revision": "1", "a": 1}"#, r#"{"a": 1, "revision": "2", "etag": "x"}"#));
        assert!(!same(r#"{"a": {"revision": "1"}}"#, r#"{"a": {"revision": "2"}}"#));
        assert!(!same(r#"{"a": 1}"#, "{}"));
        assert!(differs_in_revision_only("{}", "{").is_err());
    }
}
