//! `cargo lab`: tests with real and damaged documents and failing servers, and benchmarks.

mod bench;
mod built;
mod checks;
mod conformance;
mod corpus;
mod docs;
mod edits;
mod fuzz;
mod gcloud;
mod hostile;
mod inject;
mod kill;
mod mocks;
mod mutate;
mod paths;
mod programs;
mod protojson;
mod semver;
mod servers;
mod table;
mod train;
mod walk;

use cargo_discovery::{catalog, diff, finish, regen, surface, sync};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// Generation allocates and frees millions of small objects; this allocator saves a quarter of the
/// time for all documents. Huge pages are off (`no_thp`): with them, a regen retained twice the
/// memory and was no faster.
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
    /// Generate the crates in lab/fixtures, from documents made for tests
    Fixtures(regen::Args),
    Corpus(corpus::Args),
    Mutate(mutate::Args),
    Inject(inject::Args),
    GrowthOfHostile(hostile::Args),
    Kill(kill::Args),
    #[command(alias = "diff-judge")]
    Semver(semver::Args),
    Edits(edits::Args),
    Train(train::Args),
    Docs(docs::Args),
    Programs(programs::Args),
    /// Run external conformance tables
    #[command(subcommand)]
    Conformance(conformance::Suite),
    Walk(walk::Args),
    Gcloud(gcloud::Args),
    Servers(servers::Args),
    Faults(checks::Faults),
    Telemetry(checks::Telemetry),
    Credentials(checks::Credentials),
    Soak(checks::Soak),
    Memory(checks::Memory),
    Overhead(checks::Overhead),
    /// Run random command lines
    Fuzz(fuzz::Args),
    Bench(bench::Args),
}

/// Groups of commands in `--help`.
const GROUPS: [(&str, &[&str]); 5] = [
    (
        "Documents, real and damaged",
        &["corpus", "programs", "mutate", "inject", "kill", "fixtures", "docs"],
    ),
    ("Classification of changes", &["semver", "edits", "train"]),
    (
        "The runtime and the command lines",
        &[
            "growth-of-hostile",
            "conformance",
            "faults",
            "credentials",
            "telemetry",
            "soak",
            "memory",
            "fuzz",
        ],
    ),
    ("Mock servers under other clients, and emulators", &["walk", "gcloud", "servers"]),
    ("Figures", &["bench", "overhead"]),
];

fn main() -> ExitCode {
    let command = Cli::command();
    let groups = groups(&command);
    let matches = command.override_help(groups).get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => finish(run(cli.command)),
        Err(error) => error.exit(),
    }
}

/// Returns the help of the program: clap supports only one group of subcommands.
fn groups(command: &clap::Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut out = format!("{about}\n\nUsage: cargo lab COMMAND\n");
    for (title, names) in GROUPS {
        out.push_str(&format!("\n{title}:\n"));
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            out.push_str(&format!("  {name:<17}  {about}\n"));
        }
    }
    out.push_str("\n`cargo lab COMMAND --help` prints the details of a command.\n");
    out
}

fn run(command: Command) -> Result<ExitCode, String> {
    paths::enter()?;
    match command {
        Command::Fixtures(args) => regen::run(&paths::fixtures(), &args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Mutate(args) => mutate::run(&args),
        Command::Inject(args) => inject::run(&args),
        Command::GrowthOfHostile(args) => hostile::run(&args),
        Command::Kill(args) => kill::run(&args),
        Command::Semver(args) => semver::run(&args),
        Command::Edits(args) => edits::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Programs(args) => programs::run(&args),
        Command::Conformance(suite) => conformance::run(&suite),
        Command::Walk(args) => walk::run(&args),
        Command::Gcloud(args) => gcloud::run(&args),
        Command::Servers(args) => servers::run(&args),
        Command::Faults(args) => args.run(),
        Command::Telemetry(args) => args.run(),
        Command::Credentials(args) => args.run(),
        Command::Soak(args) => args.run(),
        Command::Memory(args) => args.run(),
        Command::Overhead(args) => args.run(),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_a_group() {
        let command = Cli::command();
        let mut all: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        all.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, all);
        let help = groups(&command);
        let is_told = |line: &&str| !line.starts_with("  ") || line.trim().contains("  ");
        assert_eq!(
            help.lines().find(|line| !is_told(line)),
            None,
            "every command has a description"
        );
    }
}
