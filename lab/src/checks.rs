//! Commands that test the runtime against failing servers; each runs one of the runtime's programs.

use crate::built;
use clap::Args;
use std::process::ExitCode;

/// Run every kind of method under every fault; print expected and actual outcomes
#[derive(Args)]
pub(crate) struct Faults {}

/// Export the spans and metrics of one call with two retries by OTLP, and print what a collector
/// receives
#[derive(Args)]
pub(crate) struct Telemetry {}

/// Try every kind of credentials, starts of a metadata server, and google-auth's requests for the
/// same files
#[derive(Args)]
pub(crate) struct Credentials {
    /// Python with google-auth; by default that of .ci/tour, or python3
    #[arg(long, value_name = "PYTHON")]
    python: Option<String>,
}

/// Send many concurrent calls to a server where one in five fails; print outcomes, memory, and
/// connections
#[derive(Args)]
pub(crate) struct Soak {
    /// Duration in seconds
    #[arg(value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
    /// Number of concurrent calls
    #[arg(value_name = "CALLS", default_value_t = 1000)]
    calls: u32,
}

/// Upload and download large content over unreliable connections, and read long lists; print the peak
/// memory
#[derive(Args)]
pub(crate) struct Memory {
    /// Size in MiB
    #[arg(value_name = "MIB", default_value_t = 1024)]
    mib: u32,
}

/// Compare a call with a bare hyper client that sends the same request and decodes the same
/// response
#[derive(Args)]
pub(crate) struct Overhead {
    /// Fail if the ratio exceeds 1.15
    #[arg(long)]
    check: bool,
}

impl Faults {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        built::example("fault_matrix", &[])
    }
}

impl Telemetry {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        cargo(&["run", "--quiet", "--package", "telemetry-example"], &[])
    }
}

impl Credentials {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let pythons = match &self.python {
            Some(python) => vec![python.clone()],
            None => vec!["target/python/bin/python".to_owned(), "python3".to_owned()],
        };
        let script = ["--google-auth".to_owned(), "lab/credentials/google_auth.py".to_owned()];
        built::example("credentials", &[&script[..], &pythons].concat())
    }
}

impl Soak {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        release("soak", &[self.seconds.to_string(), self.calls.to_string()])
    }
}

impl Memory {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        release("media_memory", &[self.mib.to_string()])
    }
}

impl Overhead {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let check: &[String] = if self.check { &["--check".to_owned()] } else { &[] };
        cargo(&[&["bench", "--quiet", "--bench", "overhead"][..], &RUNTIME].concat(), check)
    }
}

/// Runs one of the runtime's programs in a release build.
fn release(name: &str, args: &[String]) -> Result<ExitCode, String> {
    let program = ["run", "--quiet", "--release", "--features", "testing", "--example", name];
    cargo(&[&program[..], &RUNTIME].concat(), args)
}

const RUNTIME: [&str; 2] = ["--package", "discovery-runtime"];

/// Runs a program by Cargo and returns its exit code.
fn cargo(program: &[&str], args: &[String]) -> Result<ExitCode, String> {
    let mut command = crate::paths::cargo();
    command.args(program).arg("--").args(args).current_dir(crate::paths::root());
    built::status(&mut command)
}
