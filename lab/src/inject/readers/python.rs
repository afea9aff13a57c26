//! Readers in Python: their scripts print a count, then faults.

use super::Found;
use super::crates::Crates;
use crate::inject::texts::CANARY;
use std::path::PathBuf;
use std::process::Command;

/// Runs a script of `lab/inject`; returns the words of its first line and the faults.
pub(super) fn run(args: &[&str], folders: &[PathBuf]) -> Result<(Vec<usize>, Vec<String>), String> {
    let (script, args) = args.split_first().ok_or("no script")?;
    let mut python = Command::new("python3");
    python.arg("-B").arg(crate::paths::root().join("lab/inject").join(script));
    let output = python.args(args).args(folders).output().map_err(|e| format!("python3: {e}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(text.lines().last().unwrap_or("python3 failed").to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let counts = lines.next().unwrap_or_default().split(' ');
    let counts = counts.filter_map(|word| word.parse().ok()).collect();
    Ok((counts, lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()))
}

fn files(crates: &Crates, kind: &str) -> Result<Found, String> {
    let (counts, faults) = run(&["manifests.py", kind, CANARY], &crates.folders())?;
    Ok(Found { count: counts.first().copied().unwrap_or(0), things: "files", faults })
}

pub(super) fn manifests(crates: &Crates) -> Result<Found, String> {
    files(crates, "toml")
}

pub(super) fn skills(crates: &Crates) -> Result<Found, String> {
    files(crates, "yaml")
}

/// Searches HTML pages for text that is more than text.
pub(super) fn pages(folders: &[PathBuf]) -> Result<Found, String> {
    let (counts, mut faults) = run(&["pages.py", CANARY], folders)?;
    let count = counts.first().copied().unwrap_or(0);
    if counts.get(1).is_none_or(|shows| *shows == 0) && count > 0 {
        faults.push("no page shows any text: the check reads nothing".to_owned());
    }
    Ok(Found { count, things: "pages", faults })
}
