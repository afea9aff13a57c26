//! `cargo lab bench`: compares this project with its peers in one run.
//!
//! The peers are built in the separate workspace `lab/bench`. Each suite stores its results in
//! `target/bench/SUITE.json` and its section in `BENCHMARKS.md`.

mod build;
mod bytes;
mod cli;
mod compile;
mod compute;
mod features;
mod goals;
mod growth;
mod guard;
mod inside;
mod measure;
mod peaks;
mod plot;
mod record;
mod report;
mod table;
mod train;

use crate::paths::root;
use clap::ValueEnum;
use record::Record;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Measure this project and its peers; write results to target/bench and BENCHMARKS.md
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suites to run [default: all except the guard]
    #[arg(value_name = "SUITE")]
    suites: Vec<Suite>,
    /// Folder of discovery documents, for compute v1 and all documents [default: ../shared/corpus,
    /// if it exists]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Run fewer rounds, for a quick test
    #[arg(long)]
    quick: bool,
    /// Size of the transfers of `bytes`, in MiB
    #[arg(long, value_name = "MIB", default_value_t = WHOLE_MEBIBYTES, value_parser = clap::value_parser!(u64).range(1..1 << 20))]
    size: u64,
    /// Resume an interrupted run of compile, features, compute or growth
    #[arg(long)]
    resume: bool,
    /// With `guard`: store the figures instead of comparing
    #[arg(long)]
    update: bool,
    /// With `exec`: the command
    #[arg(last = true, hide = true)]
    command: Vec<String>,
}

/// Size of transfers unless stated.
const WHOLE_MEBIBYTES: u64 = 1024;

/// Suites, and their approximate duration on two cores.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Generation, compared with the libraries it needs at least, an update of all APIs, and building the tool (8 min)
    Generate,
    /// Building programs of one call (16 min)
    Compile,
    /// Building that program with other features (20 min)
    Features,
    /// Building and documenting compute v1 (35 min)
    Compute,
    /// Decoding and encoding (1 min)
    Data,
    /// Calls on loopback (1 min)
    Calls,
    /// Uploads and downloads of 1 GiB on loopback, and peak memory (6 min; 12 min on the first run, for the builds)
    Bytes,
    /// Command lines (2 min; 6 min on the first run, for the builds)
    Cli,
    /// Synthetic documents of 10 to 2,000 schemas: time and memory (12 min)
    Growth,
    /// Instruction counts, compared with lab/bench/guard.json (1 min)
    Guard,
    /// Rewrite BENCHMARKS.md from the results in target/bench
    Report,
    #[value(hide = true)]
    Exec,
}

impl Args {
    /// Returns the command line of these arguments.
    fn typed(&self) -> String {
        let mut words: Vec<String> = self.suites.iter().map(|suite| name(*suite)).collect();
        words.extend(self.quick.then(|| "--quick".to_owned()));
        if self.size != WHOLE_MEBIBYTES {
            words.push(format!("--size {}", self.size));
        }
        words.extend(self.resume.then(|| "--resume".to_owned()));
        [report::WHOLE.to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// Settings of all suites.
pub(crate) struct Setting {
    corpus: Option<PathBuf>,
    quick: bool,
    /// Size of the transfers of `bytes`.
    mebibytes: u64,
    /// Start of the command, in seconds since 1970.
    began: u64,
}

impl Setting {
    /// Returns the number of rounds, reduced for a quick test.
    fn rounds(&self, rounds: usize) -> usize {
        if self.quick { rounds.div_ceil(10) } else { rounds }
    }

    /// Returns a document of the corpus.
    fn document(&self, name: &str) -> Option<PathBuf> {
        self.corpus.as_ref().map(|dir| dir.join(name)).filter(|path| path.is_file())
    }
}

type Measure = fn(&Setting, &mut Record) -> Result<(), String>;

const ALL: [Suite; 9] = [
    Suite::Generate,
    Suite::Data,
    Suite::Calls,
    Suite::Bytes,
    Suite::Cli,
    Suite::Growth,
    Suite::Compile,
    Suite::Features,
    Suite::Compute,
];

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let shared = root().join("../shared/corpus");
    let corpus = args.corpus.clone().or_else(|| shared.is_dir().then_some(shared));
    let began = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let setting = Setting { corpus, quick: args.quick, mebibytes: args.size, began };
    let suites = if args.suites.is_empty() { &ALL[..] } else { &args.suites };
    let mut failed = Vec::new();
    for suite in suites {
        let measure: Measure = match suite {
            Suite::Exec => return measure::exec(&args.command),
            Suite::Guard => return guard::run(args.update),
            Suite::Report => continue,
            Suite::Generate => inside::generate,
            Suite::Data => inside::data,
            Suite::Calls => inside::calls,
            Suite::Bytes => bytes::run,
            Suite::Cli => cli::run,
            Suite::Compile => compile::run,
            Suite::Features => features::run,
            Suite::Compute => compute::run,
            Suite::Growth => growth::run,
        };
        // A failed suite does not discard the results of others.
        if let Err(message) = one(*suite, measure, &setting, args) {
            eprintln!("error: {}: {}", name(*suite), message.trim_end());
            failed.push(name(*suite));
        }
    }
    print!("{}", report::write()?);
    if failed.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

fn one(suite: Suite, measure: Measure, setting: &Setting, args: &Args) -> Result<(), String> {
    let name = name(suite);
    eprintln!("== {name}");
    let start = Instant::now();
    let mut record = Record::begin(&name, args.typed(), setting.began);
    if args.resume
        && let Some(last) = Record::load(&name)?
    {
        record.cases = last.cases;
    }
    measure(setting, &mut record)?;
    record.seconds = start.elapsed().as_secs_f64();
    record.save()?;
    eprintln!("   {:.0} s", record.seconds);
    Ok(())
}

fn name(suite: Suite) -> String {
    suite.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
