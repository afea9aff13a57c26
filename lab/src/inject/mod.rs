//! `cargo lab inject`: hostile text in a document stays text in everything that is generated.

mod files;
mod mix;
mod places;
mod readers;
mod structure;
mod texts;

use crate::paths::read;
use discovery_generator::{FileTree, Input, Options, Product, Templates, analyze, write};
use serde_json::Value;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Put hostile text into every string of a document, and search what is generated
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The document
    #[arg(default_value = "lab/src/inject/document.json")]
    document: PathBuf,
    /// Try only every nth combination
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Instead, compile what is generated, and open it with the programs that read it: rustdoc, mdBook,
    /// shells at TAB, groff, … The number of documents, each with every text; all combinations if none
    /// is given
    #[arg(long, value_name = "DOCUMENTS", num_args = 0..=1, default_missing_value = "1000")]
    readers: Option<usize>,
}

/// Results of all combinations.
#[derive(Default)]
struct Tally {
    refused: usize,
    generated: usize,
    files: usize,
    faults: BTreeSet<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let file = crate::paths::root().join(&args.document);
    let text = read(&file)?;
    let document: Value = serde_json::from_str(&text).map_err(|e| format!("{e}"))?;
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    if let Some(count) = args.readers {
        let success = readers::run(document, count, &templates)?;
        return Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let places = places::all(&document);
    let mut tally = Tally::default();
    std::panic::set_hook(Box::new(|_| {}));
    for (at, place) in places.iter().enumerate() {
        let number = |text: usize| at * texts::ALL.len() + text;
        let chosen = |text: &usize| number(*text) % args.every.max(1) == 0;
        let chosen = (0..texts::ALL.len()).filter(chosen).map(|text| texts::ALL[text]);
        try_place(&document, &templates, place, chosen, &mut tally);
    }
    let _ = std::panic::take_hook();
    println!(
        "{} places × {} texts: {} refused, {} generated with {} files, {} faults",
        places.len(),
        texts::ALL.len(),
        tally.refused,
        tally.generated,
        tally.files,
        tally.faults.len()
    );
    tally.faults.iter().for_each(|fault| println!("  {fault}"));
    Ok(if tally.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Generates with hostile texts in one place, and compares with a harmless text in its place.
fn try_place(
    document: &Value,
    templates: &Templates,
    place: &places::Place,
    texts: impl Iterator<Item = &'static str>,
    tally: &mut Tally,
) {
    let generate = |text: &str| {
        let changed = place.replace(document, text);
        catch_unwind(AssertUnwindSafe(|| generate(&changed, templates)))
    };
    let harmless = std::cell::LazyCell::new(|| generate(texts::CANARY).ok().flatten());
    for text in texts {
        let mut faults = Vec::new();
        match generate(text) {
            Err(_) => faults.push("panic".to_owned()),
            Ok(None) => tally.refused += 1,
            Ok(Some(tree)) => {
                tally.generated += 1;
                tally.files += tree.iter().count();
                faults.extend(files::faults(&tree));
                let harmless = harmless.iter();
                faults.extend(harmless.flat_map(|before| structure::differences(before, &tree)));
            }
        }
        let shown = |fault| format!("{place} = {text:?}: {fault}");
        tally.faults.extend(faults.into_iter().map(shown));
    }
}

/// Generates all products of a document, or returns `None` if it is refused.
fn generate(document: &Value, templates: &Templates) -> Option<FileTree> {
    let text = document.to_string();
    let input = Input { file: "evil.json", document: &text, overlay: None, methods: None };
    let model = analyze(&input).ok()?;
    let products = [Product::Client, Product::Cli, Product::Mock, Product::Docs];
    let options = Options { tests: true, ..Options::new(products) };
    match write(&model, "evil.json", &options, templates) {
        Ok(tree) => Some(tree),
        // A document that is accepted must be rendered; anything else is a bug.
        #[expect(clippy::panic, reason = "counted by the caller")]
        Err(report) => panic!("{report}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let args = Args {
            document: PathBuf::from("lab/src/inject/document.json"),
            every: 199,
            readers: None,
        };
        assert_eq!(run(&args).unwrap(), ExitCode::SUCCESS);
    }
}
