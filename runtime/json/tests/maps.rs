//! Maps with explicit nulls.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_types,
    reason = "tests fail by panicking; hash maps are an input"
)]

mod models;

use discovery_json::{self as json, Json, Map, Model};
use models::Company;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

type Labels = Map<String>;

fn labels(text: &str) -> Labels {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn maps_are_encoded_sorted() {
    for (text, want, nulls) in [
        ("{}", "{}", &[][..]),
        (r#"{"a":null}"#, r#"{"a":null}"#, &["a"]),
        (r#"{"c":null,"b":"x","a":null}"#, r#"{"a":null,"b":"x","c":null}"#, &["a", "c"]),
        (r#"{"b":"x","a":null,"c":"y"}"#, r#"{"a":null,"b":"x","c":"y"}"#, &["a"]),
        (r#"{"a":null,"a":"x"}"#, r#"{"a":"x"}"#, &[]),
        (r#"{"a":"x","a": null }"#, r#"{"a":null}"#, &["a"]),
        (r#"{"\"":null}"#, r#"{"\"":null}"#, &["\""]),
    ] {
        let map = labels(text);
        assert_eq!(json::to_string(&map), want);
        assert!(map.nulls().eq(nulls.iter().copied()), "{map:?}");
        assert_eq!(json::from_response::<Labels>(text.as_bytes()).unwrap(), map);
    }
}

#[test]
fn other_literals_are_rejected() {
    for text in [r#"{"a":nul}"#, r#"{"a":nullx}"#, r#"{"a":n}"#, r#"{"a":1}"#, r#"{"a":null"#] {
        assert!(json::from_str::<Labels>(text).is_err(), "{text}");
    }
    let nested = json::from_str::<Map<Vec<String>>>(r#"{"a":[null]}"#);
    assert!(nested.unwrap_err().to_string().contains("null"));
}

#[test]
fn the_last_change_of_a_key_wins() {
    let changes: [(fn(&mut Labels), &str); 14] = [
        (|m| m.set_null("a"), r#"{"a":null}"#),
        (|m| drop(m.insert("a".to_owned(), "y".to_owned())), r#"{"a":"y"}"#),
        (|m| m.set_null("a"), r#"{"a":null}"#),
        (|m| *m.entry("a".to_owned()).or_default() += "z", r#"{"a":"z"}"#),
        (|m| drop(m.remove("a")), "{}"),
        (|m| m.set_null("b"), r#"{"b":null}"#),
        (|m| m.extend([("b", "w".to_owned())]), r#"{"b":"w"}"#),
        (|m| drop(m.remove("b")), "{}"),
        (|m| (m.set_null("c"), m.clear()).1, "{}"),
        // A null replaced by a value does not reappear when the value is removed.
        (|m| m.set_null("d"), r#"{"d":null}"#),
        (|m| drop(m.entry("d".to_owned())), r#"{"d":null}"#),
        (
            |m| {
                m.entry("d".to_owned())
                    .and_modify(|v| v.push('?'))
                    .or_insert("v".to_owned())
                    .clear()
            },
            r#"{"d":""}"#,
        ),
        (|m| m.retain(|_, value| !value.is_empty()), "{}"),
        (|m| m.set_null("d"), r#"{"d":null}"#),
    ];
    let mut map = Labels::from([("a", "x".to_owned())]);
    for (change, want) in changes {
        change(&mut map);
        assert_eq!(json::to_string(&map), want);
        assert_eq!(map, labels(want));
        assert_eq!(map.is_null("a"), want.contains(r#""a":null"#));
    }
}

#[test]
fn values_are_accessible_like_a_btree_map() {
    let mut map = labels(r#"{"a":null,"b":"x"}"#);
    assert_eq!(map["b"], "x");
    assert_eq!((map.len(), map.get("a")), (1, None));
    for (key, value) in &mut map {
        assert_eq!(key, "b");
        value.push('!');
    }
    let pairs: Vec<(&String, &String)> = (&map).into_iter().collect();
    assert_eq!(pairs, map.iter().collect::<Vec<_>>());
    assert_eq!(format!("{map:?}"), r#"{"a": null, "b": "x!"}"#);
    assert_eq!(map.get_mut("b").map(std::mem::take), Some("x!".to_owned()));
    map.values_mut().for_each(|value| value.push_str("x!"));
    let owned: BTreeMap<String, String> = map.into_iter().collect();
    assert_eq!(owned, BTreeMap::from([("b".to_owned(), "x!".to_owned())]));
    assert!(Labels::from(owned) != labels(r#"{"a":null,"b":"x!"}"#));
}

#[test]
fn retain_keeps_nulls() {
    let mut map = labels(r#"{"a":null,"b":"x","c":"y"}"#);
    map.retain(|key, _| key == "b");
    map.iter_mut().for_each(|(_, value)| value.push('!'));
    assert_eq!(json::to_string(&map), r#"{"a":null,"b":"x!"}"#);
}

/// Common collections convert to maps, with conversion of their values.
#[test]
fn maps_convert_from_common_collections() {
    let want = labels(r#"{"a":"x","b":"y"}"#);
    let pairs = [("a", "x"), ("b", "y")];
    assert_eq!(Labels::from(pairs), want);
    assert_eq!(Labels::from(pairs.to_vec()), want);
    assert_eq!(Labels::from(BTreeMap::from(pairs)), want);
    assert_eq!(Labels::from(HashMap::from(pairs)), want);
    assert_eq!(pairs.into_iter().map(|(k, v)| (k, v.to_owned())).collect::<Labels>(), want);
    assert_eq!(Labels::try_from(json!({"a": "x", "b": "y"})).unwrap(), want);
    assert_eq!(Labels::from(want.clone()), want);
    let sizes: Map<i64> = [("a", 1)].into();
    assert_eq!(json::to_string(&sizes), r#"{"a":"1"}"#);
    let serde_json::Value::Object(members) = json!({"n": null, "l": [1]}) else { unreachable!() };
    assert_eq!(json::to_string(&Map::<Json>::from(members)), r#"{"l":[1],"n":null}"#);
}

#[test]
fn serde_preserves_or_rejects_nulls() {
    let text = r#"{"a":null,"b":"x"}"#;
    assert_eq!(json::to_string(&Labels::try_from(json!({"b": "x", "a": null})).unwrap()), text);
    for (value, want) in [
        (json!(["a"]), "expected an object, found a list"),
        (json!("a"), "expected an object, found a string"),
        (json!({"a": 1}), "a: expected a string, found a number"),
    ] {
        let error = Labels::try_from(value).unwrap_err().to_string();
        assert!(error.starts_with(want), "{error}");
    }
}

#[test]
fn null_is_a_value_of_any() {
    let map: Map<Json> = json::from_str(r#"{"a":null}"#).unwrap();
    assert_eq!(map["a"], Json::NULL);
    assert!(!map.is_null("a"));
    assert_eq!(json::to_string(&map), r#"{"a":null}"#);
}

#[test]
fn a_map_without_nulls_is_one_word_larger() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<Labels>(), size_of::<BTreeMap<String, String>>() + word);
}

#[test]
fn models_preserve_nulls_of_maps() {
    let text = r#"{"attrs":{"a":null,"b":{"address":"x"}}}"#;
    let mut company = Company::from_json(text).unwrap();
    assert_eq!(company.to_json(), text);
    let attrs = company.attrs.as_mut().unwrap();
    assert_eq!(attrs["b"].address.as_deref(), Some("x"));
    attrs.set_null("b");
    assert_eq!(company.to_json(), r#"{"attrs":{"a":null,"b":null}}"#);
    assert!(format!("{company:?}").contains("null"));
}

#[test]
fn a_path_leads_to_the_null_of_a_key() {
    for key in ["a", "x.y", "ü", ""] {
        let path = || json::FieldPath::from(Company::TIMES).key(key);
        let company = Company::default().set_null(path());
        assert_eq!(company.to_json(), format!(r#"{{"times":{{"{key}":null}}}}"#));
        assert!(company.is_null(path()));
        assert!(company.times.unwrap().is_null(key));
    }
}

proptest! {
    #[test]
    fn maps_round_trip(entries in prop::collection::btree_map(".{0,3}", any::<Option<i32>>(), 0..8)) {
        let mut map = Map::<i32>::new();
        for (key, value) in &entries {
            match value {
                Some(value) => drop(map.insert(key.clone(), *value)),
                None => map.set_null(key),
            }
        }
        let text = json::to_string(&map);
        prop_assert_eq!(&text, &serde_json::to_string(&entries).unwrap());
        prop_assert_eq!(&json::from_str::<Map<i32>>(&text).unwrap(), &map);
        prop_assert_eq!(map.len() + map.nulls().count(), entries.len());
    }
}
