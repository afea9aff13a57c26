//! The three states of a field in a PATCH, and the smallest body and mask between two values.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod models;

use discovery_json::patch::{MaskDepth, MaskedPatch, MergePatch};
use discovery_json::{Field, FieldMask, Json, Map, Model, from_str, to_string};
use models::Company;

const OLD: &str = r#"{"displayName":"Acme","suspended":true,"size":"BIG","ids":["1","2"],"derivedInfo":{"address":"Main St","latitude":1.5,"inner":{"address":"x"}},"offices":[{"address":"a"}],"attrs":{"k":{"address":"b"}},"metadata":{"a":1},"count":3,"later":{"b":[1]}}"#;

/// Edits of `OLD`, with the expected body and mask.
const EDITS: &[(&str, fn(&mut Company), &str, &str)] = &[
    ("nothing", |_| {}, "{}", ""),
    (
        "set",
        |c| c.display_name = Some("Ajax".to_owned()),
        r#"{"displayName":"Ajax"}"#,
        "displayName",
    ),
    ("clear", |c| c.display_name = None, r#"{"displayName":null}"#, "displayName"),
    (
        "set nested",
        |c| c.derived_info.as_mut().unwrap().address = Some("Elm St".to_owned()),
        r#"{"derivedInfo":{"address":"Elm St"}}"#,
        "derivedInfo.address",
    ),
    (
        "clear nested",
        |c| c.derived_info.as_mut().unwrap().latitude = None,
        r#"{"derivedInfo":{"latitude":null}}"#,
        "derivedInfo.latitude",
    ),
    (
        "clear two deep",
        |c| c.derived_info.as_mut().unwrap().inner.as_mut().unwrap().address = None,
        r#"{"derivedInfo":{"inner":{"address":null}}}"#,
        "derivedInfo.inner.address",
    ),
    ("clear an object", |c| c.derived_info = None, r#"{"derivedInfo":null}"#, "derivedInfo"),
    ("empty list", |c| c.ids = Some(vec![]), r#"{"ids":[]}"#, "ids"),
    ("clear a list", |c| c.ids = None, r#"{"ids":null}"#, "ids"),
    ("grow a list", |c| c.ids.as_mut().unwrap().push(3), r#"{"ids":["1","2","3"]}"#, "ids"),
    (
        "change inside a list",
        |c| c.offices.as_mut().unwrap()[0].latitude = Some(0.0),
        r#"{"offices":[{"address":"a","latitude":0}]}"#,
        "offices",
    ),
    ("empty map", |c| c.attrs = Some(Map::new()), r#"{"attrs":{}}"#, "attrs"),
    (
        "change inside a map",
        |c| c.attrs.as_mut().unwrap().get_mut("k").unwrap().address = None,
        r#"{"attrs":{"k":{}}}"#,
        "attrs",
    ),
    ("zero", |c| c.count = Some(0), r#"{"count":0}"#, "count"),
    ("false", |c| c.suspended = Some(false), r#"{"suspended":false}"#, "suspended"),
    (
        "a null inside any",
        |c| c.metadata = Some(r#"{"a":null}"#.parse().unwrap()),
        r#"{"metadata":{"a":null}}"#,
        "metadata",
    ),
    (
        "an undeclared value",
        |c| c.size = Some(models::Size::UnknownValue("HUGE".into())),
        r#"{"size":"HUGE"}"#,
        "size",
    ),
    (
        "an undeclared member",
        |c| drop(c.extra.insert("later", Json::from(1))),
        r#"{"later":1}"#,
        "later",
    ),
    (
        "several",
        |c| {
            c.count = None;
            c.suspended = Some(false);
            c.derived_info.as_mut().unwrap().latitude = Some(-0.5);
        },
        r#"{"count":null,"derivedInfo":{"latitude":-0.5},"suspended":false}"#,
        "count,derivedInfo.latitude,suspended",
    ),
];

#[test]
fn edits_produce_exact_bodies_and_masks() {
    let old = Company::from_json(OLD).unwrap();
    assert_eq!(old.to_json(), OLD);
    for (what, edit, body, mask) in EDITS {
        let mut new = old.clone();
        edit(&mut new);
        let Some(patch) = MaskedPatch::between(&old, &new, MaskDepth::Nested).unwrap() else {
            assert_eq!(*mask, "", "{what}");
            continue;
        };
        assert_eq!((patch.body.as_str(), &*patch.mask.to_string()), (*body, *mask), "{what}");
        // The model preserves the body, including nulls.
        let held: Company = patch.body.decode().unwrap();
        assert_eq!(Json::encode(&held), patch.body, "{what}");
    }
}

#[test]
fn fields_are_sent_whole_if_masks_are_not_nested() {
    let old = Company::from_json(OLD).unwrap();
    let mut new = old.clone();
    new.count = None;
    new.derived_info.as_mut().unwrap().inner = None;
    let patch = MaskedPatch::between(&old, &new, MaskDepth::TopLevel).unwrap().unwrap();
    assert_eq!(
        patch.body.as_str(),
        r#"{"count":null,"derivedInfo":{"address":"Main St","latitude":1.5}}"#
    );
    assert_eq!(patch.mask.to_string(), "count,derivedInfo");
    assert_eq!(MaskedPatch::between(&old, &old, MaskDepth::TopLevel), Ok(None));
}

/// Edits of `OLD`, with the expected merge patch.
const MERGES: &[(&str, fn(&mut Company), &str)] = &[
    ("clear", |c| c.display_name = None, r#"{"displayName":null}"#),
    ("set to null", |c| *c = c.clone().set_null(Company::COUNT), r#"{"count":null}"#),
    (
        "clear nested",
        |c| c.derived_info.as_mut().unwrap().latitude = None,
        r#"{"derivedInfo":{"latitude":null}}"#,
    ),
    ("grow a list", |c| c.ids.as_mut().unwrap().push(3), r#"{"ids":["1","2","3"]}"#),
    ("empty a map", |c| c.attrs = Some(Map::new()), r#"{"attrs":{"k":null}}"#),
    (
        "rename a key",
        |c| {
            let value = c.attrs.as_mut().unwrap().remove("k").unwrap();
            c.attrs.as_mut().unwrap().insert("l".to_owned(), value);
        },
        r#"{"attrs":{"k":null,"l":{"address":"b"}}}"#,
    ),
    (
        "clear inside a map",
        |c| c.attrs.as_mut().unwrap().get_mut("k").unwrap().address = None,
        r#"{"attrs":{"k":{"address":null}}}"#,
    ),
    (
        "another member of any",
        |c| c.metadata = Some(r#"{"b":[null,{"c":null}]}"#.parse().unwrap()),
        r#"{"metadata":{"a":null,"b":[null,{"c":null}]}}"#,
    ),
    (
        "an undeclared member",
        |c| drop(c.extra.insert("later", Json::parse("{}").unwrap())),
        r#"{"later":{"b":null}}"#,
    ),
];

#[test]
fn merge_patches_set_removed_fields_to_null() {
    let old = Company::from_json(OLD).unwrap();
    for (what, edit, body) in MERGES {
        let mut new = old.clone();
        edit(&mut new);
        let patch = MergePatch::between(&old, &new).unwrap().unwrap();
        assert_eq!(patch.body.as_str(), *body, "{what}");
    }
    assert_eq!(MergePatch::between(&old, &old), Ok(None));
}

#[test]
fn inexpressible_changes_are_errors() {
    let value = |text: &str| Json::parse(text).unwrap();
    for (old, new, error) in [
        (r#"{"a":{"b":1}}"#, r#"{"a":{"b":null}}"#, Some("a.b: a JSON merge patch (RFC 7396) ")),
        ("{}", r#"{"a":{"x.y":{"b":null}}}"#, Some("a.`x.y`.b: a JSON merge patch")),
        (r#"{"a":{"b":null}}"#, r#"{"a":{"b":null,"c":1}}"#, None),
        (r#"{"a":1}"#, r#"{"a":[{"b":null}]}"#, None),
    ] {
        let made = MergePatch::between(&value(old), &value(new));
        match (made, error) {
            (Ok(Some(_)), None) => {}
            (Err(found), Some(error)) => assert!(found.to_string().starts_with(error), "{found}"),
            (made, _) => panic!("{old} {new}: {made:?}"),
        }
    }
    let masked = |old, new| MaskedPatch::between(&value(old), &value(new), MaskDepth::Nested);
    let error = masked("{}", r#"{"a`b":1}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`a`b`: a field mask cannot contain this name: it has a backtick"
    );
    assert!(masked("[]", "{}").unwrap_err().to_string().contains("only objects"));
}

/// Values that cannot be compared are not considered equal.
#[test]
fn values_that_are_nested_too_deep_are_an_error() {
    let deep = |depth| {
        (0..depth).fold(models::DerivedInfo::default(), |inner, _| models::DerivedInfo {
            inner: Some(Box::new(inner)),
            ..Default::default()
        })
    };
    let (old, new) = (deep(130), deep(131));
    let error = MergePatch::between(&old, &new).unwrap_err();
    assert!(error.to_string().contains("nested more than 127 deep"), "{error}");
    assert!(MaskedPatch::between(&old, &new, MaskDepth::Nested).is_err());
}

#[test]
fn unset_null_and_value_are_three_bodies() {
    let mut company = Company::default();
    assert_eq!(company.to_json(), "{}");
    company.extra.set_null("count");
    assert_eq!(company.to_json(), r#"{"count":null}"#);
    company.count = Some(0);
    assert_eq!(company.to_json(), r#"{"count":0}"#);
}

#[test]
fn masks_are_made_of_fields() {
    const OTHER: Field<Company> = Field::new("other_name");
    let inner = Company::DERIVED_INFO.then(models::DerivedInfo::ADDRESS);
    for (mask, text) in [
        (FieldMask::from(Company::COUNT), "count"),
        (FieldMask::from([Company::COUNT, Company::SUSPENDED]), "count,suspended"),
        (FieldMask::from(inner.clone()), "derivedInfo.address"),
        (FieldMask::from([inner.clone()]), "derivedInfo.address"),
        (FieldMask::of((Company::COUNT, inner)), "count,derivedInfo.address"),
        (FieldMask::from(OTHER), "otherName"),
        (FieldMask::from(&FieldMask::all()), "*"),
    ] {
        assert_eq!(mask.to_string(), text);
        assert_eq!(from_str::<FieldMask>(&to_string(&mask)).unwrap(), mask);
    }
}
