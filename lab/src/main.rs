//! `cargo lab`: the project's laboratory. Real documents, damaged ones, servers that fail, figures.

mod bench;
mod checks;
mod conformance;
mod corpus;
mod docs;
mod edits;
mod fuzz;
mod judge;
mod mutate;
mod paths;
mod protojson;
mod random;

use cargo_discovery::{catalog, diff, finish, regen, surface, sync};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Generation makes and frees millions of small pieces: with it, all documents take a quarter less.
/// Huge pages are off (`no_thp`): a regen held twice the memory with them, and was no faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Test and measure the generator and the runtime
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the crates in lab/fixtures, of documents that no API has
    Fixtures(regen::Args),
    Corpus(corpus::Args),
    Mutate(mutate::Args),
    DiffJudge(judge::Args),
    Edits(edits::Args),
    Docs(docs::Args),
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

fn main() -> ExitCode {
    finish(run(Cli::parse().command))
}

fn run(command: Command) -> Result<ExitCode, String> {
    paths::enter()?;
    match command {
        Command::Fixtures(args) => regen::run(&paths::fixtures(), &args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Mutate(args) => mutate::run(&args),
        Command::DiffJudge(args) => judge::run(&args),
        Command::Edits(args) => edits::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Conformance(suite) => conformance::run(&suite),
        Command::Faults(args) => args.run(),
        Command::Soak(args) => args.run(),
        Command::Memory(args) => args.run(),
        Command::Overhead(args) => args.run(),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}
