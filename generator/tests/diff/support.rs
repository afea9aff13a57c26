//! A small document and its edits.

pub(crate) use crate::edits::{Edit, LIBRARY};
use discovery_generator::diff::{Diff, Verdict, diff};
use discovery_generator::{Input, Model, analyze};
use serde_json::Value;

pub(crate) const BOOK: &str = "/schemas/Book/properties";
pub(crate) const BOOKS: &str = "/resources/shelves/resources/books/methods";

impl Edit {
    /// Replaces a string everywhere.
    pub(crate) fn replace(&mut self, from: &str, to: &str) {
        let text = self.0.to_string();
        assert!(text.contains(from), "{from} is nowhere");
        self.0 = serde_json::from_str(&text.replace(from, to)).unwrap();
    }
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

pub(crate) fn model(document: &str) -> Model {
    let input = Input { file: "library.json", document, overlay: None, methods: None };
    analyze(&input).unwrap_or_else(|report| panic!("{report}"))
}

/// Returns the diff caused by an edit.
pub(crate) fn edited(edit: impl FnOnce(&mut Edit)) -> Diff {
    let mut document = Edit(json(LIBRARY));
    edit(&mut document);
    diff(&model(LIBRARY), &model(&document.0.to_string()))
}

/// An edit with its expected changes: kind, place, and severity, most severe first.
pub(crate) type Case =
    (&'static str, fn(&mut Edit), &'static [(&'static str, &'static str, Verdict)]);

/// Checks a table of edits.
pub(crate) fn check(cases: &[Case]) {
    let mut wrong = String::new();
    for (name, edit, expected) in cases {
        let found = edited(edit);
        let said: Vec<(String, &str, Verdict)> = (found.changes.iter())
            .map(|c| (c.kind.to_string(), c.place.name.as_str(), c.verdict))
            .collect();
        let same = said.len() == expected.len()
            && said.iter().zip(*expected).all(|(a, b)| (a.0.as_str(), a.1, a.2) == *b);
        if !same {
            wrong.push_str(&format!("{name}:\n  said     {said:?}\n  expected {expected:?}\n"));
        }
        let places = found.changes.iter().map(|c| &c.place.pointer);
        for pointer in places.filter(|p| !p.is_empty()) {
            assert!(pointer.starts_with('/'), "{name}: {pointer}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
