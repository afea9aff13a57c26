//! Compiles the output of damaged documents.

use super::{damaged, options};
use crate::corpus::{cargo_command, sync_tree, write_members};
use crate::paths::root;
use discovery_generator::{Input, Options, Runtime, Templates, analyze, write};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

/// Compiles the output of `count` damaged documents that the generator accepts; returns the
/// failures.
pub(super) fn run(
    documents: &[(String, Value)],
    seed: u64,
    count: usize,
    run_tests: bool,
) -> Result<Vec<String>, String> {
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    let out = root().join("target/mutated");
    let mut made = BTreeMap::new();
    let mut at = seed;
    while made.len() < count {
        let (file, document) = damaged(documents, at);
        if let Some(package) = generated(document, at, &templates, &out)? {
            made.insert(package, format!("{file}, seed {at}"));
        }
        at = at.wrapping_add(1);
    }
    let folders: Vec<_> = made.keys().map(|p| p.trim_start_matches("google-").to_owned()).collect();
    write_members(&out, &folders)?;
    let mut failures = Vec::new();
    let verbs: &[&str] = if run_tests { &["check", "test"] } else { &["check"] };
    for verb in verbs {
        for (package, error) in cargo(&out, verb)? {
            let from = made.get(&package).map_or("", String::as_str);
            failures.push(format!("{from}: {package}: {error}"));
        }
    }
    Ok(failures)
}

/// Writes the package of a document under a unique name; `None` if the document is rejected.
fn generated(
    mut document: Value,
    seed: u64,
    templates: &Templates,
    out: &Path,
) -> Result<Option<String>, String> {
    if let Some(name) = document.get_mut("name").filter(|n| n.is_string()) {
        *name = Value::from(format!("m{seed}"));
    }
    let text = document.to_string();
    let input = Input { file: "damaged.json", document: &text, overlay: None, methods: None };
    let Ok(model) = analyze(&input) else { return Ok(None) };
    let runtime = Runtime::Path("../../../runtime".to_owned());
    let options = Options { runtime, ..options() };
    let Ok(tree) = write(&model, "damaged.json", &options, templates) else { return Ok(None) };
    let package = &model.names.package;
    sync_tree(out, &package.folder, &tree)?;
    Ok(Some(package.package.clone()))
}

/// Runs Cargo on all packages; returns the failed ones with their first errors.
fn cargo(out: &Path, verb: &str) -> Result<BTreeMap<String, String>, String> {
    let mut command = cargo_command(out, verb);
    command.args(["--workspace", "--all-features", "--message-format", "short"]);
    command.args(if verb == "test" {
        ["--no-fail-fast", "--quiet"]
    } else {
        ["--keep-going", "--tests"]
    });
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("cargo: {e}"))?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let package = (line.split_once('/').map(|(folder, _)| format!("google-{folder}")))
            .filter(|_| line.contains(": error") || line.contains(": warning"));
        let failed =
            line.strip_prefix("error: could not compile `").and_then(|l| l.split('`').next());
        let tested = line.trim().strip_prefix("`-p ").and_then(|l| l.split(' ').next());
        if let Some(package) = package {
            let errors = failures.entry(package).or_default();
            if errors.len() < 600 {
                errors.push_str("\n    ");
                errors.push_str(line);
            }
        } else if let Some(package) = failed.or(tested) {
            failures.entry(package.to_owned()).or_default();
        }
    }
    if !output.status.success() && failures.is_empty() {
        return Err(text.into_owned());
    }
    Ok(failures)
}
