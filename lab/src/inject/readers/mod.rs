//! `cargo lab inject --readers`: what is generated, opened by the programs that read it.

mod crates;
mod git;
mod mock;
mod pages;
mod python;
mod shells;
mod tab;
mod terminal;
mod updates;
mod work;

use crate::inject::texts;
use crates::Crates;
use discovery_generator::Templates;
use serde_json::Value;
use std::time::Instant;

/// What a reader found.
struct Found {
    /// Number of things that it read.
    count: usize,
    /// What they are.
    things: &'static str,
    faults: Vec<String>,
}

/// A reader: what it opens, and how.
struct Reader {
    name: &'static str,
    product: &'static str,
    /// Programs that it needs.
    needs: &'static [&'static str],
    read: fn(&Crates) -> Result<Found, String>,
}

const fn reader(
    name: &'static str,
    product: &'static str,
    needs: &'static [&'static str],
    read: fn(&Crates) -> Result<Found, String>,
) -> Reader {
    Reader { name, product, needs, read }
}

/// All readers. The first compiles what others run.
const ALL: &[Reader] = &[
    reader("cargo build", "client, CLI, mock", &[], build),
    reader("rustdoc", "client, mock", &["python3"], pages::rustdoc),
    reader("git", "names of files", &["git"], git::read),
    reader("tomllib", "manifests, book.toml", &["python3"], python::manifests),
    reader("PyYAML", "front matter of SKILL.md", &["python3"], python::skills),
    reader("CommonMark", "README, guide, docs, SKILL.md", &["python3"], pages::markdown),
    reader("mdBook", "docs", &["mdbook", "python3"], pages::books),
    reader("bash", "examples of docs and help", &["bash"], shells::examples),
    reader("bash", "--curl", &["bash"], shells::curl),
    reader("rustc's lexer", "--code rust", &["bash"], shells::code),
    reader("terminal", "help, docs, schema, search, errors", &["python3"], terminal::read),
    reader("groff -U -ww", "man pages", &["groff"], terminal::man),
    reader("bash at TAB", "completions", &["bash", "python3"], tab::bash),
    reader("zsh at TAB", "completions", &["zsh", "python3"], tab::zsh),
    reader("fish at TAB", "completions", &["fish"], tab::fish),
    reader("HTTP", "mock server", &[], mock::read),
    reader(
        "terminal, CommonMark",
        "diff, regen --bump, changelog",
        &["git", "python3"],
        updates::read,
    ),
];

/// Maximum number of faults to print per reader.
const MAX_SHOWN: usize = 12;

/// Opens what is generated from `count` documents, evenly spread; returns whether no text acted.
pub(super) fn run(plain: Value, count: usize, templates: &Templates) -> Result<bool, String> {
    let all = texts::ALL.len();
    let count = count.clamp(1, all);
    let numbers: Vec<usize> = (0..count).map(|n| n * all / count).collect();
    let crates = Crates::new(plain, &numbers, templates)?;
    let placed: usize = crates.apis.iter().map(|api| api.mix.placed).sum();
    let refused: usize = crates.apis.iter().map(|api| api.mix.refused).sum();
    let places = crates.apis.first().map_or(0, |api| api.mix.placed + api.mix.refused);
    println!(
        "{count} documents, each with {all} texts over {places} places: {placed} texts accepted, {refused} refused"
    );
    println!(
        "{:<21} {:<35} {:>6} {:<9} {:>7} {:>5}",
        "reader", "product", "count", "", "faults", "s"
    );
    let mut success = true;
    for reader in ALL {
        let start = Instant::now();
        if let Some(program) = reader.needs.iter().find(|program| !work::has(program)) {
            println!("!! SKIPPED: {}, {}: {program} is missing", reader.name, reader.product);
            continue;
        }
        match (reader.read)(&crates) {
            Ok(found) => success &= found.print(reader, start.elapsed().as_secs()),
            Err(why) => {
                println!("{:<21} {:<35} FAILED: {why}", reader.name, reader.product);
                success = false;
            }
        }
    }
    Ok(success)
}

impl Found {
    fn print(&self, reader: &Reader, seconds: u64) -> bool {
        let (count, things, faults) = (self.count, self.things, self.faults.len());
        println!(
            "{:<21} {:<35} {count:>6} {things:<9} {faults:>7} {seconds:>5}",
            reader.name, reader.product
        );
        self.faults.iter().take(MAX_SHOWN).for_each(|fault| println!("  {fault}"));
        // A reader that opened nothing proves nothing.
        faults == 0 && count > 0
    }
}

fn build(crates: &Crates) -> Result<Found, String> {
    let faults = crates.cargo(&["build"])?;
    Ok(Found { count: crates.folders().len(), things: "packages", faults })
}
