//! A small change of the document makes a small change of the output: that is what reviews are
//! made of.

use crate::catalog;
use crate::lines::Lines;
use discovery_generator::{FileTree, Input, understand, write};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything that is generated of `jobs:v3`, from a document that may have been edited.
fn generated(edit: impl FnOnce(&mut Value)) -> FileTree {
    let sources = catalog::sources(Some("jobs:v3")).expect("the list");
    let source = &sources[0];
    let mut document: Value = serde_json::from_str(&source.document).expect("JSON");
    edit(&mut document);
    let document = document.to_string();
    let overlay = source.overlay.as_deref();
    let model = understand(&Input { file: &source.file, document: &document, overlay })
        .unwrap_or_else(|report| panic!("{report}"));
    let templates = catalog::templates().expect("templates");
    write(&model, &source.file, &source.entry.options(), &templates)
        .unwrap_or_else(|report| panic!("{report}"))
}

/// Changed lines by file.
fn changes(old: &FileTree, new: &FileTree) -> BTreeMap<String, usize> {
    let paths = old.iter().chain(new.iter()).map(|(path, _)| path.to_owned());
    let text = |tree: &FileTree, path: &str| tree.get(path).map(|f| f.text.clone());
    let count = |path: String| {
        let texts = (text(old, &path), text(new, &path));
        let lines = Lines::between(&texts.0.unwrap_or_default(), &texts.1.unwrap_or_default());
        (lines.files > 0).then(|| (path, lines.changed()))
    };
    paths.filter_map(count).collect()
}

#[test]
fn a_new_field_is_forty_lines_in_six_files() {
    let old = generated(|_| {});
    let new = generated(|document| {
        document["schemas"]["Job"]["properties"]["remoteWorkPolicy"] =
            json!({ "type": "string", "description": "Optional. Whether one may work elsewhere." });
    });
    let changes = changes(&old, &new);
    let lines: usize = changes.values().sum();
    assert!(changes.contains_key("jobs-v3/src/models/job.rs"), "{changes:?}");
    assert!(lines <= 40 && changes.len() <= 6, "{lines} lines: {changes:#?}");
}

#[test]
fn a_new_value_is_small_too() {
    let old = generated(|_| {});
    let new = generated(|document| {
        let region = &mut document["schemas"]["Job"]["properties"]["postingRegion"];
        region["enum"].as_array_mut().expect("values").push(json!("PLANET"));
        region["enumDescriptions"].as_array_mut().expect("texts").push(json!("Everywhere."));
    });
    let changes = changes(&old, &new);
    let lines: usize = changes.values().sum();
    assert!((1..=20).contains(&lines) && changes.len() <= 6, "{lines} lines: {changes:#?}");
}

#[test]
fn one_word_of_a_description_is_three_lines_a_product() {
    let old = generated(|_| {});
    let schemas = old.iter().filter(|(path, _)| path.contains("/src/models/")).count();
    assert!(schemas > 50, "the whole API is generated");
    for pointer in [
        "/schemas/Job/description",
        "/schemas/Job/properties/title/description",
        "/schemas/JobQuery/properties/query/description",
        "/schemas/Company/properties/size/enumDescriptions/1",
        "/resources/projects/resources/jobs/methods/delete/description",
        "/resources/projects/resources/jobs/methods/list/parameters/filter/description",
        "/resources/projects/methods/complete/parameters/companyName/description",
        "/auth/oauth2/scopes/https:~1~1www.googleapis.com~1auth~1jobs/description",
    ] {
        let new = generated(|document| {
            let text = document.pointer_mut(pointer).expect(pointer);
            let words = text.as_str().expect("a description").replacen("the ", "the very ", 1);
            let words = words.replacen("Optional. ", "Optional. Perhaps ", 1);
            let changed = Value::from(words);
            *text = if changed == *text {
                Value::from(format!("New {}", text.as_str().unwrap_or_default()))
            } else {
                changed
            };
        });
        let mut products: BTreeMap<&str, usize> = BTreeMap::new();
        let changes = changes(&old, &new);
        for (path, lines) in &changes {
            *products.entry(path.split('/').next().unwrap_or_default()).or_default() += lines;
        }
        assert!(!changes.is_empty(), "{pointer}");
        assert!(products.values().all(|lines| *lines <= 3), "{pointer}: {changes:#?}");
    }
}
