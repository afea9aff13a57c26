//! A run killed after any step leaves a tree that Cargo can read.

use super::{RunOptions, Scope, all_steps, decide, generate};
use crate::catalog;
use crate::commit;
use crate::edits::Edits;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = include_str!("../../../generator/tests/shapes/updates/discovery.json");

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn workspace(root: &Path) -> Workspace {
    let repository = std::env::current_dir().unwrap().parent().unwrap().to_owned();
    let templates = crate::workspace::TemplateSource::Folder(repository.join("templates"));
    Workspace::of_user(root.to_owned(), templates)
}

/// Writes a catalog with APIs and their products.
fn list(root: &Path, apis: &[(&str, &[&str])]) {
    let entry = |(name, products): &(&str, &[&str])| {
        put(
            root,
            &format!("discovery/{name}.json"),
            &DOCUMENT.replace("\"tiny", &format!("\"{name}")),
        );
        format!("{{\"id\":\"{name}:v1\",\"document\":\"{name}.json\",\"products\":{products:?}}}")
    };
    let entries: Vec<String> = apis.iter().map(entry).collect();
    let runtime = std::env::current_dir().unwrap().parent().unwrap().join("runtime");
    let list = format!("{{\"runtime\":{{\"path\":{runtime:?}}},\"apis\":[{}]}}", entries.join(","));
    put(root, "discovery/apis.json", &list);
}

/// Runs the first `count` steps, or all, and returns the number of steps.
fn run(root: &Path, count: Option<usize>) -> usize {
    let workspace = workspace(root);
    let sources = catalog::sources(&workspace, None).unwrap();
    let options = RunOptions { since: None, must_plan: false, bump: false, strict: false };
    let mut made = generate(&workspace, &sources, &options).unwrap();
    let edits = Edits::default();
    let decision = decide(&workspace, &mut made, &edits, &Scope::Whole).unwrap();
    let steps = all_steps(&workspace, decision, edits).unwrap();
    let some = &steps[..count.unwrap_or(steps.len()).min(steps.len())];
    commit::run(&workspace.discovery().join(".staged"), some).unwrap();
    steps.len()
}

fn cargo_reads_it(root: &Path, what: &str) {
    let output = Command::new(std::env::var_os("CARGO").unwrap())
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

const ALL: &[&str] = &["client", "cli", "mock"];

#[test]
fn cargo_reads_the_tree_after_every_step() {
    type Apis = &'static [(&'static str, &'static [&'static str])];
    let before_and_after: [(Apis, Apis); 5] = [
        (&[], &[("tiny", ALL)]),
        (&[("tiny", ALL)], &[("other", ALL)]),
        (&[("tiny", &["client"])], &[("tiny", ALL)]),
        (&[("tiny", ALL)], &[("tiny", &["client"])]),
        (&[("tiny", ALL)], &[]),
    ];
    for members in ["\"hand\", \"generated/*\"", "\"hand\""] {
        for (before, after) in before_and_after {
            let dir = tempfile::tempdir().unwrap();
            let first = dir.path().join("first");
            put(&first, "Cargo.toml", &format!("[workspace]\nmembers = [{members}]\n"));
            put(&first, "hand/Cargo.toml", "[package]\nname = \"hand\"\nversion = \"0.1.0\"\n");
            put(&first, "hand/src/lib.rs", "");
            list(&first, before);
            run(&first, None);
            if !before.is_empty() || !members.contains('*') {
                cargo_reads_it(&first, "before");
            }
            list(&first, after);
            let mut count = 0;
            loop {
                let killed = dir.path().join(count.to_string());
                copy(&first, &killed);
                let all = run(&killed, Some(count));
                // Cargo rejects a pattern that matches nothing, whatever the generator does.
                let is_empty = members.contains('*') && !killed.join("generated").exists();
                if !is_empty {
                    cargo_reads_it(
                        &killed,
                        &format!("{members}, {after:?}, step {count} of {all}"),
                    );
                }
                if count >= all {
                    assert_eq!(run(&killed, None), 0, "no steps are left");
                    break;
                }
                // Runs with many steps mostly change files, so most of those steps are skipped.
                count += if count > 5 && count + 9 < all { 7 } else { 1 };
                fs::remove_dir_all(&killed).unwrap();
            }
        }
    }
}

#[test]
fn the_next_run_completes_a_killed_one() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    put(root, "Cargo.toml", "[workspace]\nmembers = [\"generated/*\"]\n");
    put(root, "discovery/.staged/3/Cargo.toml", "half of a pack");
    list(root, &[("tiny", ALL)]);
    run(root, Some(2));
    run(root, None);
    assert_eq!(run(root, None), 0);
    assert!(!root.join("discovery/.staged").exists());
    cargo_reads_it(root, "after");
}
