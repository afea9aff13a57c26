//! `cargo lab growth-of-hostile`: no input costs more than in proportion to its size.
//!
//! The program `lab/growth` reads inputs of many families, each of three sizes. valgrind counts the
//! instructions, which do not depend on load; without it, the bytes that are allocated count.

mod table;
mod valgrind;

use crate::paths::{cargo, root};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use table::{Row, Sample};

/// Feed hostile inputs of growing size to everything that reads input; fail if work or memory grow
/// faster than the input
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only families whose names contain one of these words
    words: Vec<String>,
    /// Only the smallest and the largest size of each family
    #[arg(long)]
    short: bool,
    /// Multiply all sizes, and count the bytes that are allocated in place of instructions
    #[arg(long, value_name = "FACTOR")]
    times: Option<usize>,
}

/// Groups of families, each of which runs in a process of its own.
const GROUPS: [&str; 6] = ["answer:", "body:", "call:", "line:", "mock:", "document:"];

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let program = build()?;
    let count = args.times.is_none() && valgrind::is_installed();
    let sizes: &[usize] = if args.short { &[1, 4] } else { &[1, 2, 4] };
    let sizes: Vec<usize> = sizes.iter().map(|size| size * args.times.unwrap_or(1)).collect();
    let words =
        if args.words.is_empty() { GROUPS.map(str::to_owned).to_vec() } else { args.words.clone() };
    let jobs = words.iter().map(|word| || group(&program, &sizes, word, count));
    let rows = at_once(jobs.collect())?;
    table::print(&rows, count);
    let failed = rows.iter().filter(|row| row.fault().is_some()).count();
    println!("\n{} families, {failed} of which grow too fast or break off", rows.len());
    Ok(if failed == 0 && !rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs jobs, two at a time, and returns their rows in order.
fn at_once(
    jobs: Vec<impl Fn() -> Result<Vec<Row>, String> + Send + Sync>,
) -> Result<Vec<Row>, String> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results: Vec<_> = jobs.iter().map(|_| std::sync::OnceLock::new()).collect();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let (Some(job), Some(result)) = (jobs.get(at), results.get(at)) else { break };
                    result.get_or_init(job);
                }
            });
        }
    });
    let rows: Result<Vec<_>, String> =
        results.into_iter().filter_map(std::sync::OnceLock::into_inner).collect();
    rows.map(|rows| rows.concat())
}

/// Builds the program, and returns its path.
fn build() -> Result<PathBuf, String> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--package", "growth", "--message-format=json"]);
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("failed to run cargo: {error}"))?;
    let output = String::from_utf8_lossy(&output.stdout);
    let messages = output.lines().filter_map(|line| serde_json::from_str(line).ok());
    let executable = |message: serde_json::Value| Some(message["executable"].as_str()?.to_owned());
    let found = messages.filter_map(executable).next_back();
    found.map(PathBuf::from).ok_or_else(|| "cargo built no program".to_owned())
}

/// Runs the families of a group.
fn group(program: &PathBuf, sizes: &[usize], word: &str, count: bool) -> Result<Vec<Row>, String> {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let arguments = [sizes.join(","), word.to_owned()];
    let (output, counts) = match count {
        true => valgrind::run(program, &arguments)?,
        false => {
            let output = Command::new(program).args(&arguments).output();
            (output.map_err(|error| format!("{}: {error}", program.display()))?, Vec::new())
        }
    };
    let mut rows = table::parse(&String::from_utf8_lossy(&output.stdout))?;
    let samples = rows.iter_mut().flat_map(|row| &mut row.samples);
    let mut counts = counts.into_iter();
    for sample in samples {
        let Sample { work, ended: true, .. } = sample else { break };
        *work = counts.next().unwrap_or(*work);
    }
    if !output.status.success() {
        eprintln!("{word} {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(rows)
}
