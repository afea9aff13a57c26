//! Pair of revisions with all classifications.

use super::checks::SemverResult;
use discovery_generator::diff::{Action, Diff};

/// Pair of revisions with three classifications.
pub(super) struct Case {
    /// Revisions, or the edit.
    pub(super) name: String,
    pub(super) ours: Diff,
    /// Whether the syntax trees show a breaking change.
    pub(super) seen_breaking: bool,
    pub(super) checked: Option<SemverResult>,
    /// Whether the edit is expected to be breaking, if the pair results from an edit.
    pub(super) expected: Option<bool>,
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
        let checked = self.checked.as_ref().is_some_and(|j| !j.lints.is_empty());
        let all = self.ours.verdict.is_breaking();
        match (self.ours.verdict.breaks_source(), checked, self.seen_breaking) {
            _ if self.expected == Some(true) && !all => Outcome::Missed,
            (false, false, false) if self.expected == Some(false) && all => Outcome::Unconfirmed,
            (true, true, _) | (false, false, false) => Outcome::Agreed,
            (true, false, true) if self.checked.is_none() => Outcome::Agreed,
            (true, false, true) => Outcome::NoRule,
            (true, false, false) if self.is_silent() => Outcome::NoRule,
            (true, false, false) => Outcome::Unconfirmed,
            (false, _, _) => Outcome::Missed,
        }
    }

    /// Returns `true` if arguments changed places, which signatures do not show.
    fn is_silent(&self) -> bool {
        self.ours.changes.iter().any(|c| c.verdict.breaks_source() && c.kind.1 == Action::Order)
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
            breaks(self.seen_breaking),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use discovery_generator::diff::Verdict;

    fn case(ours: Verdict, seen_breaking: bool, lints: Option<&[&str]>) -> Outcome {
        let ours = Diff {
            api: String::new(),
            old_revision: String::new(),
            new_revision: String::new(),
            verdict: ours,
            changes: Vec::new(),
        };
        let lints =
            lints.map(|l| SemverResult { lints: l.iter().map(|s| (*s).to_owned()).collect() });
        Case { name: String::new(), ours, seen_breaking, checked: lints, expected: None }.outcome()
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

    #[test]
    fn the_expected_result_takes_precedence() {
        let case = |ours, expected| {
            let name = String::new();
            let ours = Diff {
                api: String::new(),
                old_revision: String::new(),
                new_revision: String::new(),
                verdict: ours,
                changes: Vec::new(),
            };
            Case { name, ours, seen_breaking: false, checked: None, expected: Some(expected) }
                .outcome()
        };
        assert_eq!(case(Verdict::Compatible, true), Outcome::Missed);
        assert_eq!(case(Verdict::WIRE, true), Outcome::Agreed);
        assert_eq!(case(Verdict::WIRE, false), Outcome::Unconfirmed);
        assert_eq!(case(Verdict::Docs, false), Outcome::Agreed);
    }
}
