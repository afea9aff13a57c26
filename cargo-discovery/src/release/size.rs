//! Small changes of a document cause small changes of the output, which keeps reviews short.

use crate::catalog;
use crate::lines::Lines;
use crate::workspace::Workspace;
use discovery_generator::error::pointer;
use discovery_generator::{FileTree, Input, analyze, write};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Generates `jobs:v3` from a possibly edited document.
fn generated(edit: impl FnOnce(&mut Value)) -> FileTree {
    let workspace = Workspace::find().expect("a workspace");
    let sources = catalog::sources(&workspace, Some("jobs:v3")).expect("the list");
    let source = &sources[0];
    let mut document: Value = serde_json::from_str(&source.document).expect("JSON");
    edit(&mut document);
    let document = document.to_string();
    let overlay = source.overlay.as_deref();
    let model = analyze(&Input { file: &source.file, document: &document, overlay, methods: None })
        .unwrap_or_else(|report| panic!("{report}"));
    let templates = catalog::templates(&workspace).expect("templates");
    write(&model, &source.file, &source.entry.options(), &templates)
        .unwrap_or_else(|report| panic!("{report}"))
}

/// Returns the number of changed lines by file.
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
        document["schemas"]["Job"]["properties"]["remoteWorkPolicy"] = json!({ "type": "string", "description": "Optional. Whether remote work is possible." });
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

/// Collects pointers to all descriptions of a document, including those of values.
fn descriptions(value: &Value, at: &str, out: &mut Vec<String>) {
    let Value::Object(map) = value else { return };
    for (key, inner) in map {
        let at = pointer(at, key);
        match (key.as_str(), inner) {
            ("description", Value::String(text)) if text.contains(' ') => out.push(at),
            ("enumDescriptions", Value::Array(texts)) => {
                out.extend((0..texts.len()).map(|i| format!("{at}/{i}")));
            }
            // Global parameters are not generated.
            ("parameters", _) if at == "/parameters" => {}
            _ => descriptions(inner, &at, out),
        }
    }
}

/// Replaces a five-letter word outside links by another, so that no line changes its length or
/// wraps differently.
fn reworded(text: &str) -> Option<String> {
    let plain = |w: &&str| w.len() == 5 && w.chars().all(|c| c.is_ascii_lowercase());
    let word = text.split(' ').find(plain)?;
    Some(text.replacen(&format!(" {word} "), " words ", 1)).filter(|new| new != text)
}

/// Returns the product of a path: a crate, or the book in the client's folder.
fn product(path: &str) -> &str {
    match path.split_once("/docs/") {
        Some(_) => "docs",
        None => path.split('/').next().unwrap_or_default(),
    }
}

#[test]
fn a_changed_word_changes_three_lines_per_product() {
    let old = generated(|_| {});
    let mut all = Vec::new();
    generated(|document| descriptions(document, "", &mut all));
    assert!(all.len() > 300, "{} descriptions", all.len());
    let mut tried = 0;
    for pointer in all.iter().step_by(23) {
        let mut edited = false;
        let new = generated(|document| {
            let text = document.pointer_mut(pointer).expect(pointer);
            if let Some(new) = reworded(text.as_str().unwrap_or_default()) {
                *text = Value::from(new);
                edited = true;
            }
        });
        if !edited {
            continue;
        }
        tried += 1;
        let mut products: BTreeMap<&str, usize> = BTreeMap::new();
        let changes = changes(&old, &new);
        for (path, lines) in &changes {
            *products.entry(product(path)).or_default() += lines;
        }
        assert!(!changes.is_empty(), "{pointer}");
        assert!(products.values().all(|lines| *lines <= 3), "{pointer}: {changes:#?}");
    }
    assert!(tried > 8, "{tried} descriptions");
}
