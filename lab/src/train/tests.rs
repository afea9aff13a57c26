use super::document::{Change, Outcome};
use super::{each, steps, table, verdicts};
use crate::train::document::Step;
use serde_json::{Value, json};
use std::num::NonZero;
use std::path::Path;

fn document(edit: impl FnOnce(&mut Value)) -> String {
    let mut document = json!({
        "name": "tiny", "version": "v1", "revision": "20250101",
        "rootUrl": "https://tiny.example.com/",
        "schemas": {"R": {"id": "R", "type": "object", "properties": {"a": {"type": "string"}}}},
        "resources": {"things": {"methods": {"get": {
            "id": "tiny.things.get", "path": "v1/x", "httpMethod": "GET", "response": {"$ref": "R"},
        }}}},
    });
    edit(&mut document);
    document.to_string()
}

fn put(dir: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join(name), text).unwrap();
}

/// A temporary folder.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("train-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Creates two folders with a document for every outcome.
fn fill(old: &Path, new: &Path) {
    let plain = document(|_| {});
    let field = |d: &mut Value| d["schemas"]["R"]["properties"]["b"] = json!({"type": "string"});
    let revision = |d: &mut Value| d["revision"] = json!("20250202");
    for (name, before, after) in [
        ("same.json", Some(&plain), Some(plain.clone())),
        ("revision.json", Some(&plain), Some(document(revision))),
        ("gone.json", Some(&plain), None),
        ("new.json", None, Some(plain.clone())),
        (
            "more.json",
            Some(&plain),
            Some(document(|d| {
                field(d);
                revision(d)
            })),
        ),
        ("less.json", Some(&document(field)), Some(plain.clone())),
        (
            "text.json",
            Some(&plain),
            Some(document(|d| d["schemas"]["R"]["description"] = json!("An R."))),
        ),
        (
            "wire.json",
            Some(&plain),
            Some(document(|d| d["rootUrl"] = json!("https://other.example.com/"))),
        ),
        ("broken.json", Some(&plain), Some("{".to_owned())),
        ("notes.txt", Some(&plain), Some(plain.clone())),
    ] {
        before.iter().for_each(|text| put(old, name, text));
        after.iter().for_each(|text| put(new, name, text));
    }
}

#[test]
fn documents_are_counted_by_outcome() {
    let folder = Folder::new("all");
    let (old, new) = (folder.0.join("old"), folder.0.join("new"));
    fill(&old, &new);
    let steps = steps(&old, &new).unwrap();
    let jobs = NonZero::new(2).unwrap();
    let templates = crate::catalog::template_files(crate::paths::workspace()).unwrap();
    let outcomes = each(jobs, &templates, &steps, Step::run);
    let rows = table::rows(&outcomes);
    let value = |name: &str| rows.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    for (name, expected) in [
        ("documents", "9"),
        ("the same", "2"),
        ("gone", "1"),
        ("new", "1"),
        ("changed", "4"),
        ("  docs", "1"),
        ("  compatible", "1"),
        ("  breaking (wire)", "1"),
        ("  breaking (source)", "1"),
        ("  breaking (both)", "0"),
        ("refused", "1"),
        ("panicked", "0"),
        ("0.1.0 → 0.1.1", "2"),
        ("0.1.0 → 0.2.0", "2"),
    ] {
        assert_eq!(value(name), Some(expected), "{name}: {rows:?}");
    }
    let of = |name: &str| outcomes.iter().find(|o| o.name == name).unwrap();
    let line = "more.json: compatible: 0 breaking, 1 compatible, 0 docs; \
                0.1.0+20250101 → 0.1.1+20250202";
    assert_eq!(of("more.json").line().as_deref(), Some(line));
    assert!(matches!(of("broken.json").change, Change::Refused(_)) && of("broken.json").failed());
    assert!(of("new.json").files > 0 && of("same.json").files == 0);
    let sample = verdicts::sample(&steps, &outcomes, 3);
    assert_eq!(sample.len(), 3);
    let all = verdicts::sample(&steps, &outcomes, 99);
    assert_eq!(all.len(), outcomes.iter().filter_map(Outcome::verdict).count());
    assert!(verdicts::print(&each(jobs, &templates, &all, verdicts::Sample::compare)));
}

#[test]
fn a_folder_without_documents_is_an_error() {
    let folder = Folder::new("none");
    let (old, new) = (folder.0.join("old"), folder.0.join("new"));
    put(&old, "a.json", "{}");
    put(&new, "a.txt", "{}");
    let error = steps(&old, &new).err().unwrap();
    assert!(error.ends_with("new: no documents"), "{error}");
    assert!(steps(&old, &folder.0.join("nowhere")).is_err());
}
