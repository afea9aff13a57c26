//! `cargo lab edits`.

use super::{many, model};
use crate::paths::read;
use discovery_generator::diff::{diff, text};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Diff a document with randomly edited copies of itself, and print the time
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Discovery document
    document: PathBuf,
    /// Number of successive edits
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    count: usize,
    /// Seed of the random numbers
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// Measures the time to parse, analyze, and compare two revisions.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let file = args.document.display();
    let old = serde_json::from_str(&read(&args.document)?).map_err(|e| format!("{file}: {e}"))?;
    let (new, edits) = many(&old, args.count, args.seed)?;
    edits.iter().for_each(|edit| eprintln!("{edit}"));
    let start = Instant::now();
    let (before, after) = (model(&old)?, model(&new)?);
    let understood = start.elapsed();
    let found = diff(&before, &after);
    eprintln!(
        "{}: {} changes of {} edits: {:.3} s for reading both, {:.3} s for comparing",
        found.api,
        found.changes.len(),
        args.count,
        understood.as_secs_f64(),
        (start.elapsed() - understood).as_secs_f64()
    );
    print!("{}", text(&found));
    Ok(ExitCode::SUCCESS)
}
