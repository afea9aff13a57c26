//! Inline objects that a document repeats.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{Input, Model, analyze};
use serde_json::{Value, json};

/// Returns a document with lists of 17 kinds, each with a `warning` created by `warning` from its
/// number.
fn lists(warning: impl Fn(usize) -> Value) -> Value {
    let list = |i: usize| {
        let name = format!("List{i:02}");
        let warning = warning(i);
        (name.clone(), json!({"id": name, "type": "object", "properties": {"warning": warning}}))
    };
    let schemas: serde_json::Map<_, _> = (0..17).map(list).collect();
    json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
        "schemas": schemas,
        "resources": {},
    })
}

fn warning(description: &str) -> Value {
    let entry = json!({"type": "object", "properties": {
        "key": {"type": "string", "description": description}, "value": {"type": "string"},
    }});
    json!({
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": ["NONE", "SOME"]},
            "data": {"type": "array", "items": entry},
        },
    })
}

fn model(document: &Value, overlay: Option<&str>) -> Model {
    let document = document.to_string();
    let input = Input { file: "tiny.json", document: &document, overlay, methods: None };
    analyze(&input).unwrap_or_else(|report| panic!("{report}"))
}

/// Returns the schemas other than lists, and the enums.
fn others(model: &Model) -> (Vec<&str>, Vec<&str>) {
    let schemas = model.api.schemas.iter().map(|s| s.name.as_str());
    let enums = model.api.enums.iter().map(|e| e.name.as_str());
    (schemas.filter(|name| name.len() != "List00".len()).collect(), enums.collect())
}

#[test]
fn frequent_objects_become_one_schema() {
    let model = model(&lists(|_| warning("A key.")), None);
    assert_eq!(others(&model), (vec!["Warning", "WarningData"], vec!["WarningCode"]));
    let shared = model.api.schema_named("Warning").unwrap();
    assert_eq!(model.api[shared].owner, shared, "it has a file of its own");
    assert_eq!(model.api[shared].at, "/schemas/List00/properties/warning");
}

#[test]
fn different_objects_remain_separate() {
    let odd = |i| warning(if i == 3 { "Another key." } else { "A key." });
    let model = model(&lists(odd), None);
    let (schemas, enums) = others(&model);
    assert_eq!(schemas, ["Warning", "List03Warning", "List03WarningData", "WarningData"]);
    assert_eq!(enums, ["List03WarningCode", "WarningCode"]);
}

#[test]
fn descriptions_of_fields_stay_with_the_fields() {
    let described = |i| {
        let mut warning = warning("A key.");
        warning["description"] = json!(format!("The warning of list {i}."));
        warning
    };
    let model = model(&lists(described), None);
    assert_eq!(others(&model).0, ["Warning", "WarningData"]);
}

#[test]
fn infrequent_objects_are_not_shared() {
    let odd = |i| warning(if i < 2 { "Another key." } else { "A key." });
    assert_eq!(model(&lists(odd), None).api.schemas.len(), 17 * 3);
}

#[test]
fn objects_named_by_overlays_are_not_shared() {
    let overlay = json!({"renames": [
        {"path": "/schemas/List05/properties/warning", "name": "Fifth", "why": "For the test."},
    ]});
    let model = model(&lists(|_| warning("A key.")), Some(&overlay.to_string()));
    assert_eq!(others(&model).0, ["Warning", "Fifth", "FifthData", "WarningData"]);
}

#[test]
fn name_collisions_are_resolved() {
    let mut document = lists(|_| warning("A key."));
    document["schemas"]["Warning"] = json!({"id": "Warning", "type": "object", "properties": {
        "text": {"type": "string"},
    }});
    let model = model(&document, None);
    assert_eq!(others(&model).0, ["Warning", "WarningInline", "WarningInlineData"]);
}
