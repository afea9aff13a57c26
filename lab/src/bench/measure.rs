//! Measures a command: elapsed time, CPU time, and peak memory.

use serde::{Deserialize, Serialize};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// Cost of a run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// Elapsed seconds.
    pub(crate) wall: f64,
    /// CPU seconds of all processes.
    pub(crate) cpu: f64,
    /// Peak memory of the largest process, in bytes; 0 if it was not measured.
    #[serde(default)]
    pub(crate) memory: u64,
}

/// Runs a command and measures it. Its output is printed only on failure.
pub(crate) fn run(command: &Command) -> Result<Sample, String> {
    let (sample, success, text) = watched(command)?;
    if success { Ok(sample) } else { Err(format!("{command:?} failed:\n{text}")) }
}

/// Like `run`, for a command that may fail.
pub(crate) fn run_any(command: &Command) -> Result<Sample, String> {
    watched(command).map(|(sample, _, _)| sample)
}

/// Runs the command through an intermediate process, because the kernel reports the sum over all
/// ended children.
fn watched(command: &Command) -> Result<(Sample, bool, String), String> {
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut outer = Command::new(own);
    outer.args(["bench", "exec", "--"]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    let output = outer.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let sample = serde_json::from_str(last).map_err(|_| format!("{command:?} failed:\n{text}"))?;
    Ok((sample, output.status.success(), text))
}

/// `bench exec`: runs a command, and prints its cost as the last line of standard error.
pub(crate) fn exec(words: &[String]) -> Result<ExitCode, String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let start = Instant::now();
    let status = Command::new(program).args(arguments).status();
    let status = status.map_err(|e| format!("{program}: {e}"))?;
    let wall = start.elapsed().as_secs_f64();
    let (cpu, memory) = children();
    let sample = Sample { wall, cpu, memory };
    eprintln!("\n{}", serde_json::to_string(&sample).map_err(|e| e.to_string())?);
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns CPU seconds and peak bytes of all ended child processes, including theirs.
#[cfg(unix)]
fn children() -> (f64, u64) {
    use nix::sys::resource::{UsageWho, getrusage};
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return (0.0, 0) };
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    // Linux counts in kilobytes.
    let memory = u64::try_from(usage.max_rss()).unwrap_or(0) * 1024;
    (seconds(usage.user_time()) + seconds(usage.system_time()), memory)
}

#[cfg(not(unix))]
fn children() -> (f64, u64) {
    (0.0, 0)
}
