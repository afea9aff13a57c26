//! Random edits that imitate the changes between revisions of a document.
//!
//! An edit does not state whether it is breaking: the diff's classification is checked with the public
//! API of the generated crates, and with the tables of `generator/tests/diff` where code shows nothing.

mod command;
mod fields;
mod find;
mod methods;
mod values;

pub(crate) use command::{Args, run};

use discovery_generator::{Input, Model, analyze};
use fastrand::Rng;
use serde_json::Value;

/// Applies an edit; returns its position, or `None` if it does not apply to the document.
type Do = fn(&mut Value, &mut Rng) -> Option<String>;

/// A kind of edit.
pub(crate) struct Kind {
    /// Short description.
    pub(crate) name: &'static str,
    run: Do,
}

/// Returns all kinds: those of schemas, values, and methods.
pub(crate) fn kinds() -> Vec<Kind> {
    let kind = |&(name, run): &(&'static str, Do)| Kind { name, run };
    [fields::KINDS, values::KINDS, methods::KINDS].into_iter().flatten().map(kind).collect()
}

/// An edited document.
pub(crate) struct Edited {
    pub(crate) kind: Kind,
    /// Position of the edit.
    pub(crate) place: String,
    pub(crate) document: Value,
    pub(crate) model: Model,
}

/// Applies the `n`th kind, or the next kind that applies to this document and leaves a valid
/// document. `None` if there is none.
pub(crate) fn apply(document: &Value, n: usize, random: &mut Rng) -> Option<Edited> {
    let count = kinds().len();
    (0..count).find_map(|more| {
        let kind = kinds().into_iter().nth((n + more) % count)?;
        // A random position may be unsuitable.
        (0..5).find_map(|_| once(document, &kind, random)).map(|(place, document, model)| Edited {
            kind,
            place,
            document,
            model,
        })
    })
}

fn once(document: &Value, kind: &Kind, random: &mut Rng) -> Option<(String, Value, Model)> {
    let mut edited = document.clone();
    let place = (kind.run)(&mut edited, random)?;
    let model = model(&edited).ok()?;
    (edited != *document).then_some((place, edited, model))
}

/// Builds the model of a document without an overlay.
pub(crate) fn model(document: &Value) -> Result<Model, String> {
    let text = document.to_string();
    let input = Input { file: "edited document", document: &text, overlay: None, methods: None };
    analyze(&input).map_err(|report| report.to_string())
}

/// Applies `count` successive edits; returns the document and the edits.
pub(crate) fn many(
    document: &Value,
    count: usize,
    seed: u64,
) -> Result<(Value, Vec<String>), String> {
    let mut random = Rng::with_seed(seed);
    let (mut document, mut done) = (document.clone(), Vec::new());
    for _ in 0..count {
        let start = random.usize(..kinds().len());
        let edited = apply(&document, start, &mut random)
            .ok_or("no edit applies to the document, or it is invalid")?;
        done.push(format!("{}: {}", edited.kind.name, edited.place));
        document = edited.document;
    }
    Ok((document, done))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::{Agreement, Surface};
    use discovery_generator::diff::diff;

    const LIBRARY: &str = include_str!("../../../generator/tests/diff/library.json");

    /// On a real document and one made for diffs, our classification matches the public API of the
    /// crates.
    #[test]
    fn classification_matches_the_code() {
        let templates = crate::catalog::templates(crate::paths::workspace()).unwrap();
        let surface = |model: &Model| Surface::of(model, &templates).unwrap();
        let jobs = crate::catalog::sources(crate::paths::workspace(), Some("jobs:v3"))
            .unwrap()
            .remove(0)
            .document;
        let mut tried = std::collections::BTreeSet::new();
        for (text, rounds) in [(jobs.as_str(), 1), (LIBRARY, 4)] {
            let document: Value = serde_json::from_str(text).unwrap();
            let old = model(&document).unwrap_or_else(|report| panic!("{report}"));
            let before = surface(&old);
            let mut random = Rng::with_seed(7);
            for n in 0..rounds * kinds().len() {
                let edited = apply(&document, n, &mut random).unwrap();
                let said = diff(&old, &edited.model);
                let what = format!("{}: {}", edited.kind.name, edited.place);
                let seen = before.compare(&surface(&edited.model));
                let agreement = seen.agreement(&said);
                let agreed = matches!(agreement, Agreement::Agreed | Agreement::Silent);
                assert!(agreed, "{what}: {agreement:?}\n{said:#?}\n{seen:#?}");
                assert!(!said.is_empty(), "{what}");
                tried.insert(edited.kind.name);
            }
        }
        let all: std::collections::BTreeSet<_> = kinds().iter().map(|kind| kind.name).collect();
        assert_eq!(tried, all, "kinds without an edit");
    }

    #[test]
    fn edits_are_deterministic() {
        let document: Value = serde_json::from_str(LIBRARY).unwrap();
        let (a, b) = (many(&document, 5, 3).unwrap(), many(&document, 5, 3).unwrap());
        assert_eq!(a.0.to_string(), b.0.to_string());
        assert_eq!(a.1.len(), 5);
        assert_ne!(a.1, many(&document, 5, 4).unwrap().1);
        assert!(many(&serde_json::json!({}), 1, 1).is_err());
    }
}
