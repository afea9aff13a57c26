//! Finds and edits positions in a document.

use discovery_generator::error::pointer;
use fastrand::Rng;
use serde_json::{Map, Value};

/// Returns JSON pointers to all matches. `fits` takes the key, or the last part of the pointer, and
/// the value.
pub(super) fn all(
    document: &Value,
    below: &str,
    fits: &dyn Fn(&str, &Value) -> bool,
) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(value) = document.pointer(below) {
        walk(value, below, fits, &mut out);
    }
    out
}

fn walk(value: &Value, at: &str, fits: &dyn Fn(&str, &Value) -> bool, out: &mut Vec<String>) {
    let Value::Object(map) = value else { return };
    for (key, inner) in map {
        let at = pointer(at, key);
        if fits(key, inner) {
            out.push(at.clone());
        }
        walk(inner, &at, fits, out);
    }
}

/// Returns pointers to all matching fields of schemas.
pub(super) fn fields(document: &Value, fits: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let owners = all(document, "/schemas", &|key, value| {
        key == "properties" && value.is_object() && value.get("type").is_none_or(Value::is_object)
    });
    children(document, &owners, fits)
}

/// Returns pointers to all matching methods.
pub(super) fn methods(document: &Value, fits: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let is_method = |value: &Value| value.get("httpMethod").is_some() && fits(value);
    let mut out = all(document, "/resources", &|_, value| is_method(value));
    out.extend(children(document, &["/methods".to_owned()], &is_method));
    out
}

/// Returns pointers to all matching parameters of methods, except global ones, which are not
/// generated.
pub(super) fn params(document: &Value, fits: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let owners: Vec<String> =
        methods(document, &|_| true).into_iter().map(|m| pointer(&m, "parameters")).collect();
    let mut out = children(document, &owners, fits);
    let everywhere = document.get("parameters").and_then(Value::as_object);
    out.retain(|place| {
        let name = place.rsplit('/').next().unwrap_or_default();
        !everywhere.is_some_and(|all| all.contains_key(name))
    });
    out
}

fn children(document: &Value, owners: &[String], fits: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    for owner in owners {
        let Some(Value::Object(map)) = document.pointer(owner) else { continue };
        let fitting = map.iter().filter(|(_, value)| fits(value));
        out.extend(fitting.map(|(key, _)| pointer(owner, key)));
    }
    out
}

/// Returns a random position and its object.
pub(super) fn one<'a>(
    document: &'a mut Value,
    places: Vec<String>,
    random: &mut Rng,
) -> Option<(String, &'a mut Map<String, Value>)> {
    let place = random.choice(&places)?.clone();
    let map = document.pointer_mut(&place)?.as_object_mut()?;
    Some((place, map))
}

/// Returns the parent object of a position, and the key in it.
pub(super) fn owner<'a>(
    document: &'a mut Value,
    place: &str,
) -> Option<(&'a mut Map<String, Value>, String)> {
    let (parent, key) = place.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    Some((document.pointer_mut(parent)?.as_object_mut()?, key))
}

/// Removes a value.
pub(super) fn remove(document: &mut Value, place: &str) -> Option<Value> {
    let (map, key) = owner(document, place)?;
    map.shift_remove(&key)
}

/// Renames a member, keeping its position.
pub(super) fn rename(document: &mut Value, place: &str, name: &str) -> Option<()> {
    let (map, key) = owner(document, place)?;
    if map.contains_key(name) {
        return None;
    }
    let old = std::mem::take(map);
    *map = (old.into_iter())
        .map(|(k, v)| if k == key { (name.to_owned(), v) } else { (k, v) })
        .collect();
    Some(())
}

/// Replaces a string value everywhere.
pub(super) fn replace(value: &mut Value, key: &str, old: &str, new: &str) {
    match value {
        Value::Object(map) => {
            for (k, inner) in map {
                if k == key && inner.as_str() == Some(old) {
                    *inner = new.into();
                } else {
                    replace(inner, key, old, new);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|i| replace(i, key, old, new)),
        _ => {}
    }
}

/// Returns `true` if anything refers to a schema.
pub(super) fn is_used(document: &Value, schema: &str) -> bool {
    match document {
        Value::Object(map) => map
            .iter()
            .any(|(k, v)| (k == "$ref" && v.as_str() == Some(schema)) || is_used(v, schema)),
        Value::Array(items) => items.iter().any(|i| is_used(i, schema)),
        _ => false,
    }
}
