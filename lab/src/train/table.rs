//! Prints the results of `cargo lab train`.

use super::document::{Change, Outcome};
use crate::corpus::peak_memory;
use discovery_generator::diff::{Breach, Verdict};
use std::collections::BTreeMap;
use std::num::NonZero;

/// Maximum number of list items to print.
const SHOWN: usize = 10;

/// Outcomes, in the order of the table.
const KINDS: [&str; 12] = [
    "the same",
    "gone",
    "new",
    "changed",
    "  not visible",
    "  docs",
    "  compatible",
    "  breaking (wire)",
    "  breaking (source)",
    "  breaking (both)",
    "refused",
    "panicked",
];

fn kind(change: &Change) -> &'static str {
    match change {
        Change::Same => "the same",
        Change::Gone => "gone",
        Change::New => "new",
        Change::Changed { diff, .. } => match diff.verdict {
            Verdict::None => "  not visible",
            Verdict::Docs => "  docs",
            Verdict::Compatible => "  compatible",
            Verdict::Breaking(Breach::Wire) => "  breaking (wire)",
            Verdict::Breaking(Breach::Source) => "  breaking (source)",
            Verdict::Breaking(Breach::Both) => "  breaking (both)",
        },
        Change::Refused(_) => "refused",
        Change::Panicked => "panicked",
    }
}

/// Returns the table as rows of name and value.
pub(super) fn rows(outcomes: &[Outcome]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes {
        *counts.entry(kind(&outcome.change)).or_default() += 1;
    }
    counts.insert("changed", outcomes.iter().filter_map(Outcome::diff).count());
    let row = |name: &str| (name.to_owned(), counts.get(name).unwrap_or(&0).to_string());
    let mut rows = vec![("documents".to_owned(), outcomes.len().to_string())];
    rows.extend(KINDS.into_iter().map(row));
    rows.extend(versions(outcomes));
    let sum = |f: fn(&Outcome) -> usize| outcomes.iter().map(f).sum::<usize>();
    let made = outcomes.iter().filter(|outcome| outcome.files > 0).count();
    let text = format!(
        "{made}: {} files, {} lines, {:.1} MB",
        sum(|o| o.files),
        sum(|o| o.lines),
        sum(|o| o.bytes) as f64 / 1e6
    );
    rows.push(("crates generated".to_owned(), text));
    rows
}

/// Counts crates by the increased part of their version, and those with the same version.
fn versions(outcomes: &[Outcome]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in outcomes {
        let Change::Changed { versions: (old, new), .. } = &outcome.change else { continue };
        let number = |version: &str| version.split('+').next().unwrap_or_default().to_owned();
        let text = match old == new {
            true => "version stays".to_owned(),
            false => format!("{} → {}", number(old), number(new)),
        };
        *counts.entry(text).or_default() += 1;
    }
    counts.into_iter().map(|(text, count)| (text, count.to_string())).collect()
}

pub(super) fn print(outcomes: &[Outcome], jobs: NonZero<usize>, seconds: f64) {
    for (name, value) in rows(outcomes) {
        println!("{name:<20} {value}");
    }
    println!("{:<20} {seconds:.1}, {jobs} at once", "seconds");
    if let Some(cpu) = cpu_seconds() {
        println!("{:<20} {cpu:.1}", "cpu seconds");
    }
    let memory = peak_memory().map_or("unknown".to_owned(), |kb| format!("{} MB", kb / 1024));
    println!("{:<20} {memory}", "peak memory");
    print_worst(outcomes);
    print_kinds(outcomes);
    for outcome in outcomes.iter().filter(|outcome| outcome.failed()) {
        outcome.line().iter().for_each(|line| println!("FAILED {line}"));
    }
}

/// Returns the CPU time of this process, where available.
#[cfg(unix)]
fn cpu_seconds() -> Option<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Some(seconds(usage.user_time()) + seconds(usage.system_time()))
}

#[cfg(not(unix))]
fn cpu_seconds() -> Option<f64> {
    None
}

/// Prints the documents with the most breaking changes.
fn print_worst(outcomes: &[Outcome]) {
    let mut worst: Vec<(usize, &str)> = (outcomes.iter())
        .filter_map(|outcome| Some((outcome.diff()?.under("breaking").count(), &*outcome.name)))
        .filter(|(count, _)| *count > 0)
        .collect();
    worst.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    println!("\nmost breaking changes");
    worst.iter().take(SHOWN).for_each(|(count, name)| println!("{count:>6} {name}"));
}

/// Prints the most frequent breaking changes.
fn print_kinds(outcomes: &[Outcome]) {
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for diff in outcomes.iter().filter_map(Outcome::diff) {
        let mut own: BTreeMap<String, usize> = BTreeMap::new();
        for change in diff.under("breaking") {
            *own.entry(change.kind.to_string()).or_default() += 1;
        }
        for (kind, count) in own {
            let all = kinds.entry(kind).or_default();
            *all = (all.0 + count, all.1 + 1);
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    println!("\nmost frequent breaking changes");
    for (kind, (count, documents)) in kinds.iter().take(SHOWN) {
        println!("{count:>6} {kind} (in {documents} documents)");
    }
}
