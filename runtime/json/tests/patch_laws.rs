//! Applying a patch by the rules of its standard to the old value results in the new value.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![allow(unreachable_pub, reason = "what the macro writes is public")]

use discovery_json::patch::{MaskDepth, MaskedPatch, MergePatch};
use discovery_json::{self as json, Json, Model};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[derive(Clone, PartialEq)]
struct Thing {
    title: Option<String>,
    inner: Option<Box<Thing>>,
    labels: Option<json::Map<String>>,
    nested: Option<json::Map<json::Map<i32>>>,
    things: Option<json::Map<Thing>>,
    list: Option<Vec<Thing>>,
    any: Option<Json>,
    extra: json::Extra,
}

json::model! {
    Thing = "Thing";
    "title" => title as TITLE;
    "inner" => inner as INNER of Thing;
    "labels" => labels as LABELS;
    "nested" => nested as NESTED;
    "things" => things as THINGS;
    "list" => list as LIST;
    "any" => any as ANY;
}

/// The algorithm of RFC 7396, section 2.
fn merge_patch(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let Value::Object(mut target) = target else {
        return merge_patch(Value::Object(Map::new()), &Value::Object(patch.clone()));
    };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            let old = target.remove(name).unwrap_or_default();
            target.insert(name.clone(), merge_patch(old, value));
        }
    }
    Value::Object(target)
}

/// An update as described in AIP-134: masked fields are copied from the body, or cleared.
fn masked_update(target: &mut Value, body: &Value, mask: &str) {
    for path in split(mask, ',') {
        let names = split(&path, '.').iter().map(|n| n.trim_matches('`').to_owned()).collect();
        update_at(target, Some(body), names);
    }
}

fn update_at(target: &mut Value, body: Option<&Value>, mut names: Vec<String>) {
    let name = names.remove(0);
    let value = body.and_then(|body| body.get(&name));
    let members = target.as_object_mut().expect("a path leads through objects");
    if !names.is_empty() {
        update_at(members.entry(name).or_insert_with(|| json!({})), value, names);
    } else if let Some(value) = value.filter(|value| !value.is_null()) {
        members.insert(name, value.clone());
    } else {
        members.remove(&name);
    }
}

/// Splits outside of backticks.
fn split(text: &str, at: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '`';
        match parts.last_mut() {
            Some(part) if quoted || c != at => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

/// Removes nulls of models, which mean "not set".
fn unset(thing: &mut Value) {
    let Some(members) = thing.as_object_mut() else { return };
    members.retain(|_, value| !value.is_null());
    members.get_mut("inner").map(unset);
    members.get_mut("list").and_then(Value::as_array_mut).into_iter().flatten().for_each(unset);
    let things = members.get_mut("things").and_then(Value::as_object_mut);
    things.into_iter().flat_map(Map::values_mut).for_each(unset);
}

fn value_of(thing: &Thing) -> Value {
    let mut value = thing.to_value().unwrap();
    unset(&mut value);
    value
}

/// Removes nulls of maps as well: a merge patch removes such keys.
fn unset_keys(thing: &mut Value) {
    unset(thing);
    let Some(members) = thing.as_object_mut() else { return };
    members.get_mut("inner").map(unset_keys);
    let things = members.get_mut("list").and_then(Value::as_array_mut);
    things.into_iter().flatten().for_each(unset_keys);
    for name in ["labels", "nested", "things"] {
        let Some(map) = members.get_mut(name).and_then(Value::as_object_mut) else { continue };
        map.retain(|_, value| !value.is_null());
        match name {
            "nested" => {
                let inner = map.values_mut().filter_map(Value::as_object_mut);
                inner.for_each(|inner| inner.retain(|_, value| !value.is_null()));
            }
            "things" => map.values_mut().for_each(unset_keys),
            _ => {}
        }
    }
}

/// Returns `true` if a merge patch can produce `new`: it adds no nulls.
fn can_be_merged(old: Option<&Value>, new: &Value) -> bool {
    new.as_object().into_iter().flatten().all(|(name, value)| {
        let old = old.and_then(|old| old.get(name));
        if value.is_null() { old == Some(&Value::Null) } else { can_be_merged(old, value) }
    })
}

/// Keys, many of which need backticks in a path.
fn names() -> impl Strategy<Value = String> {
    let odd = ["a", "b", "title", "a.b", "x y", "ü", "", "*", "a,b", "`", "inner.title", "a-1"];
    prop::sample::select(odd.to_vec()).prop_map(str::to_owned)
}

fn objects(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let members = prop::collection::btree_map(names(), of, 0..4);
    members.prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), (0..3).prop_map(Value::from), Just(json!("t"))];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array);
        prop_oneof![list, objects(inner.clone()), objects(inner)]
    })
}

/// An object of `Thing`: fields that are set, unset, or null, and undeclared fields.
fn things() -> impl Strategy<Value = Value> {
    let flat = thing(Just(json!({})).boxed());
    flat.prop_recursive(2, 12, 3, |inner| thing(inner.boxed()))
}

fn thing(inner: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let number = (0..3).prop_map(Value::from);
    let text = prop_oneof![Just(json!("t")), Just(json!("u"))];
    let members = (
        maybe(text.clone()),
        maybe(inner.clone()),
        maybe(objects(or_null(text))),
        maybe(objects(or_null(objects(or_null(number))))),
        maybe(objects(or_null(inner.clone()))),
        maybe(prop::collection::vec(inner, 0..3).prop_map(Value::Array)),
        maybe(any_value()),
        prop::collection::btree_map(names(), any_value(), 0..3),
    );
    members.prop_map(|(title, inner, labels, nested, things, list, any, unknown)| {
        let mut all: Map<String, Value> = unknown.into_iter().collect();
        let declared = [
            ("title", title),
            ("inner", inner),
            ("labels", labels),
            ("nested", nested),
            ("things", things),
            ("list", list),
            ("any", any),
        ];
        all.remove("title");
        all.extend(declared.into_iter().filter_map(|(name, v)| Some((name.to_owned(), v?))));
        Value::Object(all)
    })
}

fn or_null(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 3 => of]
}

/// Unset, null, or a value.
fn maybe(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Option<Value>> {
    prop_oneof![Just(None), Just(Some(Value::Null)), of.prop_map(Some)]
}

fn read(value: &Value) -> Thing {
    Thing::from_value(value).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// A pair of similar things.
fn pairs() -> impl Strategy<Value = (Thing, Thing)> {
    (things(), things(), any::<[bool; 8]>()).prop_map(|(old, new, keep)| {
        let mut mixed = new.as_object().cloned().unwrap_or_default();
        for ((name, value), keep) in old.as_object().into_iter().flatten().zip(keep) {
            if keep {
                mixed.insert(name.clone(), value.clone());
            }
        }
        (read(&old), read(&Value::Object(mixed)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merge_patches_produce_the_new_value((old, new) in pairs()) {
        let (mut before, mut after) = (value_of(&old), value_of(&new));
        unset_keys(&mut before);
        unset_keys(&mut after);
        match MergePatch::between(&old, &new) {
            Ok(None) => prop_assert_eq!(before, after),
            Ok(Some(patch)) => {
                let patch = patch.body.to_value().unwrap();
                // Stored values may also have nulls of models.
                let mut merged = merge_patch(old.to_value().unwrap(), &patch);
                unset_keys(&mut merged);
                prop_assert_eq!(merged, after, "{}", patch);
            }
            Err(error) => {
                prop_assert!(!can_be_merged(Some(&before), &after), "{} of {}", error, after);
                prop_assert!(error.to_string().contains("RFC 7396"), "{error}");
            }
        }
    }

    #[test]
    fn masked_patches_produce_the_new_value((old, new) in pairs(), nested: bool) {
        let (before, after) = (value_of(&old), value_of(&new));
        let depth = if nested { MaskDepth::Nested } else { MaskDepth::TopLevel };
        match MaskedPatch::between(&old, &new, depth) {
            Ok(None) => prop_assert_eq!(before, after),
            Ok(Some(patch)) => {
                let (mask, body) = (patch.mask.to_string(), patch.body.to_value().unwrap());
                let mut updated = before;
                masked_update(&mut updated, &body, &mask);
                unset(&mut updated);
                prop_assert_eq!(updated, after, "{} {}", mask, body);
                let deep = |path: &String| split(path, '.').len() > 1;
                prop_assert!(nested || !patch.mask.paths().iter().any(deep), "{}", mask);
            }
            Err(error) => {
                prop_assert_eq!(error.path(), "```");
                prop_assert!(old.extra.get("`") != new.extra.get("`"), "{}", error);
            }
        }
    }

    #[test]
    fn a_masked_body_fits_the_model((old, new) in pairs()) {
        if let Ok(Some(patch)) = MaskedPatch::between(&old, &new, MaskDepth::Nested) {
            let held: Thing = patch.body.decode().unwrap();
            prop_assert_eq!(Json::encode(&held), patch.body);
        }
    }
}

#[test]
fn nulls_of_keys() {
    for (old, new, merged, masked) in [
        ("{}", r#"{"a":null}"#, r#"{"labels":{"a":null}}"#, r#"{"labels":{"a":null}}"#),
        (r#"{"a":"x"}"#, r#"{"a":null}"#, r#"{"labels":{"a":null}}"#, r#"{"labels":{"a":null}}"#),
        (r#"{"a":null}"#, "{}", r#"{"labels":{"a":null}}"#, r#"{"labels":{}}"#),
        (r#"{"a":null}"#, r#"{"a":"x"}"#, r#"{"labels":{"a":"x"}}"#, r#"{"labels":{"a":"x"}}"#),
        (
            r#"{"a":null}"#,
            r#"{"a":null,"b":"x"}"#,
            r#"{"labels":{"b":"x"}}"#,
            r#"{"labels":{"a":null,"b":"x"}}"#,
        ),
    ] {
        let thing = |map: &str| Thing::from_json(&format!(r#"{{"labels":{map}}}"#)).unwrap();
        let (old, new) = (thing(old), thing(new));
        assert_eq!(MergePatch::between(&new, &new), Ok(None));
        assert_eq!(MergePatch::between(&old, &new).unwrap().unwrap().body.as_str(), merged);
        let patch = MaskedPatch::between(&old, &new, MaskDepth::Nested).unwrap().unwrap();
        assert_eq!((patch.body.as_str(), patch.mask.to_string().as_str()), (masked, "labels"));
    }
}

#[test]
fn a_null_that_is_a_value_cannot_be_merged() {
    let map = |text: &str| json::from_str::<json::Map<Json>>(text).unwrap();
    let error = MergePatch::between(&map("{}"), &map(r#"{"a":null}"#)).unwrap_err();
    assert!(error.to_string().starts_with("a: "), "{error}");
    let mut gone = map("{}");
    gone.set_null("a");
    let patch = MergePatch::between(&map(r#"{"a":1}"#), &gone).unwrap().unwrap();
    assert_eq!(patch.body.as_str(), r#"{"a":null}"#);
}
