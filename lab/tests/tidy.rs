//! Invariants of ARCHITECTURE.md that a text search can check.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::path::PathBuf;

fn root() -> PathBuf {
    // Cargo runs tests in the folder of their package; a compiled-in path may be that of another
    // clone.
    std::env::current_dir().expect("a folder").parent().expect("a parent").to_owned()
}

/// Returns every file below `dir` with one of the extensions, with its text.
fn files(dir: &str, endings: &[&str]) -> Vec<(String, String)> {
    let (root, mut out) = (root(), Vec::new());
    let mut work = vec![root.join(dir)];
    while let Some(path) = work.pop() {
        if path.is_dir() {
            if path.file_name().is_none_or(|n| n != "target") {
                work.extend(
                    std::fs::read_dir(&path).expect("readable").flatten().map(|e| e.path()),
                );
            }
        } else if endings.iter().any(|e| path.to_string_lossy().ends_with(e)) {
            let name = path.strip_prefix(&root).expect("below the root").display().to_string();
            out.push((name, std::fs::read_to_string(&path).expect("text")));
        }
    }
    assert!(!out.is_empty(), "nothing in {dir}");
    out.sort();
    out
}

fn hand_written() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for dir in ["cargo-discovery", "generator", "lab", "runtime", "xtask"] {
        all.extend(files(dir, &[".rs"]));
    }
    all.retain(|(name, text)| !name.contains("/expected/") && !text.starts_with("// @generated"));
    all
}

fn generated() -> Vec<(String, String)> {
    ["generated", "lab/fixtures/generated"].iter().flat_map(|dir| files(dir, &[".rs"])).collect()
}

#[test]
fn files_are_small() {
    let mut long = Vec::new();
    for (name, text) in hand_written() {
        if text.lines().count() > 400 {
            long.push(name);
        }
    }
    for (name, text) in files("templates", &[".hbs"]) {
        if text.lines().count() > 80 {
            long.push(name);
        }
    }
    assert!(long.is_empty(), "too long, split: {long:?}");
}

/// I1: the generator performs no I/O.
#[test]
fn the_generator_does_no_io() {
    for (name, text) in files("generator/src", &[".rs"]) {
        for word in ["std::fs", "std::env", "std::net", "std::time", "std::process"] {
            assert!(!text.contains(word), "{name} uses {word}");
        }
        // Allowed in a literal, as the output of an example.
        let prints = text.lines().any(|line| line.trim_start().starts_with("println!"));
        assert!(!prints, "{name} prints");
    }
}

/// I3: each kind of leaf has one constructor.
#[test]
fn casing_and_quoting_are_in_one_place() {
    for (name, text) in files("generator/src", &[".rs"]) {
        let rust = name.replace('\\', "/");
        if !rust.contains("src/rust/") {
            assert!(!text.contains("heck::"), "{name} changes case");
            assert!(!text.contains("quote::"), "{name} quotes");
        }
    }
}

/// I5: templates contain no logic beyond five constructs.
#[test]
fn templates_use_five_constructs() {
    for (name, text) in files("templates", &[".hbs"]) {
        for (i, _) in text.match_indices("{{") {
            let tag = &text[i + 2..];
            let tag = tag[..tag.find("}}").unwrap_or(tag.len())].trim();
            let plain = |t: &str| {
                !t.is_empty() && t.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c))
            };
            let word = tag.split_whitespace().next().unwrap_or_default();
            let known = match word {
                "#if" | "#unless" | "#each" | "#with" => {
                    tag.split_whitespace().nth(1).is_some_and(plain)
                }
                "/if" | "/unless" | "/each" | "/with" | "else" | ">" => true,
                comment if comment.starts_with('!') => true,
                name => plain(name) && name == tag,
            };
            assert!(known && !tag.contains("../.."), "{name}: {{{{{tag}}}}}");
        }
    }
}

/// I10: generated code allows no lints, except `deprecated` where it uses deprecated items.
#[test]
fn generated_code_allows_nothing() {
    for (name, text) in generated() {
        if !text.starts_with("// @generated") {
            continue;
        }
        for line in text.lines().filter(|l| {
            l.trim_start().starts_with("#![allow(") || l.trim_start().starts_with("#[allow(")
        }) {
            assert!(line.trim().ends_with("allow(deprecated)]"), "{name}: {line}");
        }
    }
}

/// No container has a random iteration order.
#[test]
fn no_hash_maps_in_the_generator() {
    for (name, text) in files("generator/src", &[".rs"]) {
        assert!(!text.contains("HashMap") && !text.contains("HashSet"), "{name}");
    }
}

/// Every schema and method of the document is generated.
#[test]
fn every_schema_and_method_is_generated() {
    let text = std::fs::read_to_string(root().join("discovery/jobs-v3.json")).expect("document");
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let schemas = document["schemas"].as_object().expect("schemas");
    fn methods(resource: &serde_json::Value) -> usize {
        let own = resource["methods"].as_object().map_or(0, serde_json::Map::len);
        let below = resource["resources"].as_object();
        own + below.map_or(0, |r| r.values().map(methods).sum())
    }
    let models: String =
        files("generated/jobs-v3/src/models", &[".rs"]).into_iter().map(|(_, t)| t).collect();
    for name in schemas.keys() {
        assert!(models.contains(&format!("pub struct {name} {{")), "schema {name}");
    }
    let resources = files("generated/jobs-v3/src/resources", &[".rs"]);
    let made: usize = resources.iter().map(|(_, t)| t.matches("impl Method for ").count()).sum();
    assert_eq!(made, methods(&document));
}

/// Clones can share a target folder, so a compiled-in path may be that of another clone.
#[test]
fn no_path_of_the_repository_is_compiled_in() {
    let variables = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO", "CARGO_WORKSPACE_DIR"];
    let written = |name: &str| ["env", "option_env"].map(|word| format!("{word}!(\"{name}\")"));
    let mut all = hand_written();
    all.extend(generated());
    all.extend(files("templates", &[".hbs"]));
    for (name, text) in all {
        for macro_call in variables.iter().flat_map(|name| written(name)) {
            assert!(!text.contains(&macro_call), "{name}: {macro_call}");
        }
    }
}

/// The table of ARCHITECTURE.md that tells contributors what to change names files that exist.
#[test]
fn the_table_of_changes_names_existing_files() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = text.split("## Where a change goes").nth(1).unwrap().split("\n## ").next().unwrap();
    let rooms = ["cargo-discovery/", "discovery/", "generator/", "lab/", "runtime/", "templates/"];
    // Every second part is code.
    let named: Vec<&str> = table.split('`').skip(1).step_by(2).collect();
    let paths = named.iter().filter(|path| rooms.iter().any(|room| path.starts_with(room)));
    let (mut count, mut missing) = (0, Vec::new());
    for path in paths.flat_map(|path| alternatives(path)) {
        count += 1;
        // A pattern stands for the folder it is in.
        let fixed = path.split('*').next().unwrap_or_default();
        let whole = fixed == path;
        let fixed = if whole { fixed } else { fixed.rsplit_once('/').map_or("", |(dir, _)| dir) };
        if !root().join(fixed).exists() {
            missing.push(path);
        }
    }
    assert!(count >= 15 && missing.is_empty(), "{count} paths; missing: {missing:?}");
}

/// Expands `a/{b,c}.rs`.
fn alternatives(path: &str) -> Vec<String> {
    match path.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?))) {
        Some((head, (inner, tail))) => {
            inner.split(',').map(|one| format!("{head}{one}{tail}")).collect()
        }
        None => vec![path.to_owned()],
    }
}
