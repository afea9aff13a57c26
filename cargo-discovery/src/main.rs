//! `cargo discovery`: generated crates in any workspace.

use cargo_discovery::workspace::Workspace;
use cargo_discovery::{diff, fetch, finish, regen};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Generate clients of Google's APIs, and tell what changed
#[derive(Parser)]
#[command(name = "cargo discovery", bin_name = "cargo discovery", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Regen(regen::Args),
    Fetch(fetch::Args),
    Diff(diff::Args),
}

fn main() -> ExitCode {
    // Cargo runs `cargo-discovery discovery …` for `cargo discovery …`.
    let is_ours = |(at, word): &(usize, std::ffi::OsString)| *at == 1 && word == "discovery";
    let words = std::env::args_os().enumerate().filter(|word| !is_ours(word));
    let cli = Cli::parse_from(words.map(|(_, word)| word));
    finish(Workspace::find().and_then(|workspace| match cli.command {
        Command::Regen(args) => regen::run(&workspace, &args),
        Command::Fetch(args) => fetch::run(&workspace, &args),
        Command::Diff(args) => diff::run(&workspace, &args),
    }))
}
