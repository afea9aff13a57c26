//! Large models box their nested models.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::ir::Shape;
use discovery_generator::{Input, Model, analyze};
use serde_json::{Map, Value, json};

/// Returns a schema with this many text fields of 24 bytes each, and other fields.
fn schema(id: &str, texts: usize, members: &[(&str, Value)]) -> (String, Value) {
    let texts = (0..texts).map(|i| (format!("text{i}"), json!({"type": "string"})));
    let members = members.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone()));
    let properties: Map<_, _> = texts.chain(members).collect();
    (id.to_owned(), json!({"id": id, "type": "object", "properties": properties}))
}

fn model(schemas: impl IntoIterator<Item = (String, Value)>) -> Model {
    let schemas: Map<_, _> = schemas.into_iter().collect();
    let document = json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
        "schemas": schemas,
        "resources": {},
    });
    let document = document.to_string();
    let input = Input { file: "tiny.json", document: &document, overlay: None, methods: None };
    analyze(&input).unwrap_or_else(|report| panic!("{report}"))
}

/// Returns the boxed fields of a schema.
fn boxed<'m>(model: &'m Model, name: &str) -> Vec<&'m str> {
    let Shape::Object(object) = &model.api[model.api.schema_named(name).unwrap()].shape else {
        panic!("{name} is no object");
    };
    object.fields.iter().filter(|f| f.boxed).map(|f| f.name.as_str()).collect()
}

fn of(name: &str) -> Value {
    json!({"$ref": name})
}

#[test]
fn large_models_box_their_models() {
    let model = model([
        schema("Leaf", 60, &[]),
        schema("Middle", 0, &[("left", of("Leaf")), ("right", of("Leaf"))]),
        schema(
            "Top",
            1,
            &[
                ("first", of("Middle")),
                ("second", of("Middle")),
                ("list", json!({"type": "array", "items": of("Middle")})),
            ],
        ),
    ]);
    assert!(boxed(&model, "Middle").is_empty(), "2,880 bytes are few");
    assert_eq!(boxed(&model, "Top"), ["first", "second"]);
}

#[test]
fn models_of_boxed_models_are_not_large() {
    let model = model([
        schema("Outer", 0, &[("top", of("Top"))]),
        schema("Leaf", 100, &[]),
        schema("Top", 0, &[("a", of("Leaf")), ("b", of("Leaf"))]),
    ]);
    assert_eq!(boxed(&model, "Top"), ["a", "b"]);
    assert!(boxed(&model, "Outer").is_empty());
}

#[test]
fn recursive_fields_are_always_boxed() {
    let model = model([schema("Node", 1, &[("next", of("Node"))])]);
    assert_eq!(boxed(&model, "Node"), ["next"]);
}

#[test]
fn large_models_without_nested_models_are_unchanged() {
    assert!(boxed(&model([schema("Wide", 500, &[])]), "Wide").is_empty());
}
