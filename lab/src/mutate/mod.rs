//! `cargo lab mutate`: the generator must not panic on damaged documents.

mod compile;
mod damage;

use crate::paths::{read, walk};
use damage::Damage;
use discovery_generator::{Input, Options, Product, Templates, analyze, write};
use fastrand::Rng;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Generate from randomly damaged documents, and report panics
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of discovery documents
    dir: PathBuf,
    /// Number of damaged documents
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Skip documents larger than this
    #[arg(long, default_value_t = 60_000)]
    max_bytes: usize,
    /// Instead, compile the output of this many accepted documents, warnings denied
    #[arg(long, value_name = "N")]
    check: Option<usize>,
    /// With --check: also run the generated tests
    #[arg(long, requires = "check")]
    test: bool,
}

/// Maximum size of documents whose output is rendered; for larger ones, only the model is built.
const WRITTEN: usize = 12_000;

impl Args {
    /// Limits compiled packages in size: many small ones find more errors than a few large ones.
    fn limit(&self) -> usize {
        if self.check.is_some() { self.max_bytes.min(WRITTEN) } else { self.max_bytes }
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let mut documents = Vec::new();
    for file in walk(&args.dir)?.into_iter().filter(|f| f.ends_with("json")) {
        let text = read(&args.dir.join(&file))?;
        if text.len() <= args.limit() {
            let value = serde_json::from_str(&text).map_err(|e| format!("{file}: {e}"))?;
            documents.push((file, value));
        }
    }
    if documents.is_empty() {
        return Err(format!("no documents of that size in {}", args.dir.display()));
    }
    if let Some(count) = args.check {
        let failures = compile::run(&documents, args.seed, count, args.test)?;
        println!("{count} damaged documents generated, {} do not compile or pass", failures.len());
        failures.iter().for_each(|failure| println!("  {failure}"));
        let passed = failures.is_empty();
        return Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let tally = many(&documents, args.seed, args.count)?;
    println!(
        "{} damaged documents: {} refused with errors, {} generated, {} panicked",
        args.count,
        tally.refused,
        tally.generated,
        tally.panics.len()
    );
    for panic in &tally.panics {
        println!("  {panic}");
    }
    Ok(if tally.panics.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Default)]
struct Tally {
    refused: u64,
    generated: u64,
    panics: Vec<String>,
}

fn many(documents: &[(String, Value)], seed: u64, count: u64) -> Result<Tally, String> {
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    // Panics are counted; their default report would obscure the figures.
    std::panic::set_hook(Box::new(|_| {}));
    let mut tally = Tally::default();
    for n in 0..count {
        let (file, document) = damaged(documents, seed.wrapping_add(n));
        let text = document.to_string();
        match catch_unwind(AssertUnwindSafe(|| generate(&text, &templates))) {
            Ok(true) => tally.generated += 1,
            Ok(false) => tally.refused += 1,
            Err(_) => tally.panics.push(format!("{file}, seed {}", seed.wrapping_add(n))),
        }
    }
    let _ = std::panic::take_hook();
    Ok(tally)
}

/// Returns the document of a seed: a file with one to five damages.
fn damaged(documents: &[(String, Value)], seed: u64) -> (&str, Value) {
    let mut random = Rng::with_seed(seed);
    let (file, document) = &documents[random.usize(..documents.len())];
    let mut damage = Damage::new(document, random);
    let mut damaged = document.clone();
    for _ in 0..=damage.random.usize(..5) {
        damage.apply(&mut damaged);
    }
    (file, damaged)
}

/// Returns the generator's options for damaged documents.
fn options() -> Options {
    Options { tests: true, ..Options::new([Product::Client, Product::Cli, Product::Mock]) }
}

fn generate(text: &str, templates: &Templates) -> bool {
    let input = Input { file: "damaged.json", document: text, overlay: None, methods: None };
    let Ok(model) = analyze(&input) else { return false };
    if text.len() > WRITTEN {
        return true;
    }
    match write(&model, "damaged.json", &options(), templates) {
        Ok(_) => true,
        // A document that is accepted must be rendered; anything else is a bug.
        #[expect(clippy::panic, reason = "counted by the caller")]
        Err(report) => panic!("{report}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_documents_of_ours_do_not_panic() {
        let mut documents = Vec::new();
        let shapes = crate::paths::root().join("generator/tests/shapes");
        for file in walk(&shapes).unwrap().into_iter().filter(|f| f.ends_with("discovery.json")) {
            let text = read(&shapes.join(&file)).unwrap();
            documents.push((file, serde_json::from_str(&text).unwrap()));
        }
        let tally = many(&documents, 7, 400).unwrap();
        assert!(tally.panics.is_empty(), "{:?}", tally.panics);
        assert!(tally.refused > 20 && tally.generated > 20);
    }
}
