//! `cargo lab train`: updates all APIs from one set of documents to a later one.

mod document;
mod table;
mod verdicts;

use crate::catalog::template_files;
use crate::paths::{walk, workspace};
use discovery_generator::Templates;
use document::{Outcome, Step};
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::Instant;

/// Update every API from one folder of documents to another
///
/// For each changed document: the difference, its classification, the next version, and the client
/// crate. New documents are generated. The folders are, for example,
/// googleapiclient/discovery_cache/documents of two releases of google-api-python-client; documents
/// are paired by file name. Writes no files. Fails if a document is rejected, or if a
/// classification is weaker than the change in the code.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of documents
    old: PathBuf,
    /// Folder of documents
    new: PathBuf,
    /// Number of documents to process at once [default: the number of cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Print a line per document
    #[arg(long)]
    list: bool,
    /// Compare this many classifications with the public API of the generated crates, according to
    /// their syntax trees
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    verdicts: usize,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let jobs = args.jobs.unwrap_or(available_parallelism().unwrap_or(NonZero::<usize>::MIN));
    let steps = steps(&args.old, &args.new)?;
    let templates = template_files(workspace())?;
    let start = Instant::now();
    let outcomes = each(jobs, &templates, &steps, Step::run);
    let seconds = start.elapsed().as_secs_f64();
    if args.list {
        outcomes.iter().filter_map(Outcome::line).for_each(|line| println!("{line}"));
    }
    table::print(&outcomes, jobs, seconds);
    let sample = verdicts::sample(&steps, &outcomes, args.verdicts);
    let compared = each(jobs, &templates, &sample, verdicts::Sample::compare);
    let agreed = verdicts::print(&compared);
    let failed = outcomes.iter().any(Outcome::failed) || !agreed;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns the documents of two folders by file name, largest first, so that no core waits for one
/// large document at the end.
fn steps(old: &Path, new: &Path) -> Result<Vec<Step>, String> {
    let mut steps: BTreeMap<String, Step> = BTreeMap::new();
    for (dir, is_new) in [(old, false), (new, true)] {
        let mut found = false;
        for file in walk(dir)?.into_iter().filter(|file| file.ends_with(".json")) {
            found = true;
            let step = steps.entry(file.clone()).or_insert_with(|| Step::new(&file));
            let path = Some(dir.join(file));
            if is_new { step.new = path } else { step.old = path }
        }
        if !found {
            return Err(format!("{}: no documents", dir.display()));
        }
    }
    let mut steps: Vec<Step> = steps.into_values().collect();
    steps.sort_by_cached_key(|step| std::cmp::Reverse(step.size()));
    Ok(steps)
}

/// Processes all items in parallel; returns the results in the order of the items.
fn each<T: Sync, R: Send>(
    jobs: NonZero<usize>,
    templates: &[(String, String)],
    items: &[T],
    work: impl Fn(&T, &Templates) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let bar = ProgressBar::new(items.len() as u64);
    std::thread::scope(|scope| {
        for _ in 0..jobs.get().min(items.len()) {
            scope.spawn(|| {
                // Handlebars' registry is not shared: each thread parses the templates once.
                let files = templates.iter().map(|(p, t)| (p.as_str(), t.as_str()));
                let Ok(templates) = Templates::new(files) else { return };
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    let result = work(item, &templates);
                    if let Ok(mut done) = done.lock() {
                        done.push((i, result));
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests;
