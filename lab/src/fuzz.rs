//! Random command lines.

use std::process::ExitCode;

/// Run random command lines
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Number of command lines
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    count: u64,
    /// Seed; the same seed runs the same command lines
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Runs random command lines: none may panic, or write anything but data to standard output. The
/// fuzzer is a separate program, so that this one needs no generated crate.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let status = crate::paths::cargo()
        .args(["run", "--quiet", "--release", "--package", "discovery-cli"])
        .args(["--example", "fuzz", "--"])
        .args([args.count.to_string(), args.seed.to_string()])
        .current_dir(crate::paths::root())
        .status()
        .map_err(|error| format!("failed to run cargo: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
