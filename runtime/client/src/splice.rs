//! Replaces one member in JSON text: request bodies are encoded once, and differ between pages only
//! in the token, and between calls only in the request ID.

/// Sets the top-level member `name` of `object` to the string `value`; `None` if the text is not an
/// object.
pub(crate) fn set_member(object: &str, name: &str, value: &str) -> Option<String> {
    let inside = object.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut out = String::with_capacity(object.len() + name.len() + value.len() + 8);
    out.push('{');
    for member in members(inside)? {
        if !is_named(member, name) {
            out.push_str(member);
            out.push(',');
        }
    }
    quote(name, &mut out);
    out.push(':');
    quote(value, &mut out);
    out.push('}');
    Some(out)
}

/// Returns the members of an object as text, without commas.
fn members(inside: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quoted, mut escaped) = (0, 0_usize, false, false);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                found.push(inside.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = inside.get(start..)?;
    if !last.trim().is_empty() {
        found.push(last);
    }
    (depth == 0 && !quoted).then_some(found)
}

fn is_named(member: &str, name: &str) -> bool {
    let key = member.trim_start().strip_prefix('"').unwrap_or_default();
    // An escaped quote in a key does not matter: token members have plain names.
    key.split_once('"').is_some_and(|(key, _)| key == name)
}

fn quote(text: &str, out: &mut String) {
    let mut writer = crate::json::Writer::new();
    writer.string(text);
    out.push_str(writer.as_str());
}

#[cfg(test)]
mod tests {
    use super::set_member;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    #[test]
    fn sets_and_replaces() {
        let table = [
            ("{}", r#"{"pageToken":"t\"1"}"#),
            (" { } ", r#"{"pageToken":"t\"1"}"#),
            (r#"{"a":1}"#, r#"{"a":1,"pageToken":"t\"1"}"#),
            (r#"{"pageToken":"old","a":[1,2]}"#, r#"{"a":[1,2],"pageToken":"t\"1"}"#),
            (
                r#"{"a":{"pageToken":"in"},"b":"x,\"pageToken\":1"}"#,
                r#"{"a":{"pageToken":"in"},"b":"x,\"pageToken\":1","pageToken":"t\"1"}"#,
            ),
        ];
        for (before, after) in table {
            assert_eq!(set_member(before, "pageToken", "t\"1").as_deref(), Some(after));
        }
        for no_object in ["", "[]", "null", "\"{}\"", "{\"a\":[}"] {
            assert_eq!(set_member(no_object, "pageToken", "t"), None, "{no_object}");
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[\\PC\"\\\\{}\\[\\],:]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c\"\\\\]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn changes_only_that_member(
            members in prop::collection::btree_map("(t|[a-c,:{}\"\\\\]{0,4})", json(), 0..5),
            token in "\\PC{0,10}",
        ) {
            let mut object: Map<String, Value> = members.into_iter().collect();
            let text = Value::Object(object.clone()).to_string();
            let changed = set_member(&text, "t", &token).unwrap();
            object.insert("t".into(), token.into());
            let read: Value = serde_json::from_str(&changed).unwrap();
            prop_assert_eq!(read, Value::Object(object));
        }
    }
}
