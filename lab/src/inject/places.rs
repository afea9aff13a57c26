//! The places of a document that hold text: its strings, and the names of its members.

use serde_json::Value;
use std::fmt;

/// A place in a document.
pub(super) struct Place {
    /// The JSON pointer of a value.
    pointer: String,
    kind: Kind,
}

/// What a place holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Value,
    /// The name of a member, alone.
    Name,
    /// The name of a member, and wherever the document refers to it.
    NameAndUses,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Value => "",
            Kind::Name => "the name of ",
            Kind::NameAndUses => "the name and all uses of ",
        };
        write!(f, "{what}{}", self.pointer)
    }
}

impl Place {
    /// Returns what the place holds.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the place holds a word of the format, such as a type or a reference, and no text.
    pub(super) fn is_word(&self) -> bool {
        let (parent, name) = self.pointer.rsplit_once('/').unwrap_or_default();
        let top = ["/kind", "/discoveryVersion", "/protocol", "/name", "/version", "/id"];
        let words = ["$ref", "type", "format", "location", "httpMethod"];
        let is_member = NAMED.iter().any(|named| parent.ends_with(&format!("/{named}")));
        let is_word = words.contains(&name) && !is_member && parent != "/endpoints/0";
        self.kind == Kind::Value && (top.contains(&self.pointer.as_str()) || is_word)
    }

    /// Returns the document with `text` in this place.
    pub(super) fn replace(&self, document: &Value, text: &str) -> Value {
        let mut changed = document.clone();
        if self.kind == Kind::Value {
            if let Some(value) = changed.pointer_mut(&self.pointer) {
                *value = Value::String(text.to_owned());
            }
            return changed;
        }
        let (parent, name) = self.pointer.rsplit_once('/').unwrap_or_default();
        let name = name.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(members)) = changed.pointer_mut(parent) {
            let renamed =
                |(key, value)| if key == name { (text.to_owned(), value) } else { (key, value) };
            // Keeps the position.
            *members = std::mem::take(members).into_iter().map(renamed).collect();
        }
        if self.kind == Kind::NameAndUses {
            rename(&mut changed, "", &name, text);
        }
        changed
    }
}

/// Renames what refers to a schema, a parameter, or a scope.
fn rename(value: &mut Value, key: &str, old: &str, new: &str) {
    match value {
        Value::String(text)
            if text == old && ["$ref", "id", "parameterOrder", "scopes"].contains(&key) =>
        {
            new.clone_into(text);
        }
        Value::String(text) if ["path", "flatPath"].contains(&key) => {
            for sign in ["", "+"] {
                *text = text.replace(&format!("{{{sign}{old}}}"), &format!("{{{sign}{new}}}"));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, key, old, new)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(key, member)| rename(member, key, old, new));
        }
        _ => {}
    }
}

/// Returns all places of a document; a name comes before what it names.
pub(super) fn all(document: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    places
}

/// Members whose names are names of the API, not words of the format.
const NAMED: [&str; 8] = [
    "schemas",
    "properties",
    "resources",
    "methods",
    "parameters",
    "scopes",
    "annotations",
    "protocols",
];

fn collect(value: &Value, pointer: String, places: &mut Vec<Place>) {
    match value {
        Value::String(_) => places.push(Place { pointer, kind: Kind::Value }),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{at}"), places);
            }
        }
        Value::Object(members) => {
            let named = NAMED.iter().any(|name| pointer.ends_with(&format!("/{name}")));
            for (name, member) in members {
                let below = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                if named {
                    let place = |kind| Place { pointer: below.clone(), kind };
                    places.extend([Kind::Name, Kind::NameAndUses].map(place));
                }
                collect(member, below, places);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_replaced_with_its_uses() {
        let document = json!({
            "schemas": { "A": { "id": "A" }, "B": { "properties": { "a": { "$ref": "A" } } } },
            "methods": { "get": { "path": "{+A}/x", "parameterOrder": ["A"], "description": "A" } }
        });
        let places = all(&document);
        let place = places.iter().find(|p| p.to_string() == "the name and all uses of /schemas/A");
        let changed = place.map(|place| place.replace(&document, "Z"));
        let want = json!({
            "schemas": { "Z": { "id": "Z" }, "B": { "properties": { "a": { "$ref": "Z" } } } },
            "methods": { "get": { "path": "{+Z}/x", "parameterOrder": ["Z"], "description": "A" } }
        });
        assert_eq!(changed, Some(want));
    }

    #[test]
    fn words_of_the_format_are_no_text() {
        let document = json!({
            "name": "x", "endpoints": [{ "location": "y" }],
            "schemas": { "A": { "id": "A", "properties": { "type": { "type": "string" } } } }
        });
        let places = all(&document);
        let words: Vec<String> =
            places.iter().filter(|p| p.is_word()).map(Place::to_string).collect();
        assert_eq!(words, ["/name", "/schemas/A/properties/type/type"]);
    }
}
