//! `cargo discovery`: generated crates in any workspace.

use cargo_discovery::workspace::{TemplateSource, Workspace};
use cargo_discovery::{add, diff, fetch, finish, regen, remove, search};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Generate clients of Google's APIs, and report changes
#[derive(Parser)]
#[command(name = "cargo discovery", bin_name = "cargo discovery", version)]
struct Cli {
    /// Use the templates in this folder instead of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Search(search::Args),
    Add(add::Args),
    Regen(regen::Args),
    Fetch(fetch::Args),
    Diff(diff::Args),
    Remove(remove::Args),
}

fn main() -> ExitCode {
    // Cargo runs `cargo-discovery discovery …` for `cargo discovery …`.
    let is_ours = |(at, word): &(usize, std::ffi::OsString)| *at == 1 && word == "discovery";
    let words = std::env::args_os().enumerate().filter(|word| !is_ours(word));
    let cli = Cli::parse_from(words.map(|(_, word)| word));
    let templates = cli.templates.map_or(TemplateSource::Embedded, TemplateSource::Folder);
    finish(run(cli.command, templates))
}

fn run(command: Command, templates: TemplateSource) -> Result<ExitCode, String> {
    match command {
        Command::Search(args) => search::run(&args),
        Command::Add(args) => add::run(&Workspace::any(templates)?, &args),
        Command::Regen(args) => regen::run(&Workspace::listed(templates)?, &args),
        Command::Fetch(args) => fetch::run(&Workspace::listed(templates)?, &args),
        Command::Diff(args) => diff::run(&Workspace::listed(templates)?, &args),
        Command::Remove(args) => remove::run(&Workspace::listed(templates)?, &args),
    }
}
