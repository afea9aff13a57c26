//! Fuzzes every parser of this repository; `cargo lab fuzz` builds and runs this program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use lab_fuzz::engine::{Files, Job, Plan, Tally, Target, fuzz, one, replay, work};
use lab_fuzz::targets::TARGETS;

/// Run random inputs through every parser, and keep those that show faults
#[derive(Parser)]
#[command(name = "cargo lab fuzz")]
struct Args {
    /// Minutes of all targets together
    #[arg(value_name = "MINUTES", default_value_t = 1.0)]
    minutes: f64,
    /// Only this target; may be repeated
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,
    /// Instead, run the saved inputs
    #[arg(long)]
    replay: bool,
    /// Print the targets and what must hold
    #[arg(long)]
    list: bool,
    /// Instead of a time, the number of inputs of each target
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// Seed of the random numbers; by default, another each time
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Processes at a time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// What this program calls itself with
    #[arg(long, hide = true)]
    worker: Option<String>,
    #[arg(long, hide = true)]
    one: Option<String>,
    #[arg(long, hide = true)]
    note: Option<PathBuf>,
    #[arg(long, hide = true)]
    millis: Option<u64>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<bool, String> {
    let package = Path::new("lab/fuzz");
    let scratch = Path::new("target/fuzz-work");
    if let Some(name) = &args.worker {
        let target = find(name)?;
        let job = Job {
            seed: args.seed.unwrap_or_default(),
            time: Duration::from_millis(args.millis.unwrap_or(u64::MAX)),
            count: args.count.unwrap_or(u64::MAX),
            note: args.note.clone().unwrap_or_default(),
        };
        work(target, &Files::of(package, target), &job).map_err(|error| error.to_string())?;
        return Ok(true);
    }
    if let Some(name) = &args.one {
        let input = std::fs::read(args.note.clone().unwrap_or_default());
        let fault = one(find(name)?, &input.map_err(|error| error.to_string())?);
        if let Some(fault) = &fault {
            println!("{}", fault.text.escape_debug());
        }
        return Ok(fault.is_none());
    }
    let targets = chosen(&args.target)?;
    if args.list {
        targets.iter().for_each(|target| println!("{:<16} {}", target.name, target.about));
        return Ok(true);
    }
    supervise(args, &targets, package, scratch)
}

/// Runs workers, and prints a line for each target.
fn supervise(
    args: &Args,
    targets: &[Target],
    package: &Path,
    scratch: &Path,
) -> Result<bool, String> {
    if !package.is_dir() {
        return Err("there is no folder lab/fuzz here; run `cargo lab fuzz`".to_owned());
    }
    let jobs =
        args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let share = args.minutes * 60.0 * jobs.min(targets.len()) as f64 / targets.len() as f64;
    let time = match args.count {
        Some(_) => Duration::MAX,
        None => Duration::try_from_secs_f64(share).map_err(|error| format!("MINUTES: {error}"))?,
    };
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..));
    let plan = Plan { package, scratch, jobs, time, count: args.count.unwrap_or(u64::MAX), seed };
    let found = std::sync::Mutex::new(0);
    let done = |target: &Target, tally: &Tally| {
        print(target, tally, args.replay);
        *found.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += tally.found.len();
    };
    if !args.replay {
        println!("seed {seed}, {jobs} processes");
    }
    let result =
        if args.replay { replay(targets, &plan, done) } else { fuzz(targets, &plan, done) };
    result.map_err(|error| error.to_string())?;
    let found = found.into_inner().unwrap_or_default();
    println!("{} targets, {found} findings", targets.len());
    Ok(found == 0)
}

fn print(target: &Target, tally: &Tally, replay: bool) {
    let Tally { runs, accepted, found } = tally;
    let name = target.name;
    let count = found.len();
    if replay {
        println!("{name:<16} {runs:>5} saved inputs, {count} findings");
    } else {
        let share = 100.0 * *accepted as f64 / (*runs).max(1) as f64;
        println!("{name:<16} {runs:>10} inputs, {share:>3.0} % accepted, {count} findings");
    }
    for (path, text) in found {
        println!("    {}: {}", path.display(), cut(text));
    }
}

/// A finding's text may contain the input.
fn cut(text: &str) -> String {
    const MOST: usize = 400;
    let short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn find(name: &str) -> Result<&'static Target, String> {
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .ok_or_else(|| format!("there is no target '{name}'; --list prints all"))
}

fn chosen(names: &[String]) -> Result<Vec<Target>, String> {
    if names.is_empty() {
        return Ok(TARGETS.to_vec());
    }
    names.iter().map(|name| find(name).copied()).collect()
}
