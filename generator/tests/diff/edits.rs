//! Edits of a JSON document, chosen or random.

use discovery_generator::error::pointer;
use serde_json::Value;

/// The original document.
pub(crate) const LIBRARY: &str = include_str!("library.json");

/// A document being edited.
pub(crate) struct Edit(pub(crate) Value);

impl Edit {
    /// Sets a member of an object, or an item of a list, appending past the end.
    pub(crate) fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match self.0.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
            Value::Object(map) => {
                map.insert(key.replace("~1", "/"), value.into());
            }
            Value::Array(items) => {
                let i: usize = key.parse().unwrap();
                if i < items.len() { items[i] = value.into() } else { items.push(value.into()) }
            }
            _ => panic!("no object at {parent}"),
        }
    }

    /// Removes a member or an item.
    pub(crate) fn remove(&mut self, pointer: &str) -> Value {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match self.0.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
            Value::Object(map) => map.shift_remove(&key.replace("~1", "/")).unwrap(),
            Value::Array(items) => items.remove(key.parse().unwrap()),
            _ => panic!("no object at {parent}"),
        }
    }

    /// Moves the value at `from` to `to`.
    pub(crate) fn relocate(&mut self, from: &str, to: &str) {
        let value = self.remove(from);
        self.set(to, value);
    }
}

/// Words with a meaning in documents.
const WORDS: &[&str] = &[
    "string",
    "integer",
    "boolean",
    "array",
    "object",
    "any",
    "int32",
    "int64",
    "double",
    "byte",
    "path",
    "query",
    "GET",
    "POST",
    "Book",
    "Author",
    "Shelf",
    "Tags",
    "Medium",
    "Settings",
    "name",
    "NOVEL",
    "v1/{+name}",
    "v1/{+parent}/books",
    "größe \u{202e}`<b>`",
    "",
];

/// A random edit: index of its position, kind, and index of a word.
pub(crate) type Step = (u16, u8, u16);

/// Applies a random edit.
pub(crate) fn apply(edit: &mut Edit, (place, what, word): Step) {
    let (place, word) = (usize::from(place), usize::from(word));
    let mut all = Vec::new();
    places(&edit.0, String::new(), &mut all);
    let at = &all[place % all.len()];
    let other = &all[(place / 7 + word) % all.len()];
    let word = WORDS[word % WORDS.len()];
    let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    match what % 5 {
        0 => drop(edit.remove(at)),
        1 => edit.set(at, word),
        2 => edit.set(at, word.is_empty()),
        // A copy, next to the original or in place of another value.
        3 => {
            let copy = edit.0.pointer(at).cloned().unwrap_or_default();
            let target =
                if word.len().is_multiple_of(2) { other.clone() } else { pointer(parent, word) };
            if edit.0.pointer(parent).is_some_and(Value::is_object) || target == *other {
                edit.set(&target, copy);
            }
        }
        _ => {
            if edit.0.pointer(parent).is_some_and(Value::is_object) {
                edit.relocate(at, &pointer(parent, word));
            }
        }
    }
}

fn places(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let at = pointer(&at, key);
                out.push(at.clone());
                places(inner, at, out);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                let at = pointer(&at, &i.to_string());
                out.push(at.clone());
                places(inner, at, out);
            }
        }
        _ => {}
    }
}
