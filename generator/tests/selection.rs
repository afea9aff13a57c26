//! Generating selected methods equals generating a document with everything else deleted, except
//! for facts derived from the rest of the document.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "support/delete.rs"]
mod delete;

use delete::{deleted, methods};
use discovery_generator::ir::{Api, ItemsRule, MethodId, Outcome};
use discovery_generator::selection::Selection;
use discovery_generator::{Input, Model, analyze};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn understood(
    document: &Value,
    overlay: Option<&Value>,
    patterns: Option<&[String]>,
) -> Result<Model, String> {
    let (text, overlay) = (document.to_string(), overlay.map(Value::to_string));
    let methods = patterns.map(Selection::new);
    let input = Input { file: "tiny.json", document: &text, overlay: overlay.as_deref(), methods };
    analyze(&input).map_err(|report| report.to_string())
}

fn model(document: &Value, patterns: Option<&[String]>) -> Model {
    understood(document, None, patterns).unwrap_or_else(|report| panic!("{patterns:?}: {report}"))
}

fn selected(document: &Value, patterns: &[&str]) -> Model {
    let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
    model(document, Some(&patterns))
}

/// Returns the dotted paths of a model's methods.
fn paths(api: &Api) -> BTreeSet<String> {
    let path = |id: MethodId| {
        let mut names = api.resource_path(api[id].resource);
        names.push(&api[id].name);
        names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".")
    };
    MethodId::all(api).map(path).collect()
}

fn schemas(api: &Api) -> Vec<&str> {
    api.schemas.iter().map(|schema| schema.name.as_str()).collect()
}

/// Builds the model of a manually reduced document, adding the results of operations, which
/// documents do not name.
fn by_hand(document: &Value, model: &Model) -> Model {
    let results = model.api.methods.iter().filter_map(|m| match m.long_running.as_ref()?.result {
        Outcome::Schema(id) => Some(model.api[id].name.0.clone()),
        Outcome::Unknown | Outcome::Nothing => None,
    });
    self::model(&deleted(document, &paths(&model.api), results.collect()), None)
}

/// Formats a model except its selection, and the lists that name values of parameters, which may not
/// be selected.
fn printed(mut model: Model) -> String {
    model.api.selection = None;
    for param in model.api.methods.iter_mut().flat_map(|method| &mut method.params) {
        param.listed = None;
    }
    for items in model.api.methods.iter_mut().filter_map(|method| method.items.as_mut()) {
        items.rule = ItemsRule::Items;
    }
    format!("{:#?}\n{:#?}\n{}", model.api, model.names, model.report)
}

fn document(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn shape(name: &str) -> Value {
    document(&format!("tests/shapes/{name}/discovery.json"))
}

fn documents() -> Vec<(String, Value)> {
    let shapes = std::fs::read_dir("tests/shapes").unwrap().flatten();
    let names = shapes.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut out: Vec<_> = names.map(|name| (name.clone(), shape(&name))).collect();
    out.push(("library".to_owned(), document("tests/diff/library.json")));
    out.push(("jobs".to_owned(), document("../discovery/jobs-v3.json")));
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// Facts derived from other methods: the resource that `get` returns has no list of items, a PATCH
/// of what a GET returns is a merge patch, and a creation results in what `get` returns. A method that
/// waits for an operation with a status is known by the one that gets it. Cases of a union that are
/// not objects refer to no schema. Of methods whose names differ only in case, one has the command.
const DERIVED_FROM_OTHERS: [&str; 13] = [
    "names_of_methods self",
    "names_of_methods getX",
    "names_of_methods things.self",
    "names_of_methods things.getX",
    "operations things.create",
    "operations_by_status machines.insert",
    "operations_by_status machines.delete",
    "operations_by_status machines.stop",
    "operations_by_status zoneOperations.wait",
    "operations_by_status disks.insert",
    "paging_items things.getSettings",
    "updates buckets.patchQuietly",
    "variant_odd u.get",
];

#[test]
fn single_methods_equal_a_reduced_document() {
    let (mut count, mut different) = (0, Vec::new());
    for (name, document) in documents() {
        for path in methods(&document) {
            let model = model(&document, Some(std::slice::from_ref(&path)));
            let expected = printed(by_hand(&document, &model));
            count += 1;
            if printed(model) != expected {
                different.push(format!("{name} {path}"));
            }
        }
    }
    assert!(count > 190, "{count} methods");
    assert_eq!(different, DERIVED_FROM_OTHERS);
}

#[test]
fn methods_that_poll_operations_are_included() {
    let document = shape("operations");
    let model = selected(&document, &["things.import"]);
    assert_eq!(Vec::from_iter(paths(&model.api)), ["operations.get", "things.import"]);
    let names = ["ImportThingsRequest", "ImportThingsResponse", "Operation", "Status"];
    assert_eq!(schemas(&model.api), names);
    let unselected = &model.api.selection.as_ref().unwrap().unselected;
    assert!(unselected.contains("tiny.things.create"), "{unselected:?}");
    assert!(!unselected.contains("tiny.operations.get"), "{unselected:?}");
}

#[test]
fn operations_without_their_poll_method_cannot_be_awaited() {
    let document = shape("operations");
    let model = selected(&document, &["things.import", "!operations.*"]);
    assert_eq!(Vec::from_iter(paths(&model.api)), ["things.import"]);
    assert!(model.api.methods[0].operation && model.api.methods[0].long_running.is_none());
    assert_eq!(schemas(&model.api), ["ImportThingsRequest", "Operation", "Status"]);
}

#[test]
fn overlays_are_checked_against_the_whole_document() {
    let document = document("tests/diff/library.json");
    let why = "because";
    let overlay = json!({
        "patches": [{"path": "/schemas/Author/description", "value": "Who wrote.", "why": why}],
        "idempotent": [{"method": "library.shelves.books.move", "why": why}],
        "renames": [{"path": "/schemas/Author", "name": "Writer", "why": why}],
    });
    let patterns = ["shelves.create".to_owned()];
    let found = understood(&document, Some(&overlay), Some(&patterns));
    assert_eq!(schemas(&found.unwrap().api), ["Shelf"]);
    for (key, stale) in [
        ("patches", json!({"path": "/schemas/Gone/description", "value": "x", "why": why})),
        ("idempotent", json!({"method": "library.gone", "why": why})),
        ("renames", json!({"path": "/schemas/Gone", "name": "X", "why": why})),
    ] {
        let found = understood(&document, Some(&json!({key: [stale]})), Some(&patterns));
        let report = found.err().unwrap_or_else(|| panic!("{key}: a stale entry is not refused"));
        assert!(report.contains("error[overlay]"), "{key}: {report}");
    }
}

#[test]
fn errors_outside_of_the_selection_are_ignored() {
    let mut document = document("tests/diff/library.json");
    document["resources"]["shelves"]["methods"]["delete"]["httpMethod"] = json!("FETCH");
    document["schemas"]["Author"]["properties"]["mentor"] = json!({"$ref": "Nobody"});
    document["schemas"]["Author"]["properties"]["odd"] = json!({"type": "string", "format": "odd"});
    document["resources"]["empty"] = json!({});
    let whole = understood(&document, None, None).unwrap_err();
    for finding in ["`FETCH`", "`Nobody`", "`odd`", "`empty`"] {
        assert!(whole.contains(finding), "{finding}: {whole}");
    }
    let model = selected(&document, &["shelves.create"]);
    assert_eq!(model.report.to_string(), "");
    let of_it = [("shelves.delete", "`FETCH`"), ("shelves.books.get", "`Nobody`")];
    for (pattern, finding) in of_it {
        let report = understood(&document, None, Some(&[pattern.to_owned()])).unwrap_err();
        assert!(report.contains(finding), "{pattern}: {report}");
        assert!(!report.contains("`empty`"), "{pattern}: {report}");
    }
}

#[test]
fn shared_enums_stay_with_the_remaining_fields() {
    let field = |schema: &str| format!("/schemas/{schema}/properties/color");
    let schema = json!({"type": "object", "properties": {
        "color": {"type": "string", "enum": ["RED", "BLUE"]},
    }});
    let method = |id: &str| {
        json!({
            "id": id, "path": "v1/x", "httpMethod": "GET", "response": {"$ref": id},
        })
    };
    let document = json!({
        "name": "tiny", "version": "v1", "schemas": {"A": schema, "B": schema},
        "methods": {"a": method("A"), "b": method("B")},
    });
    let shared = json!([{"name": "Color", "sites": [field("A"), field("B")], "why": "equal"}]);
    let overlay = json!({"sharedEnums": shared});
    for name in ["a", "b"] {
        let found = understood(&document, Some(&overlay), Some(&[name.to_owned()])).unwrap();
        assert_eq!(schemas(&found.api), [name.to_uppercase()]);
        assert_eq!(found.api.enums[0].name.as_str(), "Color");
        let owner = format!("{:?}", found.api.enums[0].owner);
        assert_eq!(owner, "Schema(SchemaId(0))", "{name}");
    }
}

#[test]
fn selecting_everything_includes_all_used_schemas() {
    for (name, document) in documents().into_iter().filter(|(_, d)| !methods(d).is_empty()) {
        let (some, all) = (selected(&document, &["*"]), model(&document, None));
        assert_eq!(paths(&some.api), paths(&all.api), "{name}");
        assert!(some.api.selection.unwrap().unselected.is_empty(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_selections_equal_a_reduced_document(seed in any::<u64>()) {
        for (name, document) in [
            ("library", document("tests/diff/library.json")),
            ("jobs", document("../discovery/jobs-v3.json")),
        ] {
            let all = methods(&document);
            let picked = |i: &usize| seed >> (i % 64) & 1 == 1;
            let patterns: Vec<String> =
                (0..all.len()).filter(picked).map(|i| all[i].clone()).collect();
            prop_assume!(!patterns.is_empty());
            let model = model(&document, Some(&patterns));
            let expected = printed(by_hand(&document, &model));
            prop_assert!(printed(model) == expected, "{} {:?}", name, patterns);
        }
    }
}
