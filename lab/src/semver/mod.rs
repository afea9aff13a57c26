//! `cargo lab semver`: compares our semver classification with cargo-semver-checks.

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

/// Compare our semver classification with cargo-semver-checks
///
/// PATH is a folder with revisions of one or more documents: for each consecutive pair, both crates
/// are generated and classified. With --edits, PATH is a document or a folder of documents, and
/// each is compared with itself after one random edit, such as a removed field or a renamed method.
/// Fails if a breaking change is not classified as breaking. Requires `cargo install
/// cargo-semver-checks --locked`; the crates are built in target/semver.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with revisions of documents; with --edits, any documents
    path: PathBuf,
    /// Number of edits per document, instead of comparing revisions
    #[arg(long, value_name = "COUNT")]
    edits: Option<usize>,
    /// Seed of the random numbers
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
    let out = root().join("target/semver");
    let mut tally = Tally::default();
    match args.edits {
        None => {
            for mut revisions in revisions(&args.path)? {
                revisions.iter_mut().try_for_each(|r| r.write(&out))?;
                for pair in revisions.windows(2) {
                    let [old, new] = pair else { continue };
                    let name = format!("{} {} → {}", new.model.api.id, old.name, new.name);
                    tally.add(compare_verdicts(args, &out, (old, new), name)?);
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

/// Collects all classifications of a pair.
fn compare_verdicts(
    args: &Args,
    out: &Path,
    (old, new): (&Revision, &Revision),
    name: String,
) -> Result<Case, String> {
    let seen = Surface::read(&old.files)?.compare(&Surface::read(&new.files)?);
    let checked = match args.no_build {
        true => None,
        false => Some(checks::semver_check(old, new, &args.features, out)?),
    };
    let ours = diff(&old.model, &new.model);
    Ok(Case { name, ours, seen, checked })
}

/// Compares a document with edited copies, with a different kind of edit for each, if possible.
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
        tally.add(compare_verdicts(args, out, (&old, &new), name)?);
    }
    Ok(())
}

/// Summary of all cases.
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
            "{all} {}: {} agreed, {} without a rule in cargo-semver-checks, {} that only ours calls \
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

/// Returns the documents of a folder, or the given one, with their file names.
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

/// Returns the revisions in a folder by API, oldest first.
fn revisions(dir: &Path) -> Result<Vec<Vec<Revision>>, String> {
    let mut apis: BTreeMap<String, Vec<Revision>> = BTreeMap::new();
    for (file, text) in documents(dir)? {
        let revision = Revision::new(&file, &text)?;
        apis.entry(revision.model.api.id.clone()).or_default().push(revision);
    }
    let mut all: Vec<Vec<Revision>> = apis.into_values().collect();
    for revisions in &mut all {
        // Stable sort: files of one revision stay sorted by name.
        revisions.sort_by_key(|r| r.model.api.revision.parse::<u64>().unwrap_or(0));
        for n in 1..revisions.len() {
            if revisions[n].name == revisions[n - 1].name {
                revisions[n].name.push_str("-again");
            }
        }
    }
    all.retain(|revisions| revisions.len() > 1);
    match all.is_empty() {
        true => Err(format!("{}: at least two revisions of one API are required", dir.display())),
        false => Ok(all),
    }
}
