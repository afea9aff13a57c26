//! Random edits: every difference is reported consistently.

use crate::edits::{Edit, LIBRARY, Step, apply};
use crate::support::{json, model};
use discovery_generator::diff::{self, Action, Change, Diff, diff};
use discovery_generator::{Input, Model, analyze};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

fn after(steps: &[Step]) -> Option<Model> {
    let mut edit = Edit(json(LIBRARY));
    for step in steps {
        apply(&mut edit, *step);
    }
    let document = edit.0.to_string();
    analyze(&Input { file: "library.json", document: &document, overlay: None, methods: None }).ok()
}

/// Returns the number of additions minus removals. Fields of a new schema are not reported
/// individually, so a field that moves there counts as removed from its old place only.
fn growth(diff: &Diff) -> i64 {
    let is = |c: &Change, kind: &str| c.kind.to_string() == kind;
    let all = || diff.changes.iter();
    let fresh: BTreeSet<&str> =
        all().filter(|c| is(c, "schema added")).map(|c| c.place.name.as_str()).collect();
    let into_fresh = |c: &Change| {
        let holder = c.place.name.rsplit_once('.').map_or("", |(holder, _)| holder);
        is(c, "field moved") && fresh.contains(holder)
    };
    let of = |c: &Change| match c.kind.1 {
        Action::Added => 1,
        Action::Removed => -1,
        _ if into_fresh(c) => -1,
        _ => 0,
    };
    all().map(of).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_difference_is_reported(
        steps in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u16>()), 1..6),
        more in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u16>()), 0..3),
    ) {
        let Some(old) = after(&steps) else { return Ok(()) };
        prop_assert!(diff(&old, &old).is_empty());
        let all: Vec<Step> = steps.into_iter().chain(more).collect();
        for new in [model(LIBRARY)].into_iter().chain(after(&all)) {
            let (there, back) = (diff(&old, &new), diff(&new, &old));
            prop_assert_eq!(there.is_empty(), back.is_empty());
            // A rename detected in one direction only counts as an addition and a removal in the
            // other.
            prop_assert_eq!(growth(&there), -growth(&back));
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
