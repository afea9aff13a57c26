//! Pair of revisions with all verdicts.

use super::checks::Judgement;
use discovery_generator::diff::{Action, Diff};

/// Pair of revisions with three verdicts.
pub(super) struct Case {
    /// The revisions, or the edit.
    pub(super) name: String,
    pub(super) ours: Diff,
    /// What the syntax trees show.
    pub(super) seen_breaking: bool,
    pub(super) judged: Option<Judgement>,
    /// Whether the editor, if one made the pair, says that it breaks users.
    pub(super) expected: Option<bool>,
}

/// Agreement of the verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// All agree.
    Agreed,
    /// cargo-semver-checks has no rule for a change that this project and the syntax trees report.
    NoRule,
    /// Only this project reports it as breaking.
    Unconfirmed,
    /// Another verdict is breaking, and this project's is not.
    Missed,
}

impl Case {
    pub(super) fn outcome(&self) -> Outcome {
        let judged = self.judged.as_ref().is_some_and(|j| !j.lints.is_empty());
        let all = self.ours.verdict.is_breaking();
        match (self.ours.verdict.breaks_source(), judged, self.seen_breaking) {
            _ if self.expected == Some(true) && !all => Outcome::Missed,
            (false, false, false) if self.expected == Some(false) && all => Outcome::Unconfirmed,
            (true, true, _) | (false, false, false) => Outcome::Agreed,
            (true, false, true) if self.judged.is_none() => Outcome::Agreed,
            (true, false, true) => Outcome::NoRule,
            (true, false, false) if self.is_silent() => Outcome::NoRule,
            (true, false, false) => Outcome::Unconfirmed,
            (false, _, _) => Outcome::Missed,
        }
    }

    /// Whether arguments changed places: no signature shows that.
    fn is_silent(&self) -> bool {
        self.ours.changes.iter().any(|c| c.verdict.breaks_source() && c.kind.1 == Action::Order)
    }

    /// Kinds of changes that we call breaking for code, each once.
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
        let judge = match &self.judged {
            None => "not asked".to_owned(),
            Some(judgement) if judgement.lints.is_empty() => "compatible".to_owned(),
            Some(judgement) => format!("breaking: {}", judgement.lints.join(", ")),
        };
        let outcome = match self.outcome() {
            Outcome::Agreed => "agreed",
            Outcome::NoRule => "the judge has no rule",
            Outcome::Unconfirmed => "only we say so",
            Outcome::Missed => "MISSED",
        };
        let kinds = self.kinds();
        let kinds = if kinds.is_empty() { kinds } else { format!(" ({kinds})") };
        format!(
            "{}: {outcome}\n  we: {}{kinds}\n  syntax trees: {}\n  cargo-semver-checks: {judge}",
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
        let lints = lints.map(|l| Judgement { lints: l.iter().map(|s| (*s).to_owned()).collect() });
        Case { name: String::new(), ours, seen_breaking, judged: lints, expected: None }.outcome()
    }

    #[test]
    fn outcomes() {
        let lint: &[&str] = &["struct_missing"];
        for (ours, seen, judged, outcome) in [
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
            assert_eq!(case(ours, seen, judged), outcome, "{ours} {seen} {judged:?}");
        }
    }

    #[test]
    fn whoever_edits_knows_better() {
        let case = |ours, expected| {
            let name = String::new();
            let ours = Diff {
                api: String::new(),
                old_revision: String::new(),
                new_revision: String::new(),
                verdict: ours,
                changes: Vec::new(),
            };
            Case { name, ours, seen_breaking: false, judged: None, expected: Some(expected) }
                .outcome()
        };
        assert_eq!(case(Verdict::Compatible, true), Outcome::Missed);
        assert_eq!(case(Verdict::WIRE, true), Outcome::Agreed);
        assert_eq!(case(Verdict::WIRE, false), Outcome::Unconfirmed);
        assert_eq!(case(Verdict::Docs, false), Outcome::Agreed);
    }
}
