//! Counts instructions.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

/// What is counted, as valgrind writes its name.
const MEASURED: &str = "growth::measured*";

pub(super) fn is_installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// Runs a program, and returns what it printed, and the instructions of each run.
pub(super) fn run(
    program: &Path,
    arguments: &[impl AsRef<OsStr>],
) -> Result<(Output, Vec<u64>), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let out = folder.path().join("counts");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(format!("--toggle-collect={MEASURED}"))
        .arg(format!("--dump-after={MEASURED}"))
        .arg(program)
        .args(arguments)
        // The C library selects its copy routines by processor.
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM")
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let dumps = (1..)
        .map_while(|at| std::fs::read_to_string(folder.path().join(format!("counts.{at}"))).ok());
    let counts = dumps.map(|text| total(&text).unwrap_or_default()).collect();
    Ok((output, counts))
}

fn total(text: &str) -> Option<u64> {
    text.lines().rev().find_map(|line| line.strip_prefix("totals: "))?.trim().parse().ok()
}
