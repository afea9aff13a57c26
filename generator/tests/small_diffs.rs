//! Small changes of a document cause small changes of the output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{FileTree, Input, Options, Product, Templates, analyze, write};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn templates() -> Templates {
    let root = Path::new("../templates");
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "hbs") {
                let parts = path.strip_prefix(root).unwrap().iter();
                let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
                files.push((parts.join("/"), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))).unwrap()
}

/// Generates all products of a document, with tests.
fn generate(document: &Value, templates: &Templates) -> FileTree {
    let document = document.to_string();
    let overlay = std::fs::read_to_string("../discovery/jobs-v3.overlay.json").unwrap();
    let input =
        Input { file: "jobs-v3.json", document: &document, overlay: Some(&overlay), methods: None };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{report}"));
    let mut options = Options::new([Product::Client, Product::Cli, Product::Mock, Product::Docs]);
    options.tests = true;
    write(&model, "jobs-v3.json", &options, templates).unwrap_or_else(|report| panic!("{report}"))
}

/// Counts the new and removed lines of each file; a changed line counts once.
fn changes(old: &FileTree, new: &FileTree) -> BTreeMap<String, usize> {
    let texts = |tree: &FileTree| -> BTreeMap<String, String> {
        tree.iter().map(|(path, file)| (path.to_owned(), file.text.clone())).collect()
    };
    let (old, new) = (texts(old), texts(new));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut out = BTreeMap::new();
    for path in paths {
        let lines = |texts: &BTreeMap<String, String>| {
            let mut count = BTreeMap::new();
            for line in texts.get(path).map_or("", String::as_str).lines() {
                *count.entry(line.to_owned()).or_insert(0_usize) += 1;
            }
            count
        };
        let (before, after) = (lines(&old), lines(&new));
        let more = |a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>| -> usize {
            a.iter().map(|(line, n)| n.saturating_sub(b.get(line).copied().unwrap_or(0))).sum()
        };
        let changed = more(&before, &after).max(more(&after, &before));
        if changed > 0 {
            out.insert(path.clone(), changed);
        }
    }
    out
}

/// Returns the changes caused by an edit of the jobs document.
fn changed_by(edit: impl Fn(&mut Value)) -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string("../discovery/jobs-v3.json").unwrap();
    let old: Value = serde_json::from_str(&text).unwrap();
    let mut new = old.clone();
    edit(&mut new);
    assert_ne!(old, new);
    let templates = templates();
    changes(&generate(&old, &templates), &generate(&new, &templates))
}

fn product(path: &str) -> &str {
    let (package, rest) = path.split_once('/').unwrap();
    if rest.starts_with("docs/") { "docs" } else { package }
}

#[test]
fn a_new_optional_field_is_few_lines_in_few_files() {
    // After the last member, each of the four samples has a line more.
    for (name, most) in [("teamName", 22), ("zone", 26)] {
        let changed = changed_by(|document| {
            let fields = document["schemas"]["Job"]["properties"].as_object_mut().unwrap();
            let field = json!({"type": "string", "description": "Optional. Something new."});
            fields.insert(name.to_owned(), field);
            fields.sort_keys();
        });
        let lines: usize = changed.values().sum();
        assert!(lines <= most && changed.len() <= 6, "{name}: {lines} lines: {changed:#?}");
    }
}

#[test]
fn a_changed_word_changes_at_most_three_lines_per_product() {
    let edits: [&dyn Fn(&mut Value); 3] = [
        &|document| reword(&mut document["schemas"]["Job"]["properties"]["title"]),
        &|document| reword(&mut document["schemas"]["Company"]),
        &|document| {
            let resources = &mut document["resources"]["projects"]["resources"];
            reword(&mut resources["companies"]["methods"]["list"]);
        },
    ];
    for edit in edits {
        let mut products: BTreeMap<String, usize> = BTreeMap::new();
        let changed = changed_by(edit);
        for (path, lines) in &changed {
            *products.entry(product(path).to_owned()).or_default() += lines;
        }
        assert!(products.values().all(|lines| *lines <= 3), "{changed:#?}");
    }
}

fn reword(node: &mut Value) {
    let text = node["description"].as_str().unwrap();
    assert!(text.ends_with('.'), "{text}");
    node["description"] = format!("{} now.", text.trim_end_matches('.')).into();
}

#[test]
fn a_new_method_touches_no_file_of_a_model() {
    let changed = changed_by(|document| {
        let methods = &mut document["resources"]["projects"]["resources"]["jobs"]["methods"];
        let mut method = methods["get"].clone();
        method["id"] = "jobs.projects.jobs.look".into();
        method["path"] = "v3/{+name}:look".into();
        method["flatPath"] = "v3/projects/{projectsId}/jobs/{jobsId}:look".into();
        methods["look"] = method;
    });
    let models: Vec<_> = changed.keys().filter(|path| path.contains("/models/")).collect();
    let models: Vec<_> = models.into_iter().filter(|path| path.ends_with(".rs")).collect();
    assert!(models.is_empty(), "{models:#?}");
    assert!(
        changed.keys().any(|path| path.ends_with("resources/projects/jobs.rs")),
        "{changed:#?}"
    );
}
