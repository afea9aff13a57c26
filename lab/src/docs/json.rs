//! Checks JSON on pages: it parses, and fits the schema in the info string of its fence.

use super::Found;
use super::book::Page;
use discovery_json::Scalar;
use serde_json::Value;
use std::str::FromStr;

/// Placeholders of values without a sample.
const PLACEHOLDERS: [&str; 5] = ["A String", "VALUE", "TODO", "xxx", "lorem"];

pub(super) fn check(pages: &[Page], document: &Value, found: &mut Found) {
    for page in pages {
        for block in &page.blocks {
            let mut words = block.info.split(' ');
            let text = match words.next() {
                Some("json") => block.text.clone(),
                Some("jsonc") => without_comments(&block.text),
                _ => continue,
            };
            found.json += 1;
            let value: Value = match serde_json::from_str(&text) {
                Ok(value) => value,
                Err(error) => {
                    found.fault(page, block.line, format!("not JSON: {error}"));
                    continue;
                }
            };
            if let Some(word) = PLACEHOLDERS.iter().find(|word| text.contains(*word)) {
                found.fault(page, block.line, format!("a placeholder: {word}"));
            }
            let Some(name) = words.next() else { continue };
            let schema = &document["schemas"][name];
            if schema.is_null() {
                // The generator names the schemas of inline bodies.
                let written = ["Request", "Response"].iter().any(|end| name.ends_with(end));
                if !written {
                    found.fault(page, block.line, format!("no schema {name}"));
                }
                continue;
            }
            if let Err(message) = fits(document, schema, &value, name) {
                found.fault(page, block.line, message);
            }
        }
    }
}

/// Removes `//` comments from JSON.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let (mut inside, mut escaped, mut end) = (false, false, line.len());
        for (at, c) in line.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if inside => escaped = true,
                '"' => inside = !inside,
                '/' if !inside && line[at..].starts_with("//") => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        out.push_str(&line[..end]);
        out.push('\n');
    }
    out
}

/// Returns `true` if a schema is infinite: an alias, list, or map of itself. Such a schema accepts
/// any value.
fn endless<'d>(document: &'d Value, mut schema: &'d Value) -> bool {
    let all = document["schemas"].as_object().map_or(0, serde_json::Map::len);
    for _ in 0..=64 * (all + 1) {
        schema = match (schema["$ref"].as_str(), schema["type"].as_str()) {
            (Some(name), _) => &document["schemas"][name],
            (_, Some("array")) => &schema["items"],
            (_, Some("object")) if schema["properties"].is_null() => {
                &schema["additionalProperties"]
            }
            _ => return false,
        };
    }
    true
}

/// Checks that a value fits a schema of the document, independently of the generator.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if endless(document, schema) {
        return Ok(());
    }
    if let Some(name) = schema["$ref"].as_str() {
        return fits(document, &document["schemas"][name], value, at);
    }
    let wrong = || Err(format!("{at}: {value} is not of type {}", schema["type"]));
    match (schema["type"].as_str().unwrap_or("any"), value) {
        ("any", _) => Ok(()),
        ("object", Value::Object(members)) => members.iter().try_for_each(|(name, member)| {
            let at = format!("{at}.{name}");
            let own = &schema["properties"][name];
            let other = &schema["additionalProperties"];
            match (own.is_null(), other.is_null(), schema.get("variant").is_some()) {
                (false, ..) => fits(document, own, member, &at),
                (true, false, _) => fits(document, other, member, &at),
                (true, true, true) => Ok(()),
                // An object without declared members accepts anything.
                (true, true, false) if schema["properties"].is_null() => Ok(()),
                (true, true, false) => Err(format!("{at} is not declared")),
            }
        }),
        ("array", Value::Array(items)) => {
            items.iter().try_for_each(|item| fits(document, &schema["items"], item, at))
        }
        ("boolean", Value::Bool(_)) => Ok(()),
        ("integer", Value::Number(n)) if n.is_i64() || n.is_u64() => Ok(()),
        ("number", Value::Number(_)) => Ok(()),
        ("string", Value::String(text)) => string(schema, text, at),
        _ => wrong(),
    }
}

fn string(schema: &Value, text: &str, at: &str) -> Result<(), String> {
    // An empty value list, which some documents have, is no constraint; a format takes precedence
    // over a list.
    let values = schema["enum"].as_array().filter(|values| !values.is_empty());
    if let (Some(values), None) = (values, schema["format"].as_str()) {
        let known = values.iter().any(|v| v.as_str() == Some(text));
        return if known { Ok(()) } else { Err(format!("{at}: {text} is not among the values")) };
    }
    let format = schema["format"].as_str().unwrap_or_default();
    let good = match Scalar::find("string", Some(format)) {
        Some(Scalar::Int64) => i64::from_str(text).is_ok(),
        Some(Scalar::UInt64) => u64::from_str(text).is_ok(),
        Some(scalar) => scalar.reads(text),
        None => true,
    };
    if good { Ok(()) } else { Err(format!("{at}: {text} is not a valid {format}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn comments_are_removed_and_text_is_kept() {
        let text = "{ // one\n  \"a\": \"b // \\\" c\", // two\n  // three\n  \"d\": 1\n}";
        let value: Value = serde_json::from_str(&without_comments(text)).unwrap();
        assert_eq!(value, json!({"a": "b // \" c", "d": 1}));
    }

    #[test]
    fn values_are_checked_against_their_schema() {
        let document = json!({"schemas": {
            "A": {"type": "object", "properties": {
                "when": {"type": "string", "format": "google-datetime"},
                "kind": {"type": "string", "enum": ["X", "Y"]},
                "next": {"$ref": "A"},
                "many": {"type": "array", "items": {"type": "string", "format": "int64"}},
                "map": {"type": "object", "additionalProperties": {"type": "boolean"}}
            }}
        }});
        let test = |value: Value| fits(&document, &document["schemas"]["A"], &value, "A");
        for good in [
            json!({"when": "2026-01-15T10:00:00Z", "kind": "X", "next": {"many": ["1"]}}),
            json!({"map": {"any": true}}),
        ] {
            assert_eq!(test(good), Ok(()));
        }
        for bad in [
            json!({"when": "et"}),
            json!({"kind": "Z"}),
            json!({"next": {"nope": 1}}),
            json!({"many": [1]}),
            json!({"map": {"any": "true"}}),
            json!([]),
        ] {
            assert!(test(bad.clone()).is_err(), "{bad}");
        }
    }
}
