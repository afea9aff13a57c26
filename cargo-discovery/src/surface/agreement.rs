//! Compares the semver classification by the semantic diff with that by the syntax trees of the
//! generated crates, on random edits of a document.

#[path = "../../../generator/tests/diff/edits.rs"]
mod edits;

use super::{Agreement, Changes, Surface};
use discovery_generator::diff::{Diff, diff};
use discovery_generator::{Input, Model, Templates, analyze};
use edits::{Edit, LIBRARY, Step, apply};
use proptest::prelude::*;
use std::sync::OnceLock;

fn model(document: &str) -> Option<Model> {
    analyze(&Input { file: "library.json", document, overlay: None, methods: None }).ok()
}

/// Returns the surface of the generated crate.
fn surface(model: &Model, templates: &Templates) -> Surface {
    Surface::of(model, templates).expect("a surface")
}

fn templates() -> Templates {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let workspace = crate::workspace::Workspace::find().expect("a workspace");
        crate::catalog::template_files(&workspace).expect("templates")
    });
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str()))).expect("templates")
}

/// Returns why the two classifications disagree, if they do.
fn disagreement(said: &Diff, seen: &Changes) -> Option<String> {
    let why = match seen.agreement(said) {
        Agreement::Agreed | Agreement::Silent => return None,
        Agreement::Unconfirmed => "false alarm",
        Agreement::Missed => "missed",
    };
    Some(format!("{why}: {seen:?}\nsaid: {}", discovery_generator::diff::text(said)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn classification_matches_the_code(
        steps in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u16>()), 1..4)
    ) {
        let steps: Vec<Step> = steps;
        let mut edit = Edit(serde_json::from_str(LIBRARY).expect("JSON"));
        let templates = templates();
        let mut old = model(LIBRARY).expect("the document before");
        let mut old_surface = surface(&old, &templates);
        for step in &steps {
            apply(&mut edit, *step);
            let Some(new) = model(&edit.0.to_string()) else { break };
            let new_surface = surface(&new, &templates);
            let said = diff(&old, &new);
            let quarrel = disagreement(&said, &old_surface.compare(&new_surface));
            prop_assert!(quarrel.is_none(), "{}", quarrel.unwrap_or_default());
            (old, old_surface) = (new, new_surface);
        }
    }
}
