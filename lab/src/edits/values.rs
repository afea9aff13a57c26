//! Values of enumerations.

use super::Do;
use super::find::{all, one};
use fastrand::Rng;
use serde_json::{Map, Value};

pub(super) const KINDS: &[(&str, Do)] = &[
    ("a new value", |d, r| {
        let (place, owner) = enumeration(d, r, 1)?;
        for (key, new) in [("enum", "WHAT_IS_NEW"), ("enumDescriptions", "What is new.")] {
            if let Some(list) = owner.get_mut(key).and_then(Value::as_array_mut) {
                list.push(new.into());
            }
        }
        if let Some(flags) = owner.get_mut("enumDeprecated").and_then(Value::as_array_mut) {
            flags.push(false.into());
        }
        Some(place)
    }),
    ("a value goes", |d, r| {
        let (place, owner) = enumeration(d, r, 2)?;
        let n = r.usize(..owner.get("enum")?.as_array()?.len().max(1));
        for key in ["enum", "enumDescriptions", "enumDeprecated"] {
            if let Some(list) = owner.get_mut(key).and_then(Value::as_array_mut)
                && n < list.len()
            {
                list.remove(n);
            }
        }
        Some(place)
    }),
    ("a value under another name", |d, r| {
        let (place, owner) = enumeration(d, r, 1)?;
        let values = owner.get_mut("enum")?.as_array_mut()?;
        let n = r.usize(..values.len().max(1));
        values[n] = "ANOTHER_NAME_OF_IT".into();
        Some(place)
    }),
    ("values in another order", |d, r| {
        let (place, owner) = enumeration(d, r, 2)?;
        for key in ["enum", "enumDescriptions", "enumDeprecated"] {
            if let Some(list) = owner.get_mut(key).and_then(Value::as_array_mut) {
                list.reverse();
            }
        }
        Some(place)
    }),
    ("an enumeration becomes text", |d, r| {
        let (place, owner) = enumeration(d, r, 1)?;
        for key in ["enum", "enumDescriptions", "enumDeprecated"] {
            owner.shift_remove(key);
        }
        Some(place)
    }),
];

/// Finds an enum of a schema with at least this many values.
fn enumeration<'a>(
    document: &'a mut Value,
    random: &mut Rng,
    least: usize,
) -> Option<(String, &'a mut Map<String, Value>)> {
    let fits = |_: &str, value: &Value| {
        let values = value.get("enum").and_then(Value::as_array);
        values.is_some_and(|v| v.len() >= least)
    };
    let places = all(document, "/schemas", &fits);
    one(document, places, random)
}
