//! The supervisor: starts workers, and keeps what they find.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::work::noted;
use super::{Files, Target, minimize, watch};

/// What to run.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Folder of the package, with the seeds.
    pub package: &'a Path,
    /// Folder for files of workers.
    pub scratch: &'a Path,
    /// Processes at a time.
    pub jobs: usize,
    /// Time of each target.
    pub time: Duration,
    /// Most runs of each target.
    pub count: u64,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// Results of a target.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Inputs that were run.
    pub runs: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Files with inputs that show faults, and what they show.
    pub found: Vec<(PathBuf, String)>,
}

/// Most crashes of one target: each costs a new process, and more show the same fault.
const MOST_CRASHES: usize = 5;

/// Fuzzes targets; calls `done` with each target's results.
///
/// # Errors
/// If a process cannot be started, or a file cannot be written.
pub fn fuzz(
    targets: &[Target],
    plan: &Plan<'_>,
    done: impl Fn(&Target, &Tally) + Sync,
) -> io::Result<()> {
    std::fs::create_dir_all(plan.scratch)?;
    let queue: Mutex<VecDeque<Target>> = Mutex::new(targets.iter().copied().collect());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let serve = || -> io::Result<()> {
        while let Some(target) = next() {
            done(&target, &fuzz_one(&target, plan)?);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.jobs.max(1)).map(|_| scope.spawn(serve)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
    })
}

/// Runs the seeds and findings of targets; calls `done` with each target's results.
///
/// # Errors
/// If a process cannot be started, or a file cannot be read.
pub fn replay(
    targets: &[Target],
    plan: &Plan<'_>,
    done: impl Fn(&Target, &Tally),
) -> io::Result<()> {
    for target in targets {
        let mut tally = Tally::default();
        for (path, _) in Files::of(plan.package, target).read()? {
            tally.runs += 1;
            match shows(target, &path)? {
                None => tally.accepted += 1,
                Some(text) => tally.found.push((path, text)),
            }
        }
        done(target, &tally);
    }
    Ok(())
}

fn fuzz_one(target: &Target, plan: &Plan<'_>) -> io::Result<Tally> {
    let (start, mut tally) = (Instant::now(), Tally::default());
    let files = Files::of(plan.package, target);
    let note = plan.scratch.join(format!("{}.input", target.name));
    for round in 0..MOST_CRASHES {
        let time = plan.time.saturating_sub(start.elapsed());
        let count = plan.count.saturating_sub(tally.runs);
        if time.is_zero() || count == 0 {
            break;
        }
        let seed = plan.seed.wrapping_add(round as u64 * 1_000_003);
        let mut command = itself()?;
        command.args(["--worker", target.name]).arg("--note").arg(&note);
        command.args(["--seed", &seed.to_string(), "--count", &count.to_string()]);
        command.args(["--millis", &time.as_millis().min(u128::from(u64::MAX)).to_string()]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        listen(&mut child, &mut tally)?;
        let status = child.wait()?;
        if status.success() {
            break;
        }
        tally.runs += 1;
        let input = noted(&note)?;
        let small = minimize_ended(target, &input, status, &note)?;
        let path = files.save("end", &small)?;
        tally.found.push((path, ended(status)));
    }
    Ok(tally)
}

/// Reads the reports of a worker until it ends.
fn listen(child: &mut Child, tally: &mut Tally) -> io::Result<()> {
    let (before, accepted_before) = (tally.runs, tally.accepted);
    let Some(out) = child.stdout.take() else { return Ok(()) };
    for line in BufReader::new(out).lines() {
        let line = line?;
        let mut words = line.splitn(3, ' ');
        let (kind, first, rest) = (words.next(), words.next(), words.next());
        match (kind, first, rest) {
            (Some("runs"), Some(runs), Some(accepted)) => {
                tally.runs = before + runs.parse::<u64>().unwrap_or_default();
                tally.accepted = accepted_before + accepted.parse::<u64>().unwrap_or_default();
            }
            (Some("found"), Some(path), Some(text)) => {
                tally.found.push((path.into(), text.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Most processes that minimize an input.
const MOST_PROCESSES: usize = 200;

/// Minimizes an input that ends its process: each try is a process.
fn minimize_ended(
    target: &Target,
    input: &[u8],
    status: ExitStatus,
    note: &Path,
) -> io::Result<Vec<u8>> {
    if status.code() == Some(watch::HUNG) {
        // Each try would take as long.
        return Ok(input.to_vec());
    }
    let file = note.with_extension("try");
    let mut left = MOST_PROCESSES;
    let mut failure = None;
    let small = minimize(input, |less| {
        if left == 0 || failure.is_some() {
            return false;
        }
        left -= 1;
        let tried = std::fs::write(&file, less).and_then(|()| status_of(target, &file));
        match tried {
            Ok(other) => other == status,
            Err(error) => {
                failure = Some(error);
                false
            }
        }
    });
    failure.map_or(Ok(small), Err)
}

/// What an input in a file shows, in a process of its own.
fn shows(target: &Target, file: &Path) -> io::Result<Option<String>> {
    let output = try_one(target, file)?.stderr(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(Some(if text.is_empty() { ended(output.status) } else { text }))
}

fn status_of(target: &Target, file: &Path) -> io::Result<ExitStatus> {
    try_one(target, file)?.stdout(Stdio::null()).stderr(Stdio::null()).status()
}

fn try_one(target: &Target, file: &Path) -> io::Result<Command> {
    let mut command = itself()?;
    command.args(["--one", target.name]).arg("--note").arg(file);
    Ok(command)
}

fn itself() -> io::Result<Command> {
    Ok(Command::new(std::env::current_exe()?))
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(watch::HUNG) => "does not end".to_owned(),
        _ => format!("ended the process: {status}"),
    }
}
