//! Random command lines.

use std::process::ExitCode;

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Command lines to try
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    count: u64,
    /// Where the random numbers start; the same seed gives the same streams
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Runs random command lines: none may panic or write anything but data on standard output. It is
/// built on its own, so that this program needs no generated crate.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let status = crate::paths::cargo()
        .args(["run", "--quiet", "--release", "--package", "discovery-cli"])
        .args(["--example", "fuzz", "--"])
        .args([args.count.to_string(), args.seed.to_string()])
        .current_dir(crate::paths::root())
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
