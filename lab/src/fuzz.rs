//! Fuzzing.

use crate::built::status;
use std::process::{Command, ExitCode};

/// Run random inputs through every parser, and keep those that show faults
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Cargo profile of the fuzzer; the default is optimized and checks for overflows
    #[arg(long, value_name = "NAME", default_value = "fuzz")]
    profile: String,
    /// Minutes, and options of the fuzzer, which `cargo lab fuzz -- --help` prints
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "MINUTES|OPTION")]
    args: Vec<String>,
}

/// Runs the fuzzer, a separate program, so that this one needs no generated crate.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    if args.profile == "dev" {
        crate::built::package("lab-fuzz")?;
        let fuzzer = crate::built::path("lab-fuzz")?;
        return status(Command::new(fuzzer).args(&args.args).current_dir(crate::paths::root()));
    }
    let mut cargo = crate::paths::cargo();
    cargo.args(["run", "--quiet", "--profile", &args.profile, "--package", "lab-fuzz", "--"]);
    status(cargo.args(&args.args).current_dir(crate::paths::root()))
}
