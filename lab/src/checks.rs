//! Commands that test the runtime against failing servers; each runs one of the runtime's programs.

use clap::Args;
use std::process::ExitCode;

/// Try every kind of method under every fault; print what must come of it and what did
#[derive(Args)]
pub(crate) struct Faults {}

/// Make many calls at once of a server that fails one in five; print what came, memory, connections
#[derive(Args)]
pub(crate) struct Soak {
    /// For how long
    #[arg(value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
    /// How many calls at a time
    #[arg(value_name = "CALLS", default_value_t = 1000)]
    calls: u32,
}

/// Upload and download much content over connections that break; print the peak of memory
#[derive(Args)]
pub(crate) struct Memory {
    /// How much, in MiB
    #[arg(value_name = "MIB", default_value_t = 1024)]
    mib: u32,
}

/// Measure what a call costs over a bare hyper client that sends and decodes the same
#[derive(Args)]
pub(crate) struct Overhead {
    /// Fail above 1.15 times
    #[arg(long)]
    check: bool,
}

impl Faults {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        example(&[], "fault_matrix", &[])
    }
}

impl Soak {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        example(&["--release"], "soak", &[self.seconds.to_string(), self.calls.to_string()])
    }
}

impl Memory {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        example(&["--release"], "media_memory", &[self.mib.to_string()])
    }
}

impl Overhead {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let check: &[String] = if self.check { &["--check".to_owned()] } else { &[] };
        cargo(&["bench", "--quiet", "--bench", "overhead"], check)
    }
}

fn example(profile: &[&str], name: &str, args: &[String]) -> Result<ExitCode, String> {
    let program = ["run", "--quiet", "--features", "testing", "--example", name];
    cargo(&[&program[..], profile].concat(), args)
}

/// Runs a program of the runtime's and passes on how it ended.
fn cargo(program: &[&str], args: &[String]) -> Result<ExitCode, String> {
    let status = crate::paths::cargo()
        .args(program)
        .args(["--package", "discovery-runtime", "--"])
        .args(args)
        .current_dir(crate::paths::root())
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
