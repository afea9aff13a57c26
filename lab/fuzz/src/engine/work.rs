//! A worker: runs one target until its time or count is up.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::{Fault, Files, Mutator, Target, Verdict, minimize, run, watch};

/// What a worker does.
#[derive(Clone, Debug)]
pub struct Job {
    /// Seed of the random numbers.
    pub seed: u64,
    /// Time to work.
    pub time: Duration,
    /// Most runs.
    pub count: u64,
    /// File that receives each input before its run.
    pub note: PathBuf,
}

/// Inputs saved for one fault.
const SAVED_PER_FAULT: u32 = 1;

/// Interval of reports to the supervisor.
const REPORT: Duration = Duration::from_millis(500);

/// Runs a target. Standard output reports `runs N ACCEPTED` now and then and at the end, and
/// `found PATH TEXT` for each finding.
///
/// # Errors
/// If a seed cannot be read, or a finding cannot be saved.
pub fn work(target: &Target, files: &Files, job: &Job) -> io::Result<()> {
    watch::limit_memory();
    let seeds: Vec<Vec<u8>> = files.read()?.into_iter().map(|(_, bytes)| bytes).collect();
    let mut mutator =
        Mutator::new(Rng::with_seed(job.seed), &seeds, target.words, target.bounds.input);
    let mut note = Note::create(&job.note)?;
    let mut faults: BTreeMap<String, u32> = BTreeMap::new();
    let (start, mut reported) = (Instant::now(), Instant::now());
    let (mut runs, mut accepted) = (0, 0);
    let counter = watch::watch_runs();
    while runs < job.count && start.elapsed() < job.time {
        let input = (target.make)(&mut mutator);
        note.write(&input)?;
        match run(target, &input) {
            Verdict::Accepted => accepted += 1,
            Verdict::Refused => {}
            Verdict::Broken(fault) => {
                let count = faults.entry(fault.key.clone()).or_default();
                *count += 1;
                if *count <= SAVED_PER_FAULT {
                    save(target, files, &input, &fault, || {
                        counter.fetch_add(1, Ordering::Relaxed);
                    })?;
                }
            }
        }
        runs += 1;
        counter.fetch_add(1, Ordering::Relaxed);
        if reported.elapsed() > REPORT {
            reported = Instant::now();
            println!("runs {runs} {accepted}");
        }
    }
    println!("runs {runs} {accepted}");
    Ok(())
}

/// Minimizes and saves an input.
fn save(
    target: &Target,
    files: &Files,
    input: &[u8],
    fault: &Fault,
    mut alive: impl FnMut(),
) -> io::Result<()> {
    let small = minimize(input, |less| {
        alive();
        matches!(run(target, less), Verdict::Broken(other) if other.key == fault.key)
    });
    let text = match run(target, &small) {
        Verdict::Broken(fault) => fault.text,
        _ => fault.text.clone(),
    };
    let path = files.save("fault", &small)?;
    println!("found {} {}", path.display(), text.escape_debug());
    Ok(())
}

/// The input of the current run, in a file: its length, then its bytes. Bytes of earlier inputs may
/// follow.
struct Note {
    file: File,
    text: Vec<u8>,
}

impl Note {
    fn create(path: &PathBuf) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, text: Vec::new() })
    }

    fn write(&mut self, input: &[u8]) -> io::Result<()> {
        self.text.clear();
        self.text.extend((input.len() as u64).to_le_bytes());
        self.text.extend(input);
        self.file.rewind()?;
        self.file.write_all(&self.text)
    }
}

/// Reads the input of a run that ended its process.
pub(super) fn noted(path: &PathBuf) -> io::Result<Vec<u8>> {
    let bytes = std::fs::read(path)?;
    let (length, input) = bytes.split_first_chunk::<8>().ok_or(io::ErrorKind::UnexpectedEof)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    Ok(input.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
}

/// Runs one input with the limits of a worker, and returns the fault that it shows.
#[must_use]
pub fn one(target: &Target, input: &[u8]) -> Option<Fault> {
    watch::limit_memory();
    let _watched = watch::watch_runs();
    match run(target, input) {
        Verdict::Broken(fault) => Some(fault),
        _ => None,
    }
}
