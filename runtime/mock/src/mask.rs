//! Update masks.

use discovery_runtime::reflect::{SchemaInfo, TypeInfo};
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::names::snake;
use crate::schema::{additional, field, fields, resolve};

/// An update mask: field paths in JSON spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    paths: Vec<Vec<String>>,
}

impl Mask {
    /// Parses a mask such as `displayName,address.city`, in JSON or protobuf spelling, for
    /// resources of `schema`. `*` selects every field that a client may set.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for a path that is not in the schema.
    pub fn parse(text: &str, schema: &'static SchemaInfo) -> Result<Self, ApiError> {
        let mut paths = Vec::new();
        for path in text.split(',').map(str::trim).filter(|path| !path.is_empty()) {
            if path == "*" {
                paths.extend(fields(schema).iter().map(|field| vec![field.name.to_owned()]));
            } else {
                paths.push(resolve_path(path, schema)?);
            }
        }
        Ok(Self { paths })
    }

    /// Returns the paths as field names from the resource down.
    #[must_use]
    pub fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }

    /// Returns `true` if the mask contains this top-level field or a field below it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.paths.iter().any(|path| path.first().is_some_and(|first| first == name))
    }

    /// Copies the masked fields from `new` to `old`; those absent from `new` are removed.
    pub(crate) fn apply(&self, old: &mut Value, new: &Value) {
        for path in &self.paths {
            copy(path, old, Some(new));
        }
    }
}

fn resolve_path(path: &str, schema: &'static SchemaInfo) -> Result<Vec<String>, ApiError> {
    let mut ty = TypeInfo::Object(schema);
    let mut names = Vec::new();
    for part in path.split('.') {
        let next = match resolve(ty) {
            TypeInfo::Object(schema) => match field(schema, part) {
                Some(field) => Some((field.name.to_owned(), field.ty)),
                None => additional(schema).map(|ty| (part.to_owned(), ty)),
            },
            TypeInfo::Map(item) => Some((part.to_owned(), *item)),
            TypeInfo::Any => Some((part.to_owned(), TypeInfo::Any)),
            _ => None,
        };
        let Some((name, inner)) = next else {
            let text = format!("Invalid update mask: '{path}' is not a path in {}.", schema.name);
            return Err(ApiError::invalid(snake("updateMask"), text));
        };
        names.push(name);
        ty = inner;
    }
    Ok(names)
}

fn copy(path: &[String], old: &mut Value, new: Option<&Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    if !old.is_object() {
        *old = Value::Object(Map::new());
    }
    let Some(members) = old.as_object_mut() else { return };
    let value = new.and_then(|new| new.get(first)).filter(|value| !value.is_null());
    match (rest.is_empty(), value) {
        (true, Some(value)) => drop(members.insert(first.clone(), value.clone())),
        (true, None) => drop(members.remove(first)),
        // The parent is absent, so there is nothing to remove.
        (false, None) if !members.contains_key(first) => {}
        (false, value) => copy(rest, members.entry(first.clone()).or_insert(Value::Null), value),
    }
}

/// Applies a JSON merge patch ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)): the effect of a
/// `PATCH` without a mask ([AIP-134](https://google.aip.dev/134): all populated fields).
pub(crate) fn merge(old: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *old = patch.clone();
        return;
    };
    if !old.is_object() {
        *old = Value::Object(Map::new());
    }
    let Some(members) = old.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Mask {
        let names = text.split('.').map(str::to_owned).collect();
        Mask { paths: vec![names] }
    }

    #[test]
    fn a_mask_changes_only_its_paths() {
        let old = json!({ "a": 1, "b": { "x": 1, "y": 2 } });
        for (mask, new, expected) in [
            ("a", json!({ "a": 2, "b": {} }), json!({ "a": 2, "b": { "x": 1, "y": 2 } })),
            ("a", json!({}), json!({ "b": { "x": 1, "y": 2 } })),
            ("b.x", json!({ "b": { "x": 9, "y": 9 } }), json!({ "a": 1, "b": { "x": 9, "y": 2 } })),
            ("b.x", json!({}), json!({ "a": 1, "b": { "y": 2 } })),
            ("c.d", json!({ "c": { "d": 1 } }), json!({ "a": 1, "b": old["b"], "c": { "d": 1 } })),
            ("c.d", json!({}), old.clone()),
        ] {
            let mut value = old.clone();
            path(mask).apply(&mut value, &new);
            assert_eq!(value, expected, "{mask} {new}");
        }
    }

    #[test]
    fn merging_follows_rfc_7396() {
        let mut value = json!({ "a": "b", "c": { "d": "e", "f": "g" } });
        merge(&mut value, &json!({ "a": "z", "c": { "f": null }, "n": { "m": null, "k": [1] } }));
        assert_eq!(value, json!({ "a": "z", "c": { "d": "e" }, "n": { "k": [1] } }));
    }
}
