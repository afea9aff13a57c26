//! The places of a document that hold text: its strings, and the names of its members.

use serde_json::Value;
use std::fmt;

/// A place in a document.
pub(super) struct Place {
    /// The JSON pointer of a value.
    pointer: String,
    /// Whether the place is the name of this member, instead of its value.
    name: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.name { "the name of " } else { "" };
        write!(f, "{what}{}", self.pointer)
    }
}

impl Place {
    /// Returns the document with `text` in this place.
    pub(super) fn replace(&self, document: &Value, text: &str) -> Value {
        let mut changed = document.clone();
        if !self.name {
            if let Some(value) = changed.pointer_mut(&self.pointer) {
                *value = Value::String(text.to_owned());
            }
            return changed;
        }
        let (parent, name) = self.pointer.rsplit_once('/').unwrap_or_default();
        let name = name.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(members)) = changed.pointer_mut(parent) {
            // Keeps the position.
            *members = std::mem::take(members)
                .into_iter()
                .map(
                    |(key, value)| {
                        if key == name { (text.to_owned(), value) } else { (key, value) }
                    },
                )
                .collect();
        }
        changed
    }
}

/// Returns all places of a document.
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
        Value::String(_) => places.push(Place { pointer, name: false }),
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
                    places.push(Place { pointer: below.clone(), name: true });
                }
                collect(member, below, places);
            }
        }
        _ => {}
    }
}
