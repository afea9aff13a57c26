//! Unknown fields and values survive decoding and encoding.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod models;

use discovery_json::{Json, Model};
use models::{Company, Size};

#[test]
fn unknown_members_survive_at_every_level() {
    let text = r#"{"displayName":"Acme","size":"GIANT","ids":["1","9007199254740993"],"derivedInfo":{"address":"x","inner":{"new":[1e400,{"a":null}]},"other":1.50},"offices":[{"x":{}},{}],"attrs":{"k":{"y":null}},"metadata":{"@type":"t","n":null},"later":{"deep":[1,2,{"z":12345678901234567890123}]}}"#;
    let company = Company::from_json(text).expect("valid");
    assert_eq!(company.size, Some(Size::UnknownValue("GIANT".into())));
    assert_eq!(company.to_json(), text);
    let extra = &company.extra;
    assert_eq!(extra.len(), 1);
    assert_eq!(
        extra.get("later").map(Json::into_string).as_deref(),
        Some(r#"{"deep":[1,2,{"z":12345678901234567890123}]}"#)
    );
}

#[test]
fn unknown_enum_values_are_encoded_in_their_original_form() {
    // Protobuf encodes unknown values as integers; no other text is a number.
    for text in ["GIANT", "0e0", "1.5", "-", "-7x", "007"] {
        let json = format!(r#"{{"size":"{text}"}}"#);
        let company = Company::from_json(&json).expect("valid");
        assert_eq!(company.to_json(), json);
    }
    for number in ["7", "-7", "0"] {
        let json = format!(r#"{{"size":{number}}}"#);
        let company = Company::from_json(&json).expect("valid");
        assert_eq!(company.size, Some(Size::UnknownValue(number.into())));
        assert_eq!(company.to_json(), json);
    }
}
