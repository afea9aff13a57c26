//! Resources of large APIs are Cargo features; calling one without its feature is an error that
//! names it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{Input, Options, Product, Templates, analyze, write};
use serde_json::{Map, Value, json};
use std::path::Path;

fn templates() -> Templates {
    let mut files = Vec::new();
    let root = Path::new("../templates");
    let mut work = vec![root.to_owned()];
    while let Some(dir) = work.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                work.push(path);
            } else if path.extension().is_some_and(|e| e == "hbs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))).unwrap()
}

/// Returns `client.rs` of an API with this many schemas and two resources.
fn client(schemas: usize) -> String {
    file(schemas, "src/client.rs")
}

fn file(schemas: usize, path: &str) -> String {
    let schema = |i: usize| (format!("S{i}"), json!({"id": format!("S{i}"), "type": "object"}));
    let schemas: Map<String, Value> = (0..schemas).map(schema).collect();
    let resource = |name: &str, schema: &str| {
        json!({"methods": {"get": {
            "id": format!("tiny.{name}.get"), "httpMethod": "GET", "path": format!("v1/{name}"),
            "response": {"$ref": schema}
        }}})
    };
    // More methods make a resource more prominent.
    let mut others = resource("others", "S1");
    let get = others["methods"]["get"].clone();
    for name in ["list", "create", "delete"] {
        let mut method = get.clone();
        method["id"] = format!("tiny.others.{name}").into();
        method["path"] = format!("v1/others:{name}").into();
        others["methods"][name] = method;
    }
    let document = json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/", "schemas": schemas,
        "resources": {"bigThings": resource("bigThings", "S0"), "others": others},
    });
    let document = document.to_string();
    let input = Input { file: "tiny.json", document: &document, overlay: None, methods: None };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{report}"));
    let options = Options::new([Product::Client]);
    let tree = write(&model, "tiny.json", &options, &templates()).unwrap_or_else(|r| panic!("{r}"));
    tree.get(&format!("tiny-v1/{path}")).unwrap().text.clone()
}

#[test]
fn a_call_without_its_feature_is_an_error_that_names_it() {
    let client = client(201);
    for text in [
        "#[cfg(not(feature = \"big-things\"))]",
        "`Client::big_things` needs the feature `big-things` of the crate `google-tiny-v1`",
        "`Client::others` needs the feature `others` of the crate `google-tiny-v1`",
        "Self: missing::big_things::Feature<'a>",
    ] {
        assert!(client.contains(text), "{text}: {client}");
    }
}

#[test]
fn a_small_api_has_no_features_and_no_such_errors() {
    let client = client(200);
    assert!(!client.contains("missing") && !client.contains("cfg"), "{client}");
}

/// The feature is that of the resource in the example, not the first by name.
#[test]
fn the_first_program_compiles_with_the_dependency_beside_it() {
    let readme = file(201, "README.md");
    let accessor = readme.split("client.").nth(1).unwrap().split('(').next().unwrap();
    assert_eq!(accessor, "others", "{readme}");
    assert!(readme.contains("features = [\"others\"]"), "{readme}");
    assert!(readme.contains("| `others`, … | one top-level resource"), "{readme}");
}
