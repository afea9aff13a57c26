//! `BENCHMARKS.md`: the goals on a page, then folded notes of the missed ones and a folded section for each
//! suite.
//!
//! Suites that were not measured keep their sections, so that each can be run separately.

use super::goals::{Bound, Goal, Records, User, goals};
use super::record::Record;
use super::table::{figure, section, spread};
use crate::paths::{root, shown};
use std::fmt::Write as _;

/// Suites in order, each with the introduction of its section.
const SECTIONS: [(&str, &str, &str); 9] = [
    (
        "generate",
        "Generating",
        "The floor is the minimum work of any generator: parsing the document with serde_json, parsing the same output with syn, and printing it with prettyplease. Measured on one core, in process, with templates loaded. The update of all APIs compares the documents of two releases of google-api-python-client, classifies the changes, and generates the changed clients. `cargo xtask regen` is built as in a new clone.",
    ),
    (
        "compile",
        "Compiling a program of one call",
        "The program gets one job and prints its title. A cold build starts without build results; a rebuild follows a change to the program's file.",
    ),
    (
        "features",
        "Features of a program of one call",
        "The same program, built with other features of the client. The default features are `http1`, `http2`, `ring`, `adc`, and `serde`; \"without credentials\" lacks `adc`; \"HTTP/1.1 alone\" is `http1` and `ring`, beside google-jobs3's program with a static token. The profile for size is `opt-level = \"s\"`, `lto = true`, `codegen-units = 1`, and `panic = \"abort\"`.",
    ),
    (
        "compute",
        "Compiling compute v1",
        "Only the crate, with its dependencies already built. Peak memory is that of rustc. `cargo doc` documents the whole crate and none of its dependencies.",
    ),
    (
        "data",
        "Decoding and encoding",
        "Synthetic responses of the jobs API. This project preserves unknown fields and values; google-jobs3 drops them. \"As it sends\" is how google-jobs3 encodes a request: convert to `Value`, remove nulls, print as text, and copy.",
    ),
    (
        "calls",
        "Calls",
        "Each call gets one job from a loopback server. Bare hyper sends the same request and uses this project's decoder. With one call at a time, client and server share a core; with a hundred concurrent calls, they use all cores. Work is that of the client's thread.",
    ),
    (
        "bytes",
        "Uploads and downloads",
        "Transfers of 1 GiB over HTTP/1.1 to and from a server of blocking sockets on loopback. Each is a process with the defaults of its side, so figures include its start. Files are in memory (`/dev/shm`), and downloads write new ones. Downloads have a CRC-32C, which this project and google-cloud-storage verify; google-cloud-storage also computes it for uploads. Bare hyper reads and writes files in place; bare sockets show the limit of the server. The peaks of many downloads and of long lists are those of one process with its server.",
    ),
    (
        "cli",
        "Command lines",
        "google-jobs3-cli supports neither dry runs nor other servers, so those rows have no peer.",
    ),
    (
        "growth",
        "Growth",
        "Synthetic documents. Generation runs in process; check and dev build cover only the generated crate.\n\n![Time and memory over the number of schemas](lab/bench/growth.svg)",
    ),
];

/// Path of the file, relative to the repository.
pub(crate) const FILE: &str = "BENCHMARKS.md";

/// Command that measures everything.
pub(super) const WHOLE: &str = "cargo lab bench";

const MISSED: &str = "**missed**";

const ONE_RUN: &str = "All figures are from one run of";
const MANY_RUNS: &str =
    "The figures are from several runs; each section states its command and commit.";

const HEAD: &str = "\
# Benchmarks

This project compared with its peers, whose versions `lab/bench/Cargo.toml` pins. Both sides run alternately,
in pairs; figures are medians, with quartiles in parentheses. *Work* is CPU time of all processes, which
depends less on load than elapsed *time*. `≤ 0.9 ×` means at most nine tenths of the peer's time, work, or
memory, and `≥ 1.2 ×` at least 1.2 times its speed.

";

const HOW: &str = "\
`cargo lab bench SUITE` measures a suite and rewrites its section here; `cargo lab bench` runs all
suites except the guard; `cargo lab bench guard` counts instructions and compares them with
`lab/bench/guard.json`. The first run takes longer, since it builds the peers.

| suite | duration |
|---|---|
| generate | 4 min |
| data | 1 min |
| calls | 1 min |
| bytes | 6 min |
| cli | 2 min |
| growth | 12 min |
| compile | 17 min |
| features | 20 min |
| compute | 35 min |
| guard | 1 min |
";

const FIGURES: &str = "\
In these tables, a ratio divides this project's figure by the peer's, so less is better.
";

/// Writes the file; returns the table of goals.
pub(crate) fn write() -> Result<String, String> {
    let path = root().join(FILE);
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut records = Records::new();
    for (suite, _, _) in SECTIONS {
        if let Some(record) = Record::load(suite)? {
            records.insert(suite, record);
        }
    }
    let goals = goals(&records);
    let table = table(&goals, &old);
    let mut text = format!("{HEAD}{}\n\n{table}", origin(&records, &old));
    let title = "Missed goals: what was tried, what limits them, and what would reach them";
    let _ = write!(text, "\n{}", folded(title, &notes(&table)));
    let _ = write!(text, "\n## Figures\n\n{FIGURES}");
    for (suite, title, about) in SECTIONS {
        let body = match records.get(suite) {
            Some(record) => section(record),
            None => kept(&old, suite).unwrap_or_else(|| "Not measured yet.\n".to_owned()),
        };
        let body = format!("{about}\n\n<!-- {suite} -->\n{body}<!-- end -->\n");
        let _ = write!(text, "\n{}", folded(title, &body));
    }
    let _ = write!(text, "\n{}", folded("How to measure", HOW));
    std::fs::write(&path, text).map_err(|e| format!("{}: {e}", shown(&path)))?;
    Ok(table)
}

/// Returns whether the figures are from one run, or the existing statement if nothing was measured
/// here.
fn origin(records: &Records, old: &str) -> String {
    let said = |line: &&str| line.starts_with(ONE_RUN) || line.starts_with(MANY_RUNS);
    if let Some(line) = old.lines().find(said).filter(|_| records.is_empty()) {
        return line.to_owned();
    }
    let of = |run| move |r: &Record| r.command == WHOLE && r.run == run && r.seconds > 0.0;
    match records.values().next() {
        Some(first) if records.len() == SECTIONS.len() && records.values().all(of(first.run)) => {
            format!("{ONE_RUN} `{WHOLE}`, at {}.", first.commit)
        }
        _ => MANY_RUNS.to_owned(),
    }
}

/// Returns the table of goals, with a row before those of each user.
fn table(goals: &[Goal], old: &str) -> String {
    let mut out = String::from("| goal | what | bound | measured | |\n|---|---|--:|--:|---|\n");
    let mut user: Option<User> = None;
    for goal in goals {
        if user.replace(goal.user) != Some(goal.user) {
            let _ = writeln!(out, "| | **{}** | | | |", goal.user.title());
        }
        let measured = match (goal.found, goal.met()) {
            (Some(found), Some(met)) => Some((found_text(goal, found), met)),
            _ => remembered(goal, old),
        };
        let (text, verdict) = match &measured {
            Some((text, true)) => (text.as_str(), "met"),
            Some((text, false)) => (text.as_str(), MISSED),
            None => ("not measured", ""),
        };
        let (what, bound) = (goal.what, bound(goal.bound));
        let _ = writeln!(out, "| `{}` | {what} | {bound} | {text} | {verdict} |", goal.id);
    }
    out
}

/// Returns the figure of a goal that was not measured here, as it is in the file, and whether it
/// meets the bound.
fn remembered(goal: &Goal, old: &str) -> Option<(String, bool)> {
    let start = format!("| `{}` |", goal.id);
    let line = old.lines().find(|line| line.starts_with(&start))?;
    let text = line.split(" | ").nth(3)?.trim();
    let median = text.split(' ').next()?.parse().ok()?;
    Some((text.to_owned(), goal.bound.admits(median)))
}

fn found_text(goal: &Goal, found: super::record::Spread) -> String {
    let varies = found.low != found.high;
    match goal.bound {
        Bound::Most(_, unit) if varies => {
            format!("{:.1} {} ({:.1}–{:.1})", found.median, unit.name(), found.low, found.high)
        }
        Bound::Most(_, unit) => format!("{:.1} {}", found.median, unit.name()),
        _ if varies => spread(found).replacen(' ', " × ", 1),
        _ => format!("{} ×", figure(found.median)),
    }
}

fn bound(bound: Bound) -> String {
    match bound {
        Bound::AtMost(most) => format!("≤ {most} ×"),
        Bound::AtLeast(least) => format!("≥ {least} ×"),
        Bound::Most(most, unit) => format!("≤ {most} {}", unit.name()),
    }
}

/// Returns text that readers open by its title.
fn folded(title: &str, text: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n\n{}\n\n</details>\n", text.trim_end())
}

/// Returns a folded note for each missed goal: attempts, limits, and ways to reach it.
fn notes(table: &str) -> String {
    let mut out = String::new();
    for line in table.lines().filter(|line| line.contains(MISSED)) {
        let id = line.split('`').nth(1).unwrap_or_default();
        let what = line.split(" | ").nth(1).unwrap_or_default().replace('`', "");
        let note = root().join("lab/bench/notes").join(format!("{id}.md"));
        let note = std::fs::read_to_string(note);
        let note = note.unwrap_or_else(|_| "Missed in this run; not yet analyzed.\n".to_owned());
        let _ = writeln!(out, "{}", folded(&format!("<code>{id}</code>: {what}"), &note));
    }
    if out.is_empty() { "None.\n".to_owned() } else { out.trim_end().to_owned() + "\n" }
}

/// Returns a suite's existing section.
fn kept(old: &str, suite: &str) -> Option<String> {
    let (_, rest) = old.split_once(&format!("<!-- {suite} -->\n"))?;
    Some(rest.split_once("<!-- end -->")?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_commands_count_as_one_run() {
        let record = |command: &str, run, seconds| Record {
            command: command.to_owned(),
            run,
            seconds,
            ..Record::default()
        };
        let all = |data: Record| {
            let mut records: Records =
                SECTIONS.iter().map(|(suite, ..)| (*suite, record(WHOLE, 7, 1.0))).collect();
            records.insert("data", data);
            records
        };
        let one = |records: &Records| origin(records, "").starts_with(ONE_RUN);
        assert!(one(&all(record(WHOLE, 7, 1.0))));
        let resumed = format!("{WHOLE} --resume");
        for other in [record(WHOLE, 8, 1.0), record(WHOLE, 7, 0.0), record(&resumed, 7, 1.0)] {
            assert!(!one(&all(other)));
        }
        let mut lacking = all(record(WHOLE, 7, 1.0));
        lacking.remove("data");
        assert!(!one(&lacking) && !one(&Records::new()));
        let old = format!("# Benchmarks\n\n{ONE_RUN} `{WHOLE}`, at 1.\n\n");
        assert!(origin(&Records::new(), &old).starts_with(ONE_RUN), "nothing was measured since");
        assert_eq!(origin(&lacking, &old), MANY_RUNS);
    }

    #[test]
    fn unmeasured_sections_are_kept() {
        let old = "## X\n<!-- data -->\nfigures\n<!-- end -->\n";
        assert_eq!(kept(old, "data").as_deref(), Some("figures\n"));
        assert_eq!(kept(old, "calls"), None);
        let goals = goals(&Records::new());
        for (measured, verdict) in [("9.00 × (8.10–9.90)", "met"), ("0.90 ×", "**missed**")] {
            let line = format!("| `data-decode` | decode | ≥ 0.1 × | {measured} | met |");
            let table = table(&goals, &line);
            assert!(table.contains(&format!(" × | {measured} | {verdict} |\n")), "{table}");
            assert!(table.contains("| `calls-cpu` |") && !table.contains("≥ 0.1 ×"));
        }
        let table = table(&goals, "");
        let users = table.lines().filter(|line| line.starts_with("| | **")).count();
        assert_eq!((users, table.lines().count()), (4, goals.len() + users + 2));
    }
}
