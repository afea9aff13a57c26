//! `cargo lab corpus`: real documents are the test.

mod cargo;
mod facts;
mod generate;
mod table;

use crate::paths::{read, root};
pub(crate) use cargo::command as cargo_command;
use discovery_generator::{Options, Product, Runtime};
use generate::Outcome;
pub(crate) use generate::{only, sync_tree, within, write_members};
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
pub(crate) use table::peak_memory;

/// Generate every document of a folder into target/corpus, and check what comes out
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of discovery documents
    dir: PathBuf,
    /// Documents, by file name without `.json`; all if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Also `cargo check` the generated crates, warnings denied
    #[arg(long)]
    check: bool,
    /// Also run their generated tests
    #[arg(long)]
    test: bool,
    /// Also build their documentation, warnings denied
    #[arg(long)]
    doc: bool,
    /// Number of documents to generate at once; by default, the number of cores
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Generate only; write no files
    #[arg(long)]
    dry_run: bool,
    /// Print every list method with the member that holds its items, and the rule that chose it
    #[arg(long)]
    lists: bool,
    /// Print every method that streams, with the schema of a message, and the rule that chose it
    #[arg(long)]
    streams: bool,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let documents = documents(args)?;
    let templates = crate::catalog::template_files(crate::paths::workspace())?;
    let out = root().join("target/corpus");
    let start = Instant::now();
    let outcomes = generate_all(args, &documents, &templates, &out);
    let seconds = start.elapsed().as_secs_f64();
    if args.lists {
        table::print_lists(&outcomes);
    }
    if args.streams {
        table::print_streams(&outcomes);
    }
    table::print(&outcomes, seconds);
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&outcomes).map_err(|e| e.to_string())?;
        std::fs::write(file, text + "\n").map_err(|e| format!("{}: {e}", file.display()))?;
    }
    let mut failed = outcomes.iter().any(Outcome::failed);
    if !args.dry_run {
        generate::write_workspace(&out, &outcomes)?;
        failed |= !cargo::verify(args, &out, &outcomes)?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What every document is generated with.
fn options(tests: bool) -> Options {
    Options {
        runtime: Runtime::Path("../../../runtime".to_owned()),
        tests,
        ..Options::new([Product::Client])
    }
}

fn documents(args: &Args) -> Result<Vec<(String, String)>, String> {
    let mut out = Vec::new();
    for file in crate::paths::walk(&args.dir)? {
        let Some(name) = file.strip_suffix(".json") else { continue };
        if args.names.is_empty() || args.names.iter().any(|n| n == name) {
            out.push((name.to_owned(), read(&args.dir.join(&file))?));
        }
    }
    let missing: Vec<_> =
        args.names.iter().filter(|n| !out.iter().any(|(name, _)| name == *n)).cloned().collect();
    match (missing.is_empty(), out.is_empty()) {
        (false, _) => Err(format!("no such document: {}", missing.join(", "))),
        (_, true) => Err(format!("no documents in {}", args.dir.display())),
        _ => Ok(out),
    }
}

fn generate_all(
    args: &Args,
    documents: &[(String, String)],
    templates: &[(String, String)],
    out: &Path,
) -> Vec<Outcome> {
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(documents.len()));
    let out = generate::Output::new(out);
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(documents.len() as u64), target);
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                // Handlebars' registry is not shared: each thread parses the templates once.
                let files = templates.iter().map(|(p, t)| (p.as_str(), t.as_str()));
                let parsed = discovery_generator::Templates::new(files);
                while let Some((name, text)) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let write = (!args.dry_run).then_some(&out);
                    let outcome = generate::one(name, text, &parsed, &options(args.test), write);
                    if let Ok(mut done) = done.lock() {
                        done.push(outcome);
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut outcomes = done.into_inner().unwrap_or_default();
    outcomes.sort_by(|a, b| a.name.cmp(&b.name));
    outcomes
}
