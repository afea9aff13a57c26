//! `cargo xtask`: cargo-discovery on this repository.

use cargo_discovery::workspace::Workspace;
use cargo_discovery::{diff, finish, paths, regen};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// Maintain the generated crates of this repository
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Regen(regen::Args),
    /// Fetch the current discovery document of an API into discovery/
    #[command(disable_help_flag = true)]
    Fetch {
        /// See `cargo xtask fetch --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        words: Vec<OsString>,
    },
    Diff(diff::Args),
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    finish(Workspace::find().and_then(|workspace| match command {
        Command::Regen(args) => regen::run(&workspace, &args),
        Command::Fetch { words } => fetch(&words),
        Command::Diff(args) => diff::run(&workspace, &args),
    }))
}

/// Runs the program that has an HTTP client. It is not part of this one, so that `cargo xtask regen`
/// on a new machine compiles neither TLS nor C.
fn fetch(words: &[OsString]) -> Result<ExitCode, String> {
    let status = paths::cargo()
        .args(["run", "--package", "cargo-discovery", "--", "fetch"])
        .args(words)
        .status()
        .map_err(|error| format!("failed to run cargo: {error}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
