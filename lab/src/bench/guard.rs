//! Regression guard on instruction counts, which, unlike times, do not depend on load.
//!
//! valgrind counts the instructions of a program that works once and of one that works three times;
//! half the difference is the work, without start-up and input. `lab/bench/guard.json` stores the
//! figures by compiler version, since they depend on it.

use super::build::{finish, program};
use super::record::output;
use crate::paths::{read, root};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Instructions by task, by compiler version.
type Figures = BTreeMap<String, BTreeMap<String, u64>>;

/// Tolerance: a larger increase fails; an equal decrease suggests a new figure.
const MARGIN: f64 = 0.05;

pub(crate) fn run(update: bool) -> Result<ExitCode, String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("guard: skipped, because valgrind is not installed (`apt-get install valgrind`)");
        return Ok(ExitCode::SUCCESS);
    }
    let counted = counted()?;
    let path = root().join("lab/bench/guard.json");
    let mut known: Figures =
        serde_json::from_str(&read(&path)?).map_err(|e| format!("lab/bench/guard.json: {e}"))?;
    let compiler = compiler();
    if update {
        for (what, count) in &counted {
            println!("{what}: {count} instructions");
        }
        known.insert(compiler, counted);
        let text = serde_json::to_string_pretty(&known).map_err(|e| e.to_string())?;
        std::fs::write(path, text + "\n").map_err(|e| format!("lab/bench/guard.json: {e}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(figures) = known.get(&compiler) else {
        for (what, count) in &counted {
            println!("{what}: {count} instructions");
        }
        println!(
            "guard: not compared, because lab/bench/guard.json has no figures of {compiler}.\n\
             Check out the commit before the compiler changed, `cargo lab bench guard --update` there \
             with the new one, and commit the file; figures of compilers no longer used can go."
        );
        return Ok(ExitCode::SUCCESS);
    };
    Ok(if compare(figures, &counted) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns compiler version and target, which determine the instructions.
fn compiler() -> String {
    let about = output("rustc", &["-vV"]);
    let of = |key: &str| about.lines().find_map(|l| l.strip_prefix(key)).unwrap_or_default();
    format!("rustc {} {}", of("release: "), of("host: "))
}

/// Prints both figures of each task; returns `true` if none has grown too much.
fn compare(figures: &BTreeMap<String, u64>, counted: &BTreeMap<String, u64>) -> bool {
    let mut passed = true;
    for (what, count) in counted {
        let Some(figure) = figures.get(what) else {
            println!("{what}: {count} instructions, no stored figure: run with --update");
            continue;
        };
        let change = *count as f64 / *figure as f64 - 1.0;
        // Not computed from `change`, which is subject to rounding.
        let grown = *count as f64 > *figure as f64 * (1.0 + MARGIN);
        let verdict = match change {
            _ if grown => "TOO MANY: reduce them, or run with --update and explain why",
            c if c < -MARGIN => "fewer: run with --update to lower the limit",
            _ => "ok",
        };
        passed &= !grown;
        println!("{what}: {count} instructions, {:+.2} % of {figure}: {verdict}", change * 100.0);
    }
    passed
}

fn counted() -> Result<BTreeMap<String, u64>, String> {
    let (generate, guard) = (program("generate")?, program("guard")?);
    let at = root().display().to_string();
    let document = root().join("discovery/jobs-v3.json").display().to_string();
    let mut counted = BTreeMap::new();
    for (what, program, words) in [
        ("generate jobs v3", &generate, vec!["repeat", &at, &document]),
        ("decode 1 MB", &guard, vec!["decode"]),
        ("encode 1 MB", &guard, vec!["encode"]),
        ("decode 1 MB of long texts", &guard, vec!["decode long"]),
        ("encode 1 MB of long texts", &guard, vec!["encode long"]),
    ] {
        let (one, three) =
            (instructions(program, &words, "1")?, instructions(program, &words, "3")?);
        counted.insert(what.to_owned(), three.saturating_sub(one) / 2);
    }
    Ok(counted)
}

/// Returns the number of instructions that a program executes.
fn instructions(program: &Path, words: &[&str], times: &str) -> Result<u64, String> {
    let counts = PathBuf::from(format!("{}.callgrind", program.display()));
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", counts.display()));
    command.arg(program).args(words).arg(times);
    // The C library selects its copy routines by processor; without these features, it selects the
    // same ones everywhere.
    command.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM");
    finish(&mut command)?;
    let text = read(&counts)?;
    let _ = std::fs::remove_file(&counts);
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|n| n.trim().parse().ok()).ok_or_else(|| "valgrind counted nothing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_percent_pass_and_more_does_not() {
        let of = |count| BTreeMap::from([("decode".to_owned(), count)]);
        assert!(compare(&of(1000), &of(1050)));
        assert!(!compare(&of(1000), &of(1051)));
        assert!(compare(&of(1000), &of(100)));
        assert!(compare(&BTreeMap::new(), &of(100)), "a new measure has no figure yet");
    }
}
