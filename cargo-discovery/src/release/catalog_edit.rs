//! The version of an API in `discovery/apis.json`, which people write: only the version changes.

use serde_json::Value;

/// The list with another version for `id`.
///
/// # Errors
/// A list whose layout is not understood.
pub(super) fn with_version(list: &str, id: &str, version: &str) -> Result<String, String> {
    let edited = edit(list, id, version).filter(|text| is_right(list, text, id, version));
    edited.ok_or_else(|| {
        format!("discovery/apis.json: set \"version\": \"{version}\" for {id} by hand")
    })
}

fn edit(list: &str, id: &str, version: &str) -> Option<String> {
    let key = list.find(&format!("\"id\": \"{id}\""))?;
    let end = key + list[key..].find('}')?;
    let entry = &list[key..end];
    let (start, stop, text) = match entry.find("\"version\": \"") {
        Some(at) => {
            let start = key + at + "\"version\": \"".len();
            (start, start + list[start..].find('"')?, version.to_owned())
        }
        None => {
            let after = key + list[key..].find(',')?;
            let line = list[..key].rfind('\n')? + 1;
            let indent = &list[line..key];
            let indent = if indent.trim().is_empty() { format!("\n{indent}") } else { " ".into() };
            (after, after, format!(",{indent}\"version\": \"{version}\""))
        }
    };
    Some(format!("{}{text}{}", &list[..start], &list[stop..]))
}

/// Whether nothing but the version changed.
fn is_right(old: &str, new: &str, id: &str, version: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(mut old), Some(new)) = (parse(old), parse(new)) else { return false };
    let Some(apis) = old.get_mut("apis").and_then(Value::as_array_mut) else { return false };
    for api in apis.iter_mut().filter(|a| a.get("id").and_then(Value::as_str) == Some(id)) {
        api["version"] = version.into();
    }
    old == new
}

#[cfg(test)]
mod tests {
    use super::with_version;

    #[test]
    fn the_rest_of_the_list_stays() {
        let bare = "{\n  \"apis\": [\n    {\n      \"id\": \"a:v1\",\n      \"document\": \"a.json\",\n      \"products\": [\"client\"]\n    },\n    { \"id\": \"b:v1\", \"document\": \"b.json\", \"products\": [] }\n  ]\n}\n";
        let first = with_version(bare, "a:v1", "0.2.0+1").unwrap();
        assert_eq!(first, bare.replace("\"a:v1\",", "\"a:v1\",\n      \"version\": \"0.2.0+1\","));
        let again = with_version(&first, "a:v1", "0.3.0").unwrap();
        assert_eq!(again, first.replace("0.2.0+1", "0.3.0"));
        let other = with_version(bare, "b:v1", "0.2.0").unwrap();
        assert_eq!(other, bare.replace("\"b:v1\",", "\"b:v1\", \"version\": \"0.2.0\","));
        assert!(with_version(bare, "c:v1", "1.0.0").unwrap_err().contains("by hand"));
    }
}
