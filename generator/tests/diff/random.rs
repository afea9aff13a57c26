//! Random edits: whatever a document becomes, its difference is told, and holds together.

use crate::support::{Edit, LIBRARY, json, model};
use discovery_generator::diff::{self, Action, Diff, diff};
use discovery_generator::error::pointer;
use discovery_generator::{Input, Model, understand};
use proptest::prelude::*;
use serde_json::Value;

/// Words that mean something in a document.
const WORDS: &[&str] = &[
    "string",
    "integer",
    "boolean",
    "array",
    "object",
    "any",
    "int32",
    "int64",
    "double",
    "byte",
    "path",
    "query",
    "GET",
    "POST",
    "Book",
    "Author",
    "Shelf",
    "Tags",
    "Medium",
    "Settings",
    "name",
    "NOVEL",
    "v1/{+name}",
    "v1/{+parent}/books",
    "größe \u{202e}`<b>`",
    "",
];

/// One random edit: where, by number among all places, what is done there, and a word for it.
type Step = (u16, u8, u16);

fn places(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let at = pointer(&at, key);
                out.push(at.clone());
                places(inner, at, out);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                let at = pointer(&at, &i.to_string());
                out.push(at.clone());
                places(inner, at, out);
            }
        }
        _ => {}
    }
}

fn apply(edit: &mut Edit, (place, what, word): Step) {
    let (place, word) = (usize::from(place), usize::from(word));
    let mut all = Vec::new();
    places(&edit.0, String::new(), &mut all);
    let at = &all[place % all.len()];
    let other = &all[(place / 7 + word) % all.len()];
    let word = WORDS[word % WORDS.len()];
    let parent = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    match what % 5 {
        0 => drop(edit.remove(at)),
        1 => edit.set(at, word),
        2 => edit.set(at, word.is_empty()),
        // A copy, beside itself or in place of something else.
        3 => {
            let copy = edit.0.pointer(at).cloned().unwrap_or_default();
            let target = if word.len() % 2 == 0 { other.clone() } else { pointer(parent, word) };
            if edit.0.pointer(parent).is_some_and(Value::is_object) || target == *other {
                edit.set(&target, copy);
            }
        }
        _ => {
            if edit.0.pointer(parent).is_some_and(Value::is_object) {
                edit.relocate(at, &pointer(parent, word));
            }
        }
    }
}

fn after(steps: &[Step]) -> Option<Model> {
    let mut edit = Edit(json(LIBRARY));
    for step in steps {
        apply(&mut edit, *step);
    }
    let document = edit.0.to_string();
    understand(&Input { file: "library.json", document: &document, overlay: None }).ok()
}

/// How many things came, and how many went.
fn came_and_went(diff: &Diff) -> (usize, usize) {
    let count = |action| diff.changes.iter().filter(|c| c.kind.1 == action).count();
    (count(Action::Added), count(Action::Removed))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_difference_is_told(
        steps in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u16>()), 1..6),
        more in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u16>()), 0..3),
    ) {
        let Some(old) = after(&steps) else { return Ok(()) };
        prop_assert!(diff(&old, &old).is_empty());
        let all: Vec<Step> = steps.into_iter().chain(more).collect();
        for new in [model(LIBRARY)].into_iter().chain(after(&all)) {
            let (there, back) = (diff(&old, &new), diff(&new, &old));
            let (came, went) = came_and_went(&there);
            prop_assert_eq!((went, came), came_and_went(&back));
            let worst = there.changes.iter().map(|c| c.verdict).max().unwrap_or_default();
            prop_assert!(there.verdict >= worst);
            prop_assert_eq!(there.verdict.is_breaking(), worst.is_breaking());
            let markdown = diff::markdown(&there, Some("1.0.0"));
            prop_assert_eq!(markdown.matches("<details>").count(), markdown.matches("</details>").count());
            prop_assert!(diff::text(&there).lines().count() > there.changes.len());
            let parsed: Value = serde_json::from_str(&diff::json(&there)).unwrap();
            prop_assert_eq!(parsed["changes"].as_array().map(Vec::len), Some(there.changes.len()));
            prop_assert!(diff::changelog(&there, "1.0.0").starts_with("## 1.0.0\n"));
        }
    }
}
