//! Selections: changes outside of both selections are ignored, and a changed selection is a change.

use crate::edits::{Edit, LIBRARY};
use crate::support::{BOOK, BOOKS, json};
use discovery_generator::diff::{Verdict, diff, text};
use discovery_generator::selection::Selection;
use discovery_generator::{Input, Model, analyze};
use serde_json::json;

fn model(document: &str, patterns: &[&str]) -> Model {
    let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
    let methods = (!patterns.is_empty()).then(|| Selection::new(&patterns));
    let input = Input { file: "library.json", document, overlay: None, methods };
    analyze(&input).unwrap_or_else(|report| panic!("{report}"))
}

fn edited(edit: impl FnOnce(&mut Edit)) -> String {
    let mut document = Edit(json(LIBRARY));
    edit(&mut document);
    document.0.to_string()
}

#[test]
fn unselected_changes_are_ignored() {
    let selection = ["shelves.create", "shelves.delete"];
    let verb = format!("{BOOKS}/list/httpMethod");
    for (name, new) in [
        ("a verb", edited(|d| d.set(&verb, json!("POST")))),
        ("a field", edited(|d| d.set(&format!("{BOOK}/title/type"), json!("boolean")))),
        ("a method", edited(|d| drop(d.remove(&format!("{BOOKS}/move"))))),
    ] {
        let whole = diff(&model(LIBRARY, &[]), &model(&new, &[]));
        assert!(whole.verdict.is_breaking(), "{name}: {}", text(&whole));
        let some = diff(&model(LIBRARY, &selection), &model(&new, &selection));
        assert!(some.is_empty(), "{name}: {}", text(&some));
    }
}

#[test]
fn selected_changes_are_reported() {
    let selection = ["shelves.books.get"];
    let new = edited(|d| d.set(&format!("{BOOK}/title/type"), json!("boolean")));
    let found = diff(&model(LIBRARY, &selection), &model(&new, &selection));
    assert!(found.verdict.is_breaking(), "{}", text(&found));
}

#[test]
fn another_selection_is_a_change() {
    let all: &[&str] = &[];
    let some: &[&str] = &["shelves.create", "shelves.books.get"];
    let fewer: &[&str] = &["shelves.create"];
    let spelled: &[&str] = &["shelves.books.get", "shelves.create"];
    for (old, new, verdict) in [
        (all, some, Verdict::SOURCE),
        (some, fewer, Verdict::SOURCE),
        (fewer, some, Verdict::Compatible),
        (some, all, Verdict::Compatible),
        (some, spelled, Verdict::None),
    ] {
        let found = diff(&model(LIBRARY, old), &model(LIBRARY, new));
        let own = found.changes.iter().find(|c| c.kind.to_string() == "api selection changed");
        assert_eq!(own.map(|change| change.verdict), Some(verdict), "{old:?} {new:?}");
        assert_eq!(found.verdict, verdict, "{old:?} {new:?}: {}", text(&found));
    }
    let same = diff(&model(LIBRARY, some), &model(LIBRARY, some));
    assert!(same.is_empty(), "{}", text(&same));
}

#[test]
fn reports_distinguish_selection_from_document() {
    let (some, fewer) = (["shelves.create", "shelves.delete"], ["shelves.create"]);
    let found = text(&diff(&model(LIBRARY, &some), &model(LIBRARY, &fewer)));
    let told = "shelves.create, shelves.delete → shelves.create\n";
    assert!(found.contains(told), "{found}");
    assert!(found.contains("It is no longer selected; the document still has it."), "{found}");
    let found = text(&diff(&model(LIBRARY, &fewer), &model(LIBRARY, &some)));
    assert!(found.contains("It was not selected before."), "{found}");
    // A method removed from the document is reported differently.
    let new = edited(|d| drop(d.remove("/resources/shelves/methods/delete")));
    let found = text(&diff(&model(LIBRARY, &["shelves.*"]), &model(&new, &["shelves.*"])));
    assert!(!found.contains("selected"), "{found}");
}
