//! `cargo lab growth-of-hostile`: no input costs more than in proportion to its size.
//!
//! The program `lab/growth` reads inputs of many families, each of three sizes. valgrind counts the
//! instructions, which do not depend on load; without it, the bytes that are allocated count.

mod table;
mod valgrind;

use crate::built;
use std::path::Path;
use std::process::{Command, ExitCode};
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
    /// Print only families that grow too fast, or do so at their usual sizes
    #[arg(long)]
    quiet: bool,
}

/// Groups of families, each of which runs in a process of its own.
const GROUPS: [&str; 6] = ["answer:", "body:", "call:", "line:", "mock:", "document:"];

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    built::package("growth")?;
    let program = built::path("growth")?;
    let count = args.times.is_none() && valgrind::is_installed();
    let sizes: &[usize] = if args.short { &[1, 4] } else { &[1, 2, 4] };
    let sizes: Vec<usize> = sizes.iter().map(|size| size * args.times.unwrap_or(1)).collect();
    let words =
        if args.words.is_empty() { GROUPS.map(str::to_owned).to_vec() } else { args.words.clone() };
    let jobs = words.iter().map(|word| || group(&program, &sizes, word, count));
    let mut rows = at_once(jobs.collect())?;
    let larger = table::LARGER.map(|size| size * args.times.unwrap_or(1));
    for row in rows.iter_mut().filter(|row| row.is_doubtful()) {
        let all = group(&program, &larger, &row.name, count)?;
        let again = all.into_iter().find(|again| again.name == row.name);
        *row = Row { larger: true, ..again.ok_or("a family is gone")? };
    }
    let failed = rows.iter().filter(|row| row.fault().is_some()).count();
    let all = rows.len();
    rows.retain(|row| !args.quiet || row.larger || row.fault().is_some());
    table::print(&rows, count);
    println!("\n{all} families, {failed} of which grow too fast or break off");
    Ok(if failed == 0 && all > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// Runs the families of a group.
fn group(program: &Path, sizes: &[usize], word: &str, count: bool) -> Result<Vec<Row>, String> {
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
