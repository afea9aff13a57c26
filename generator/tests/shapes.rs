//! Minimal documents, each for one feature, with the expected output.
//!
//! `UPDATE=1 cargo test -p discovery-generator --test shapes` updates the expected output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::ir::Scalar;
use discovery_generator::selection::Selection;
use discovery_generator::{FileTree, Input, Options, Product, Templates, analyze, write};
use std::path::{Path, PathBuf};

fn here() -> PathBuf {
    // Cargo runs tests in the folder of their package; a compiled-in path may be that of another
    // clone.
    PathBuf::from("tests/shapes")
}

fn templates() -> Templates {
    fn collect(dir: &Path, prefix: &str, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if entry.path().is_dir() {
                collect(&entry.path(), &path, out);
            } else if path.ends_with(".hbs") {
                out.push((path, std::fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    let dir = PathBuf::from("../templates");
    collect(&dir, "", &mut files);
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))).unwrap()
}

fn options() -> Options {
    Options::new([Product::Client])
}

/// Selects the files to compare: those relevant to the shape.
fn relevant(tree: &FileTree) -> Vec<(String, String)> {
    let of_models = |path: &str| path.contains("/src/models/") && !path.ends_with("/mod.rs");
    let of_resources = |path: &str| path.contains("/src/resources/") && !path.ends_with("/mod.rs");
    (tree.iter())
        .filter(|(path, _)| of_models(path) || of_resources(path) || path.ends_with("client.rs"))
        .map(|(path, file)| {
            (
                path.split_once('/').unwrap().1.trim_start_matches("src/").to_owned(),
                file.text.clone(),
            )
        })
        .collect()
}

fn generate(shape: &str, templates: &Templates) -> (FileTree, String) {
    let dir = here().join(shape);
    let document = std::fs::read_to_string(dir.join("discovery.json")).unwrap();
    let overlay = std::fs::read_to_string(dir.join("overlay.json")).ok();
    let patterns = std::fs::read_to_string(dir.join("methods.json")).ok();
    let patterns: Option<Vec<String>> = patterns.map(|text| serde_json::from_str(&text).unwrap());
    let input = Input {
        file: "discovery.json",
        document: &document,
        overlay: overlay.as_deref(),
        methods: patterns.as_deref().map(Selection::new),
    };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{shape}: {report}"));
    let warnings = model.report.to_string();
    let tree = write(&model, "discovery.json", &options(), templates)
        .unwrap_or_else(|report| panic!("{shape}: {report}"));
    (tree, warnings)
}

#[test]
fn every_shape_has_the_expected_output() {
    let templates = templates();
    let update = std::env::var_os("UPDATE").is_some();
    let mut shapes: Vec<_> = (std::fs::read_dir(here()).unwrap().flatten())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    shapes.sort();
    assert!(shapes.len() >= 25, "{} shapes", shapes.len());
    let mut different = Vec::new();
    for shape in &shapes {
        let (tree, warnings) = generate(shape, &templates);
        let mut files = relevant(&tree);
        if !warnings.is_empty() {
            files.push(("warnings.txt".to_owned(), warnings));
        }
        let expected = here().join(shape).join("expected");
        if update {
            let _ = std::fs::remove_dir_all(&expected);
        }
        for (path, text) in &files {
            let target = expected.join(path);
            if update {
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::write(&target, text).unwrap();
            } else if std::fs::read_to_string(&target).ok().as_ref() != Some(text) {
                different.push(format!("{shape}/expected/{path}"));
            }
        }
        let count = walk(&expected);
        assert_eq!(count, files.len(), "{shape}: a file that is expected is not made");
    }
    assert!(different.is_empty(), "differ (UPDATE=1 rewrites, then review): {different:#?}");
}

fn walk(dir: &Path) -> usize {
    let entries = std::fs::read_dir(dir).map(|e| e.flatten().collect::<Vec<_>>());
    let entries = entries.unwrap_or_default();
    entries.iter().map(|e| if e.path().is_dir() { walk(&e.path()) } else { 1 }).sum()
}

#[test]
fn output_is_deterministic() {
    let templates = templates();
    for shape in ["recursion", "paging", "names_of_schemas"] {
        assert!(generate(shape, &templates).0 == generate(shape, &templates).0, "{shape}");
    }
}

/// A format that is new in the table is new here, too: a crate with a field of it is then compiled
/// and tested.
#[test]
fn scalars_has_every_format() {
    let text = std::fs::read_to_string(here().join("scalars/discovery.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let fields = document["schemas"]["Scalars"]["properties"].as_object().unwrap();
    for scalar in Scalar::ALL {
        for format in scalar.info().formats {
            let ty = scalar.info().ty;
            let is = |field: &&serde_json::Value| {
                field["type"] == ty && field["format"].as_str() == *format
            };
            assert!(fields.values().find(is).is_some(), "no field of {ty} {format:?}");
        }
    }
}
