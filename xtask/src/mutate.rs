//! `cargo xtask mutate`: a damaged document never panics the generator.

use crate::paths::{read, walk};
use crate::random::Random;
use discovery_generator::{Input, Options, Product, Runtime, Templates, understand, write};
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Damage documents at random, generate from them, and report panics
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of discovery documents
    dir: PathBuf,
    /// How many damaged documents
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave out documents of more bytes than this
    #[arg(long, default_value_t = 60_000)]
    max_bytes: usize,
}

/// Output is made, too, of documents no larger than this; of larger ones only the model.
const WRITTEN: usize = 12_000;

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let mut documents = Vec::new();
    for file in walk(&args.dir)?.into_iter().filter(|f| f.ends_with("json")) {
        let text = read(&args.dir.join(&file))?;
        if text.len() <= args.max_bytes {
            let value = serde_json::from_str(&text).map_err(|e| format!("{file}: {e}"))?;
            documents.push((file, value));
        }
    }
    if documents.is_empty() {
        return Err(format!("no documents of that size in {}", args.dir.display()));
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
    let templates = crate::catalog::templates()?;
    // The panics are counted here; their default report would bury the figures.
    std::panic::set_hook(Box::new(|_| {}));
    let mut tally = Tally::default();
    for n in 0..count {
        let mut random = Random::new(seed.wrapping_add(n));
        let (file, document) = &documents[random.below(documents.len())];
        let mut damaged = document.clone();
        for _ in 0..=random.below(4) {
            damage(&mut damaged, &mut random);
        }
        let text = damaged.to_string();
        match catch_unwind(AssertUnwindSafe(|| generate(&text, &templates))) {
            Ok(true) => tally.generated += 1,
            Ok(false) => tally.refused += 1,
            Err(_) => tally.panics.push(format!("{file}, seed {}", seed.wrapping_add(n))),
        }
    }
    let _ = std::panic::take_hook();
    Ok(tally)
}

fn generate(text: &str, templates: &Templates) -> bool {
    let input = Input { file: "damaged.json", document: text, overlay: None };
    let Ok(model) = understand(&input) else { return false };
    if text.len() > WRITTEN {
        return true;
    }
    let options = Options {
        products: vec![Product::Client, Product::Cli, Product::Mock],
        runtime: Runtime::Workspace,
        version: "0.1.0".to_owned(),
        tests: true,
        behaviour: false,
    };
    match write(&model, "damaged.json", &options, templates) {
        Ok(_) => true,
        // A document that is understood must come out as Rust: anything else is a fault of ours.
        #[expect(clippy::panic, reason = "counted by the caller")]
        Err(report) => panic!("{report}"),
    }
}

/// Text that has broken generators.
const HOSTILE: &[&str] = &[
    "",
    "..",
    "../../x",
    "a/b",
    "\"",
    "*/ fn main() {}",
    "\n}\n",
    "r#self",
    "{{x}}",
    "`",
    "\u{202e}",
    "Self",
    "self",
    "$ref",
    "string",
    "object",
    "int64",
    "byte",
    "{+x}",
    "v1/{a}/{a}",
    "#![allow]",
];

/// One random change somewhere in `value`.
fn damage(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(map) if !map.is_empty() && random.below(8) != 0 => {
            let key = map.keys().nth(random.below(map.len())).cloned().unwrap_or_default();
            if random.below(3) != 0 && map[&key].is_object() | map[&key].is_array() {
                if let Some(inner) = map.get_mut(&key) {
                    damage(inner, random);
                }
                return;
            }
            member(map, &key, random);
        }
        Value::Array(items) if !items.is_empty() && random.below(4) != 0 => {
            let i = random.below(items.len());
            damage(&mut items[i], random);
        }
        other => *other = made_up(random),
    }
}

fn member(map: &mut Map<String, Value>, key: &str, random: &mut Random) {
    match random.below(4) {
        0 => {
            map.shift_remove(key);
        }
        1 => {
            if let Some(value) = map.shift_remove(key) {
                map.insert(HOSTILE[random.below(HOSTILE.len())].to_owned(), value);
            }
        }
        2 => {
            let other = map.keys().nth(random.below(map.len())).cloned().unwrap_or_default();
            let value = map[&other].clone();
            map.insert(key.to_owned(), value);
        }
        _ => {
            map.insert(key.to_owned(), made_up(random));
        }
    }
}

fn made_up(random: &mut Random) -> Value {
    match random.below(8) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::from(random.next()),
        3 => Value::Array(vec![made_up(random)]),
        4 => Value::Object(Map::from_iter([("$ref".to_owned(), Value::from("Nowhere"))])),
        _ => Value::from(HOSTILE[random.below(HOSTILE.len())]),
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
