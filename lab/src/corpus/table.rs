//! Prints the results as a table.

use super::facts::Counts;
use super::generate::Outcome;
use std::collections::BTreeMap;

pub(crate) fn print(outcomes: &[Outcome], seconds: f64) {
    let sum = |f: fn(&Outcome) -> usize| outcomes.iter().map(f).sum::<usize>();
    let failed: Vec<_> = outcomes.iter().filter(|o| o.failed()).collect();
    let rows = [
        ("documents", format!("{} of {}", outcomes.len() - failed.len(), outcomes.len())),
        ("input", format!("{:.1} MB", sum(|o| o.bytes) as f64 / 1e6)),
        ("schemas", sum(|o| o.schemas).to_string()),
        ("methods", sum(|o| o.methods).to_string()),
        ("files", sum(|o| o.files).to_string()),
        ("lines", sum(|o| o.lines).to_string()),
        ("output", format!("{:.1} MB", sum(|o| o.output_bytes) as f64 / 1e6)),
        ("seconds", format!("{seconds:.1}")),
        ("cpu seconds", format!("{:.1}", outcomes.iter().map(|o| o.seconds).sum::<f64>())),
        (
            "peak memory",
            peak_memory().map_or("unknown".to_owned(), |kb| format!("{} MB", kb / 1024)),
        ),
    ];
    for (name, value) in rows {
        println!("{name:<12} {value}");
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, n) in outcomes.iter().flat_map(|o| &o.warnings) {
        *kinds.entry(kind).or_default() += n;
    }
    for (kind, n) in kinds {
        println!("{:<12} {n} {kind}", "warnings");
    }
    for (what, rules) in sum_facts(outcomes) {
        for (rule, n) in rules {
            println!("{what:<12} {n} {rule}");
        }
    }
    let mut slow: Vec<_> = outcomes.iter().collect();
    slow.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    for o in slow.iter().take(3) {
        println!("{:<12} {} {:.2} s", "slowest", o.name, o.seconds);
    }
    for o in failed {
        println!("FAILED {}:\n{}", o.name, o.errors.join("\n"));
    }
}

/// Returns the decisions of all documents.
fn sum_facts(outcomes: &[Outcome]) -> Counts {
    let mut all = Counts::new();
    for (what, rules) in outcomes.iter().flat_map(|o| &o.facts) {
        for (rule, n) in rules {
            *all.entry(*what).or_default().entry(rule.clone()).or_default() += n;
        }
    }
    all
}

/// Prints a line for each list method: document, method, field, kind, rule, and `pages`, or why it has
/// no items over pages.
pub(crate) fn print_lists(outcomes: &[Outcome]) {
    for outcome in outcomes {
        for list in &outcome.lists {
            let member = if list.member.is_empty() { "-" } else { &list.member };
            let pages = list.unpaged.unwrap_or("pages");
            let (name, method) = (&outcome.name, &list.method);
            println!("{name}\t{method}\t{member}\t{}\t{}\t{pages}", list.kind, list.rule);
        }
    }
}

/// Prints one line per streaming method: document, method, message, rule.
pub(crate) fn print_streams(outcomes: &[Outcome]) {
    for outcome in outcomes {
        for stream in &outcome.streams {
            let (name, method) = (&outcome.name, &stream.method);
            println!("{name}\t{method}\t{}\t{}", stream.message, stream.rule);
        }
    }
}

/// Returns the peak memory of this process in kB, where available (Linux).
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
