//! Edits `discovery/apis.json`, which people maintain, without changing anything else.

use serde_json::Value;
use std::ops::Range;

/// Sets the version of an API in the catalog.
///
/// # Errors
/// Returns an error if the catalog's layout is not supported.
pub(crate) fn with_version(list: &str, id: &str, version: &str) -> Result<String, String> {
    let edit = |apis: &mut Vec<Value>| {
        for api in apis.iter_mut().filter(|api| is(api, id)) {
            api["version"] = version.into();
        }
    };
    checked(list, set_version(list, id, version), edit).ok_or_else(|| {
        format!("discovery/apis.json: set \"version\": \"{version}\" for {id} by hand")
    })
}

/// Appends an entry to the catalog.
///
/// # Errors
/// Returns an error if the catalog's layout is not supported.
#[cfg(feature = "fetch")]
pub(crate) fn with_entry(list: &str, entry: &Value) -> Result<String, String> {
    checked(list, push(list, entry), |apis| apis.push(entry.clone()))
        .ok_or_else(|| format!("discovery/apis.json: add this to `apis` by hand: {entry}"))
}

/// Removes an entry from the catalog.
///
/// # Errors
/// Returns an error if the catalog's layout is not supported.
pub(crate) fn without_entry(list: &str, id: &str) -> Result<String, String> {
    checked(list, cut(list, id), |apis| apis.retain(|api| !is(api, id)))
        .ok_or_else(|| format!("discovery/apis.json: remove the entry of {id} by hand"))
}

fn is(api: &Value, id: &str) -> bool {
    api.get("id").and_then(Value::as_str) == Some(id)
}

/// Returns the new text if it parses to the old values with the same change applied.
fn checked(old: &str, new: Option<String>, edit: impl Fn(&mut Vec<Value>)) -> Option<String> {
    let new = new?;
    let mut value: Value = serde_json::from_str(old).ok()?;
    edit(value.get_mut("apis")?.as_array_mut()?);
    (serde_json::from_str::<Value>(&new).ok()? == value).then_some(new)
}

/// Positions of the catalog's entries.
struct Layout {
    /// Between the brackets of `apis`.
    inner: Range<usize>,
    entries: Vec<Range<usize>>,
}

/// Scans only brackets and strings.
fn layout(list: &str) -> Option<Layout> {
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    let mut key: Option<(usize, usize)> = None;
    let mut inner: Option<usize> = None;
    let (mut entries, mut start) = (Vec::new(), None);
    for (at, byte) in list.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            if !in_string {
                key = key.map(|(from, _)| (from, at));
            }
            continue;
        }
        match byte {
            b'"' => {
                in_string = true;
                if depth == 1 {
                    key = Some((at + 1, at + 1));
                }
            }
            b'[' if depth == 1 && inner.is_none() && is_apis(list, key) => inner = Some(at + 1),
            b'{' if depth == 2 && inner.is_some() => start = Some(at),
            b'}' if depth == 3 => entries.extend(start.take().map(|from| from..at + 1)),
            b']' if depth == 2 && inner.is_some() => {
                return inner.map(|from| Layout { inner: from..at, entries });
            }
            _ => {}
        }
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_apis(list: &str, key: Option<(usize, usize)>) -> bool {
    key.is_some_and(|(from, to)| list.get(from..to) == Some("apis"))
}

/// Returns the position of an entry.
fn entry(list: &str, layout: &Layout, id: &str) -> Option<usize> {
    let is_it = |range: &Range<usize>| {
        serde_json::from_str::<Value>(&list[range.clone()]).is_ok_and(|api| is(&api, id))
    };
    layout.entries.iter().position(is_it)
}

fn set_version(list: &str, id: &str, version: &str) -> Option<String> {
    let layout = layout(list)?;
    let range = layout.entries[entry(list, &layout, id)?].clone();
    let text = &list[range.clone()];
    let (start, stop, new) = match text.find("\"version\": \"") {
        Some(at) => {
            let start = range.start + at + "\"version\": \"".len();
            (start, start + list[start..].find('"')?, version.to_owned())
        }
        None => {
            let key = range.start + text.find("\"id\"")?;
            let after = key + list[key..].find(',')?;
            let line = list[..key].rfind('\n').map_or(0, |at| at + 1);
            let indent = &list[line..key];
            let indent = if indent.trim().is_empty() { format!("\n{indent}") } else { " ".into() };
            (after, after, format!(",{indent}\"version\": \"{version}\""))
        }
    };
    Some(format!("{}{new}{}", &list[..start], &list[stop..]))
}

#[cfg(feature = "fetch")]
fn push(list: &str, value: &Value) -> Option<String> {
    let layout = layout(list)?;
    match layout.entries.last() {
        None => {
            let Range { start, end } = layout.inner;
            Some(format!("{}\n{}\n  {}", &list[..start], laid_out(value, "    "), &list[end..]))
        }
        Some(last) => {
            let line = list[..last.start].rfind('\n').map_or(0, |at| at + 1);
            let indent = &list[line..last.start];
            let indent = if indent.trim().is_empty() { indent } else { "    " };
            let (before, after) = list.split_at(last.end);
            Some(format!("{before},\n{}{after}", laid_out(value, indent)))
        }
    }
}

/// Returns a catalog without APIs.
#[cfg(feature = "fetch")]
pub(crate) fn list(settings: &Value) -> String {
    let mut lines = lines(settings, "");
    lines.push("  \"apis\": []".to_owned());
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// Formats an entry with one member per line.
#[cfg(feature = "fetch")]
fn laid_out(entry: &Value, indent: &str) -> String {
    format!("{indent}{{\n{}\n{indent}}}", lines(entry, indent).join(",\n"))
}

#[cfg(feature = "fetch")]
fn lines(object: &Value, indent: &str) -> Vec<String> {
    let members = object.as_object().into_iter().flatten();
    let line = |(key, value): (&String, &Value)| {
        let value = match value {
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(Value::to_string).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(map) => {
                let members: Vec<String> =
                    map.iter().map(|(k, v)| format!("{}: {v}", Value::from(k.as_str()))).collect();
                format!("{{ {} }}", members.join(", "))
            }
            other => other.to_string(),
        };
        format!("{indent}  {}: {value}", Value::from(key.as_str()))
    };
    members.map(line).collect()
}

fn cut(list: &str, id: &str) -> Option<String> {
    let layout = layout(list)?;
    let at = entry(list, &layout, id)?;
    let range = match (at.checked_sub(1), layout.entries.get(at + 1)) {
        (None, None) => layout.inner,
        (None, Some(next)) => layout.entries[at].start..next.start,
        (Some(previous), _) => layout.entries[previous].end..layout.entries[at].end,
    };
    Some(format!("{}{}", &list[..range.start], &list[range.end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "fetch")]
    use serde_json::json;

    const BARE: &str = "{\n  \"apis\": [\n    {\n      \"id\": \"a:v1\",\n      \"document\": \"a.json\",\n      \"products\": [\"client\"]\n    },\n    { \"id\": \"b:v1\", \"document\": \"b.json\", \"products\": [] }\n  ]\n}\n";

    #[test]
    fn the_rest_of_the_catalog_is_unchanged() {
        let first = with_version(BARE, "a:v1", "0.2.0+1").unwrap();
        assert_eq!(first, BARE.replace("\"a:v1\",", "\"a:v1\",\n      \"version\": \"0.2.0+1\","));
        let again = with_version(&first, "a:v1", "0.3.0").unwrap();
        assert_eq!(again, first.replace("0.2.0+1", "0.3.0"));
        let other = with_version(BARE, "b:v1", "0.2.0").unwrap();
        assert_eq!(other, BARE.replace("\"b:v1\",", "\"b:v1\", \"version\": \"0.2.0\","));
        assert!(with_version("{\"apis\": {}}", "c:v1", "1.0.0").unwrap_err().contains("by hand"));
    }

    #[cfg(feature = "fetch")]
    #[test]
    fn entries_are_added_and_removed() {
        let new = json!({"id": "c:v1", "document": "c.json", "runtime": {"path": "x"}});
        let three = with_entry(BARE, &new).unwrap();
        let text = "    {\n      \"id\": \"c:v1\",\n      \"document\": \"c.json\",\n      \"runtime\": { \"path\": \"x\" }\n    }";
        assert_eq!(three, BARE.replace("[] }\n", &format!("[] }},\n{text}\n")));
        assert_eq!(without_entry(&three, "c:v1").unwrap(), BARE);
        let mut list = three;
        for id in ["a:v1", "c:v1", "b:v1"] {
            list = without_entry(&list, id).unwrap();
        }
        assert_eq!(list, "{\n  \"apis\": []\n}\n");
        assert_eq!(
            with_entry(&list, &new).unwrap(),
            format!("{{\n  \"apis\": [\n{text}\n  ]\n}}\n")
        );
    }

    #[test]
    fn brackets_in_strings_are_ignored() {
        let list = "{\"header\": \"apis [ { \\\" ]\", \"methods\": [\"{\"], \"apis\": [{\"id\": \"x:v1\", \"header\": \"}]\", \"document\": \"x.json\"}]}";
        let without = without_entry(list, "x:v1").unwrap();
        assert!(without.ends_with("\"apis\": []}"), "{without}");
        let versioned = with_version(list, "x:v1", "2.0.0").unwrap();
        assert!(versioned.contains("\"version\": \"2.0.0\""), "{versioned}");
        assert!(without_entry("[]", "x:v1").is_err());
    }
}
