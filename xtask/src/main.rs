//! The project's commands. All input and output of the generator is here.

mod bench;
mod catalog;
mod checks;
mod conformance;
mod corpus;
mod diff;
mod docs;
mod edits;
mod fetch;
mod fuzz;
mod git;
mod judge;
mod leftovers;
mod lines;
mod manifests;
mod mutate;
mod paths;
mod protojson;
mod random;
mod regen;
mod release;
mod surface;
mod sync;

use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Generation makes and frees millions of small pieces: with it, all documents take a quarter less.
/// Huge pages are off (`no_thp`): a regen held twice the memory with them, and was no faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands for maintainers. Run them as `cargo xtask COMMAND`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate everything in discovery/apis.json into generated/
    Regen(RegenArgs),
    Corpus(corpus::Args),
    Mutate(mutate::Args),
    Diff(diff::Args),
    DiffJudge(judge::Args),
    Docs(docs::Args),
    Fetch(fetch::Args),
    /// Run tables of cases from elsewhere
    #[command(subcommand)]
    Conformance(conformance::Suite),
    Faults(checks::Faults),
    Soak(checks::Soak),
    Memory(checks::Memory),
    Overhead(checks::Overhead),
    /// Feed random tokens to the command line's engine
    Fuzz(fuzz::Args),
    Bench(bench::Args),
}

#[derive(clap::Args)]
struct RegenArgs {
    /// Only this API, for example `jobs:v3`
    #[arg(long, value_name = "ID")]
    api: Option<String>,
    /// Write nothing; fail if anything would change
    #[arg(long)]
    check: bool,
    /// Tell afterwards what changed for users, and how many lines
    #[arg(long)]
    diff: bool,
    /// Raise the version as the changes demand, and add to the crate's CHANGELOG.md
    #[arg(long, conflicts_with = "check")]
    bump: bool,
    /// What `--diff` and `--bump` compare with: a git revision
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    since: String,
    /// Treat warnings about the document as errors
    #[arg(long)]
    strict: bool,
    /// Print a stage of the pipeline instead of writing files
    #[arg(long, value_name = "STAGE")]
    emit: Option<Stage>,
}

/// What `--emit` prints.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// The resolved model
    Ir,
    /// The names of everything in the output
    Names,
    /// What the templates are given
    View,
}

fn main() -> ExitCode {
    let result = run(Cli::parse().command);
    match result {
        Ok(code) => code,
        Err(message) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, String> {
    paths::enter()?;
    match command {
        Command::Regen(args) => regen::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Mutate(args) => mutate::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::DiffJudge(args) => judge::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Fetch(args) => fetch::run(&args),
        Command::Conformance(suite) => conformance::run(&suite),
        Command::Faults(args) => args.run(),
        Command::Soak(args) => args.run(),
        Command::Memory(args) => args.run(),
        Command::Overhead(args) => args.run(),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}

/// Tells what went wrong. A report of the generator says itself what is an error.
fn complain(message: &str) {
    let sign = if message.starts_with("error") { "" } else { "error: " };
    eprintln!("{sign}{}", message.trim_end());
}
