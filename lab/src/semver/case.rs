//! Pair of revisions with all classifications.

use super::checks::SemverResult;
use crate::surface::{Agreement, Changes};
use discovery_generator::diff::Diff;

/// Pair of revisions with three classifications.
pub(super) struct Case {
    /// Revisions, or the edit.
    pub(super) name: String,
    pub(super) ours: Diff,
    /// Changes that the syntax trees show.
    pub(super) seen: Changes,
    pub(super) checked: Option<SemverResult>,
}

/// Agreement of the classifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// All agree.
    Agreed,
    /// cargo-semver-checks has no rule for a change that this project and the syntax trees report.
    NoRule,
    /// Only this project reports it as breaking.
    Unconfirmed,
    /// Only another classification is breaking.
    Missed,
}

impl Case {
    pub(super) fn outcome(&self) -> Outcome {
        let lints = self.checked.as_ref().map(|result| !result.lints.is_empty());
        let ours = self.ours.verdict.breaks_source();
        match (self.seen.agreement(&self.ours), lints) {
            (Agreement::Missed, _) => Outcome::Missed,
            (_, Some(true)) => {
                if ours {
                    Outcome::Agreed
                } else {
                    Outcome::Missed
                }
            }
            (Agreement::Agreed, Some(false)) if ours => Outcome::NoRule,
            (Agreement::Agreed, _) => Outcome::Agreed,
            (Agreement::Silent, _) => Outcome::NoRule,
            (Agreement::Unconfirmed, _) => Outcome::Unconfirmed,
        }
    }

    /// Returns the kinds of changes that we classify as breaking, each once.
    pub(super) fn kinds(&self) -> String {
        let mut kinds: Vec<String> = (self.ours.changes.iter())
            .filter(|c| c.verdict.breaks_source())
            .map(|c| c.kind.to_string())
            .collect();
        kinds.sort();
        kinds.dedup();
        kinds.join(", ")
    }

    pub(super) fn line(&self) -> String {
        let breaks = |yes: bool| if yes { "breaking" } else { "compatible" };
        let checks = match &self.checked {
            None => "not asked".to_owned(),
            Some(result) if result.lints.is_empty() => "compatible".to_owned(),
            Some(result) => format!("breaking: {}", result.lints.join(", ")),
        };
        let outcome = match self.outcome() {
            Outcome::Agreed => "agreed",
            Outcome::NoRule => "cargo-semver-checks has no rule",
            Outcome::Unconfirmed => "only ours is breaking",
            Outcome::Missed => "MISSED",
        };
        let kinds = self.kinds();
        let kinds = if kinds.is_empty() { kinds } else { format!(" ({kinds})") };
        format!(
            "{}: {outcome}\n  we: {}{kinds}\n  syntax trees: {}\n  cargo-semver-checks: {checks}",
            self.name,
            self.ours.verdict,
            breaks(self.seen.is_breaking()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use discovery_generator::diff::Verdict;

    fn case(ours: Verdict, breaking: bool, lints: Option<&[&str]>) -> Outcome {
        let ours = Diff {
            api: String::new(),
            old_revision: String::new(),
            new_revision: String::new(),
            verdict: ours,
            changes: Vec::new(),
        };
        let lints =
            lints.map(|l| SemverResult { lints: l.iter().map(|s| (*s).to_owned()).collect() });
        let removed = breaking.then(|| "crate::f".to_owned()).into_iter().collect();
        let seen = Changes { removed, ..Changes::default() };
        Case { name: String::new(), ours, seen, checked: lints }.outcome()
    }

    #[test]
    fn outcomes() {
        let lint: &[&str] = &["struct_missing"];
        for (ours, seen, checked, outcome) in [
            (Verdict::SOURCE, true, Some(lint), Outcome::Agreed),
            (Verdict::WIRE, false, Some(&[][..]), Outcome::Agreed),
            (Verdict::Compatible, false, None, Outcome::Agreed),
            (Verdict::SOURCE, true, None, Outcome::Agreed),
            (Verdict::SOURCE, true, Some(&[]), Outcome::NoRule),
            (Verdict::SOURCE, false, Some(&[]), Outcome::Unconfirmed),
            (Verdict::Compatible, false, Some(lint), Outcome::Missed),
            (Verdict::WIRE, false, Some(lint), Outcome::Missed),
            (Verdict::Docs, true, Some(&[]), Outcome::Missed),
        ] {
            assert_eq!(case(ours, seen, checked), outcome, "{ours} {seen} {checked:?}");
        }
    }
}
