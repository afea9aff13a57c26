//! Examples use the main resources of an API instead of the alphabetically first ones.
//!
//! Checks this repository's documents, and Google's if available.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{Input, Model, analyze};
use serde_json::{Value, json};
use std::path::Path;

fn understood(document: &Value, overlay: Option<&Value>) -> Result<Model, String> {
    let (text, overlay) = (document.to_string(), overlay.map(Value::to_string));
    let overlay = overlay.as_deref();
    let input = Input { file: "tiny.json", document: &text, overlay, methods: None };
    analyze(&input).map_err(|report| report.to_string())
}

/// Returns the paths of the resources, ranked for examples.
fn ranked(document: &Value, overlay: Option<&Value>) -> Result<Vec<String>, String> {
    let api = understood(document, overlay)?.api;
    let path = |id: &discovery_generator::ir::ResourceId| {
        let names = api.resource_path(*id).into_iter().map(|name| name.as_str());
        names.collect::<Vec<_>>().join(".")
    };
    Ok(api.prominence.iter().map(path).collect())
}

fn method(resource: &str, name: &str) -> Value {
    json!({
        "id": format!("tiny.{resource}.{name}"),
        "path": format!("v1/{resource}/{name}"),
        "httpMethod": "GET",
        "response": {"$ref": resource}
    })
}

/// Returns a document with these resources and their methods. `Deep` refers to four schemas, others
/// only to themselves.
fn document(resources: &[(&str, &[&str])]) -> Value {
    let mut document = json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.googleapis.com/",
        "schemas": {
            "A": {"id": "A", "type": "object"},
            "B": {"id": "B", "type": "object"},
            "C": {"id": "C", "type": "object"},
        },
        "resources": {}
    });
    for (name, methods) in resources {
        let members = if *name == "Deep" {
            json!({"a": {"$ref": "A"}, "b": {"$ref": "B"},
            "c": {"$ref": "C"}})
        } else {
            json!({})
        };
        document["schemas"][*name] = json!({"id": name, "type": "object", "properties": members});
        for method_name in *methods {
            document["resources"][*name]["methods"][*method_name] = method(name, method_name);
        }
    }
    document
}

#[test]
fn main_resources_rank_first() {
    type Resources<'a> = &'a [(&'a str, &'a [&'a str])];
    let cases: [(&str, Resources<'_>, &str); 6] = [
        (
            "more methods",
            &[("Acl", &["get", "list"]), ("Files", &["get", "list", "copy"])],
            "Files",
        ),
        (
            "access control is not what an API is about",
            &[
                ("Acl", &["get", "getIamPolicy", "setIamPolicy", "testIamPermissions", "watch"]),
                ("Files", &["get", "list"]),
            ],
            "Files",
        ),
        ("more schemas", &[("Acl", &["get"]), ("Deep", &["get"])], "Deep"),
        (
            "methods count more than schemas",
            &[("Deep", &["get"]), ("Values", &["get", "append", "clear"])],
            "Values",
        ),
        (
            "a resource without standard methods",
            &[("About", &["a", "b", "c", "d"]), ("Files", &["get"])],
            "Files",
        ),
        ("as the document has them", &[("Acl", &["get"]), ("Files", &["get"])], "Acl"),
    ];
    for (name, resources, first) in cases {
        assert_eq!(ranked(&document(resources), None).unwrap()[0], first, "{name}");
    }
}

#[test]
fn deprecated_methods_do_not_count() {
    let mut document = document(&[("Acl", &["get", "list", "move"]), ("Files", &["get", "list"])]);
    assert_eq!(ranked(&document, None).unwrap()[0], "Acl");
    for name in ["list", "move"] {
        document["resources"]["Acl"]["methods"][name]["deprecated"] = json!(true);
    }
    assert_eq!(ranked(&document, None).unwrap()[0], "Files");
}

#[test]
fn overlays_take_precedence() {
    let document = document(&[("Acl", &["get", "list"]), ("Bees", &["get"]), ("Files", &["get"])]);
    let overlay = |resource: &str| json!({"prominent": [{"resource": resource, "why": "w"}]});
    let files = overlay("Files");
    assert_eq!(ranked(&document, Some(&files)).unwrap()[..3], ["Files", "Acl", "Bees"]);
    let message = ranked(&document, Some(&overlay("Filez"))).unwrap_err();
    assert!(message.contains("`Filez` changes nothing"), "{message}");
    let both = json!({"prominent": [
        {"resource": "Files", "why": "w"}, {"resource": "Bees", "why": "w"}
    ]});
    assert_eq!(ranked(&document, Some(&both)).unwrap()[..3], ["Files", "Bees", "Acl"]);
}

const CORPUS: [(&str, &str); 8] = [
    ("bigquery.v2", "jobs"),
    ("calendar.v3", "events"),
    ("compute.v1", "instances"),
    ("drive.v3", "files"),
    ("jobs.v3", "projects.jobs"),
    ("sheets.v4", "spreadsheets.values"),
    ("storage.v1", "objects"),
    ("youtube.v3", "videos"),
];

/// The most used resources of Google's APIs rank first, and an additional method in any other
/// resource does not change that.
#[test]
fn most_used_resources_rank_first() {
    let corpus = Path::new("../../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: {} holds no documents", corpus.display());
        return;
    }
    for (name, first) in CORPUS {
        let text = std::fs::read_to_string(corpus.join(format!("{name}.json"))).unwrap();
        let mut document: Value = serde_json::from_str(&text).unwrap();
        let order = ranked(&document, None).unwrap();
        assert_eq!(order[0], first, "{name}");
        let pointer = format!("/resources/{}", order[1].replace('.', "/resources/"));
        let rival = document.pointer_mut(&pointer).unwrap()["methods"].as_object_mut().unwrap();
        let mut more = rival.values().next().unwrap().clone();
        more["id"] = json!("added.for.this.test");
        rival.insert("addedForThisTest".to_owned(), more);
        assert_eq!(ranked(&document, None).unwrap()[0], first, "{name} and one method more");
    }
}
