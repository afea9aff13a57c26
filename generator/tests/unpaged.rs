//! Methods that look like lists and have no pages: the reason of each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use discovery_generator::ir::Unpaged;
use discovery_generator::{Input, analyze};
use serde_json::{Value, json};

/// Returns the reason of a method with these parameters and members of its response, and whether it
/// has pages.
fn unpaged(name: &str, parameters: Value, answer: Value) -> (Option<Unpaged>, bool) {
    let document = json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
        "schemas": {
            "Answer": {"id": "Answer", "type": "object", "properties": answer},
            "Tokens": {"id": "Tokens", "type": "object", "properties": {
                "nextPageToken": {"type": "string"},
            }},
            "HttpBody": {"id": "HttpBody", "type": "object", "properties": {
                "contentType": {"type": "string"},
                "data": {"type": "string", "format": "byte"},
                "extensions": {"type": "array", "items": {"type": "object"}},
            }},
        },
        "resources": {"things": {"methods": {name: {
            "id": format!("tiny.things.{name}"), "path": "v1/things", "httpMethod": "GET",
            "parameters": parameters,
            "response": {"$ref": if answer.is_null() { "HttpBody" } else { "Answer" }},
        }}}}
    });
    let text = document.to_string();
    let input = Input { file: "tiny.json", document: &text, overlay: None, methods: None };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{report}"));
    let method = &model.api.methods[0];
    (method.unpaged, method.paging.is_some())
}

#[test]
fn each_list_without_pages_has_its_reason() {
    let text = json!({"type": "string"});
    let list = json!({"type": "array", "items": {"type": "string"}});
    let query = |name: &str, ty: &str| json!({name: {"type": ty, "location": "query"}});
    let token = || query("pageToken", "string");
    let with = |member: &str, ty: Value| json!({"items": list, member: ty});
    let bytes = json!({"type": "string", "format": "byte"});
    let inside = json!({"$ref": "Tokens"});
    let two = json!({"ones": list, "others": list, "nextPageToken": text});
    for (name, parameters, answer, reason) in [
        ("list", token(), two, Some(Unpaged::AmbiguousItems)),
        ("list", json!({}), Value::Null, Some(Unpaged::RawResponse)),
        ("list", json!({}), with("nextPageToken", text.clone()), Some(Unpaged::NoTokenInRequest)),
        ("list", token(), with("other", text.clone()), Some(Unpaged::NoTokenInResponse)),
        ("list", token(), with("nextPageToken", bytes), Some(Unpaged::TokenNotText)),
        ("list", query("token", "string"), with("page", inside), Some(Unpaged::TokenInMember)),
        (
            "query",
            query("startIndex", "integer"),
            with("a", text.clone()),
            Some(Unpaged::Positions),
        ),
        ("list", json!({}), with("other", text.clone()), Some(Unpaged::OneAnswer)),
        ("list", json!({}), json!({"other": text}), Some(Unpaged::OneAnswer)),
        ("get", json!({}), json!({"other": text, "items": list}), None),
    ] {
        let (found, _) = unpaged(name, parameters.clone(), answer.clone());
        assert_eq!(found, reason, "{name} {parameters} {answer}");
    }
}

#[test]
fn tokens_have_other_names_in_some_apis() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let text = json!({"type": "string"});
    for (param, member) in [
        ("pageToken", "nextPageToken"),
        ("pageToken", "pageToken"),
        ("nextPageToken", "nextPageToken"),
    ] {
        let parameters = json!({param: {"type": "string", "location": "query"}});
        let answer = json!({"rows": list, member: text});
        assert_eq!(unpaged("get", parameters, answer), (None, true), "{param} {member}");
    }
}
