//! Programs of this workspace that a command runs.

use crate::paths::{cargo, root};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Set where the whole workspace is built already, as in `.ci/run`. A build of one package selects
/// other features of shared crates and compiles those once more.
const PREBUILT: &str = "LAB_PREBUILT";

/// Builds the programs of a package.
///
/// # Errors
/// Returns an error if the package does not compile.
pub(crate) fn package(name: &str) -> Result<(), String> {
    build(&["--package", name])
}

/// Returns the path of a program that is built.
///
/// # Errors
/// Returns an error if the path of this program is unknown.
pub(crate) fn path(name: &str) -> Result<PathBuf, String> {
    // Cargo puts all programs into one folder.
    let own = std::env::current_exe().map_err(|e| format!("the path of this program: {e}"))?;
    Ok(own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds an example of the runtime, runs it, and returns its exit code.
///
/// # Errors
/// Returns an error if it does not compile or does not start.
pub(crate) fn example(name: &str, arguments: &[String]) -> Result<ExitCode, String> {
    build(&["--package", "discovery-runtime", "--features", "testing", "--example", name])?;
    status(Command::new(path(&format!("examples/{name}"))?).args(arguments).current_dir(root()))
}

/// Runs a command and returns its exit code: success, or failure.
///
/// # Errors
/// Returns an error if it does not start.
pub(crate) fn status(command: &mut Command) -> Result<ExitCode, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("failed to run {program}: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build(selection: &[&str]) -> Result<(), String> {
    if std::env::var_os(PREBUILT).is_some() {
        return Ok(());
    }
    let mut command = cargo();
    command.args(["build", "--quiet"]).args(selection).current_dir(root());
    let status = command.status().map_err(|error| format!("failed to run cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{} does not compile", selection[1])) }
}
