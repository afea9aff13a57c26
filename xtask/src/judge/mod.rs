//! `cargo xtask diff-judge`: is our verdict that of somebody who knows nothing of documents?

mod checks;
mod crates;

use crate::paths::{read, root, walk};
use crate::surface::Surface;
use checks::Judgement;
use crates::Revision;
use discovery_generator::diff::{Action, Diff, diff};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check our verdicts with cargo-semver-checks, on all revisions of a document
///
/// For each consecutive pair of the documents in DIR, both crates are generated and judged. It
/// fails if a breaking change is found that we do not call breaking. Needs `cargo install
/// cargo-semver-checks --locked`; the crates are built in target/judge.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with revisions of one document
    dir: PathBuf,
    /// Cargo features of the generated crates to build with
    #[arg(long, value_name = "NAMES", default_value = "client,serde")]
    features: String,
    /// Compare syntax trees only; build nothing
    #[arg(long)]
    no_build: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let out = root().join("target/judge");
    let revisions = revisions(&args.dir, &out)?;
    if revisions.len() < 2 {
        return Err(format!("{}: two revisions are needed", args.dir.display()));
    }
    let mut verdicts = Vec::new();
    for pair in revisions.windows(2) {
        let [old, new] = pair else { continue };
        let seen = Surface::read(&old.files)?.compare(&Surface::read(&new.files)?);
        let judged = match args.no_build {
            true => None,
            false => Some(checks::judge(&old.folder, &new.folder, &args.features, &out)?),
        };
        let case = Case {
            pair: format!("{} → {}", old.name, new.name),
            ours: diff(&old.model, &new.model),
            seen_breaking: seen.is_breaking(),
            judged,
        };
        println!("{}", case.line());
        verdicts.push(case);
    }
    let missed = verdicts.iter().filter(|c| c.outcome() == Outcome::Missed).count();
    let unconfirmed = verdicts.iter().filter(|c| c.outcome() == Outcome::Unconfirmed).count();
    println!("{} pairs: {missed} missed, {unconfirmed} that only we call breaking", verdicts.len());
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A pair of revisions, and three opinions on it.
struct Case {
    pair: String,
    ours: Diff,
    /// What the syntax trees show.
    seen_breaking: bool,
    judged: Option<Judgement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All say the same.
    Agreed,
    /// The judge is silent where we and the syntax trees are not: it has no rule.
    NoRule,
    /// Nobody but we calls it breaking.
    Unconfirmed,
    /// Somebody calls it breaking, and we do not.
    Missed,
}

impl Case {
    fn outcome(&self) -> Outcome {
        let judged = self.judged.as_ref().is_some_and(|j| !j.lints.is_empty());
        match (self.ours.verdict.breaks_source(), judged, self.seen_breaking) {
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

    fn line(&self) -> String {
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
        let mut kinds: Vec<String> = (self.ours.changes.iter())
            .filter(|c| c.verdict.breaks_source())
            .map(|c| c.kind.to_string())
            .collect();
        kinds.sort();
        kinds.dedup();
        let kinds =
            if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        format!(
            "{}: {outcome}\n  we: {}{kinds}\n  syntax trees: {}\n  cargo-semver-checks: {judge}",
            self.pair,
            self.ours.verdict,
            breaks(self.seen_breaking),
        )
    }
}

/// The revisions in a folder, oldest first, each generated below `out`.
fn revisions(dir: &Path, out: &Path) -> Result<Vec<Revision>, String> {
    let mut all = Vec::new();
    for file in walk(dir)?.into_iter().filter(|f| f.ends_with(".json")) {
        all.push(Revision::new(&file, &read(&dir.join(&file))?)?);
    }
    all.sort_by(|a, b| {
        let key = |r: &Revision| (r.model.api.revision.parse::<u64>().unwrap_or(0), r.name.clone());
        key(a).cmp(&key(b))
    });
    let mut ids: Vec<&str> = all.iter().map(|r| r.model.api.id.as_str()).collect();
    ids.dedup();
    if ids.len() > 1 {
        return Err(format!("{}: documents of several APIs: {}", dir.display(), ids.join(", ")));
    }
    for revision in &mut all {
        revision.write(out)?;
    }
    Ok(all)
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
        Case { pair: String::new(), ours, seen_breaking, judged: lints }.outcome()
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
}
