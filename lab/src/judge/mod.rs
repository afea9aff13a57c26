//! `cargo lab diff-judge`: compares the diff's verdicts with those of cargo-semver-checks.

mod case;
mod checks;
mod crates;

use crate::edits;
use crate::paths::{read, root, walk};
use crate::surface::Surface;
use case::{Case, Outcome};
use crates::Revision;
use discovery_generator::diff::diff;
use fastrand::Rng;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check our verdicts with cargo-semver-checks
///
/// PATH is a folder with revisions of one document, or of several: for each consecutive pair, both
/// crates are generated and judged. With --edits, PATH is a document, or a folder of them, and each is
/// compared with itself after one edit at a random place: a field goes, a method gets another
/// name, and so on. It fails if a breaking change is found that we do not call breaking. Needs
/// `cargo install cargo-semver-checks --locked`; the crates are built in target/judge.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with revisions of documents; with --edits, any documents
    path: PathBuf,
    /// Number of edits per document, instead of comparing revisions
    #[arg(long, value_name = "COUNT")]
    edits: Option<usize>,
    /// Where the random numbers begin
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "edits")]
    seed: u64,
    /// Cargo features of the generated crates to build with
    #[arg(long, value_name = "NAMES", default_value = "client,serde")]
    features: String,
    /// Compare syntax trees only; build nothing
    #[arg(long)]
    no_build: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let out = root().join("target/judge");
    let mut tally = Tally::default();
    match args.edits {
        None => {
            for mut revisions in revisions(&args.path)? {
                revisions.iter_mut().try_for_each(|r| r.write(&out))?;
                for pair in revisions.windows(2) {
                    let [old, new] = pair else { continue };
                    let name = format!("{} {} → {}", new.model.api.id, old.name, new.name);
                    tally.add(compare_verdicts(args, &out, (old, new), name, None)?);
                }
            }
        }
        Some(count) => {
            for (file, text) in documents(&args.path)? {
                edited(args, &out, &file, &text, count, &mut tally)?;
            }
        }
    }
    tally.print(args.edits.is_some());
    let missed = tally.count(Outcome::Missed);
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Collects all verdicts on a pair. `expected` is the editor's.
fn compare_verdicts(
    args: &Args,
    out: &Path,
    (old, new): (&Revision, &Revision),
    name: String,
    expected: Option<bool>,
) -> Result<Case, String> {
    let seen = Surface::read(&old.files)?.compare(&Surface::read(&new.files)?);
    let judged = match args.no_build {
        true => None,
        false => Some(checks::semver_check(old, new, &args.features, out)?),
    };
    let ours = diff(&old.model, &new.model);
    Ok(Case { name, ours, seen_breaking: seen.is_breaking(), judged, expected })
}

/// One document after edits, each of another kind as long as there are any.
fn edited(
    args: &Args,
    out: &Path,
    file: &str,
    text: &str,
    count: usize,
    tally: &mut Tally,
) -> Result<(), String> {
    let document = serde_json::from_str(text).map_err(|e| format!("{file}: {e}"))?;
    let model = edits::model(&document).map_err(|e| format!("{file}: {e}"))?;
    let mut old = Revision::from_model(model, "before");
    old.write(out)?;
    let mut random = Rng::with_seed(args.seed);
    let first = random.usize(..edits::kinds().len());
    for n in 0..count {
        let Some(edit) = edits::apply(&document, first + n, &mut random) else { break };
        let mut new = Revision::from_model(edit.model, &format!("after-{n}"));
        new.write_as(out, &old)?;
        let name = format!("{file}: {}: {}", edit.kind.name, edit.place);
        tally.add(compare_verdicts(args, out, (&old, &new), name, Some(edit.kind.breaks))?);
    }
    Ok(())
}

/// All cases so far.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<Outcome, usize>,
    /// Kinds of changes, alone in their pair, without a rule in cargo-semver-checks.
    no_rule: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, case: Case) {
        println!("{}", case.line());
        let outcome = case.outcome();
        *self.outcomes.entry(outcome).or_default() += 1;
        if outcome == Outcome::NoRule {
            *self.no_rule.entry(case.kinds()).or_default() += 1;
        }
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }

    fn print(&self, edits: bool) {
        let all: usize = self.outcomes.values().sum();
        println!(
            "{all} {}: {} agreed, {} for which the judge has no rule, {} that only we call \
             breaking, {} missed",
            if edits { "edits" } else { "pairs" },
            self.count(Outcome::Agreed),
            self.count(Outcome::NoRule),
            self.count(Outcome::Unconfirmed),
            self.count(Outcome::Missed),
        );
        for (kinds, count) in &self.no_rule {
            println!("  no rule ({count}): {kinds}");
        }
    }
}

/// The documents in a folder, or the one that is named, by their file names.
fn documents(path: &Path) -> Result<Vec<(String, String)>, String> {
    if path.is_file() {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        return Ok(vec![(name.unwrap_or_default(), read(path)?)]);
    }
    let files = walk(path)?.into_iter().filter(|f| f.ends_with(".json"));
    let files: Result<Vec<_>, String> =
        files.map(|file| Ok((file.clone(), read(&path.join(&file))?))).collect();
    files.and_then(|files| match files.is_empty() {
        true => Err(format!("{}: no documents", path.display())),
        false => Ok(files),
    })
}

/// The revisions in a folder by API, each oldest first.
fn revisions(dir: &Path) -> Result<Vec<Vec<Revision>>, String> {
    let mut apis: BTreeMap<String, Vec<Revision>> = BTreeMap::new();
    for (file, text) in documents(dir)? {
        let revision = Revision::new(&file, &text)?;
        apis.entry(revision.model.api.id.clone()).or_default().push(revision);
    }
    let mut all: Vec<Vec<Revision>> = apis.into_values().collect();
    for revisions in &mut all {
        // A stable sort: files of one revision stay in the order of their names.
        revisions.sort_by_key(|r| r.model.api.revision.parse::<u64>().unwrap_or(0));
        for n in 1..revisions.len() {
            if revisions[n].name == revisions[n - 1].name {
                revisions[n].name.push_str("-again");
            }
        }
    }
    all.retain(|revisions| revisions.len() > 1);
    match all.is_empty() {
        true => Err(format!("{}: two revisions of one API are needed", dir.display())),
        false => Ok(all),
    }
}
