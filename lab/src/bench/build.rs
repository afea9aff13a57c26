//! Builds in the benchmarks' workspace.

use super::measure::{self, Sample};
use crate::paths::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the workspace with the peers.
pub(crate) fn workspace() -> PathBuf {
    root().join("lab/bench")
}

/// Returns a target folder for one measurement.
pub(crate) fn target(name: &str) -> PathBuf {
    root().join("target/bench-peers").join(name)
}

/// Returns a Cargo command in a folder with a user's settings: ignores settings of this machine
/// except the number of jobs.
pub(crate) fn cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target);
    for name in ["CARGO_INCREMENTAL", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command.env("CARGO_TERM_COLOR", "never");
    command
}

/// Runs Cargo in the benchmarks' workspace and measures it.
pub(crate) fn measured(target: &Path, arguments: &[&str]) -> Result<Sample, String> {
    measure::run(&cargo(&workspace(), target, arguments))
}

/// Builds a measuring program and returns its path.
pub(crate) fn program(name: &str) -> Result<PathBuf, String> {
    let target = root().join("target/bench-build");
    eprintln!("   building {name}");
    finish(&mut cargo(&workspace(), &target, &["build", "--quiet", "--release", "-p", name]))?;
    Ok(target.join("release").join(name))
}

/// Runs a command to completion; the error contains its output.
pub(crate) fn finish(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)))
}
