//! `cargo lab docs`: checks the reference documentation.
//!
//! Links and anchors resolve, examples run and match each other, JSON fits its schema, and no text
//! is accidental HTML. Rust examples are tests of the client crate.

pub(crate) mod book;
mod corpus;
mod examples;
mod json;
mod links;

use crate::catalog::{self, Source};
use crate::paths::{read, root, walk};
use book::Page;
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check the reference documentation
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Check links, examples, and JSON of the checked-in documentation
    #[arg(long)]
    check: bool,
    /// Also generate the documentation of the documents in this folder, into target/docs
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Number of documents of the folder, evenly spread; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    documents: usize,
}

/// Checked items and faults.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) pages: usize,
    pub(crate) links: usize,
    pub(crate) json: usize,
    pub(crate) commands: usize,
    pub(crate) rust: usize,
    pub(crate) faults: Vec<String>,
}

impl Found {
    fn fault(&mut self, page: &Page, line: usize, message: impl AsRef<str>) {
        self.faults.push(format!("{}:{line}: {}", page.path, message.as_ref()));
    }

    fn print(&self, name: &str) {
        println!(
            "{name}: {} pages, {} links, {} JSON blocks, {} commands, {} Rust examples, {} faults",
            self.pages,
            self.links,
            self.json,
            self.commands,
            self.rust,
            self.faults.len()
        );
        for fault in self.faults.iter().take(40) {
            println!("  {fault}");
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    if !args.check {
        return Err("say --check".to_owned());
    }
    let mut faults = 0;
    for source in
        catalog::sources(crate::paths::workspace(), None)?.iter().filter(|s| s.entry.has_docs())
    {
        let found = checked_in(source)?;
        found.print(&source.entry.id);
        faults += found.faults.len();
    }
    if let Some(dir) = &args.dir {
        faults += corpus::check(dir, args.documents)?;
    }
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the checked-in documentation of one API.
fn checked_in(source: &Source) -> Result<Found, String> {
    let folder = source.entry.id.replace(':', "-");
    let (pages, mut found) = read_in(source, &folder)?;
    examples::check(&pages, &format!("google-{folder}-cli"), &mut found)?;
    Ok(found)
}

/// Reads the checked-in pages and runs the checks that need no program.
fn read_in(source: &Source, folder: &str) -> Result<(Vec<Page>, Found), String> {
    let dir = root().join("generated").join(folder).join("docs");
    let mut pages = Vec::new();
    for path in walk(&dir)?.into_iter().filter(|p| p.ends_with(".md")) {
        let text = read(&dir.join(&path))?;
        pages.push(Page::new(path, &text));
    }
    let document: Value = serde_json::from_str(&source.document).map_err(|e| e.to_string())?;
    let found = check_pages(&pages, &document);
    Ok((pages, found))
}

/// Runs all checks that need no program.
pub(crate) fn check_pages(pages: &[Page], document: &Value) -> Found {
    let mut found = Found { pages: pages.len(), ..Found::default() };
    links::check(pages, &mut found);
    json::check(pages, document, &mut found);
    for page in pages {
        found.rust += page.blocks.iter().filter(|b| b.info.starts_with("rust")).count();
        for (line, message) in &page.faults {
            found.fault(page, *line, message);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checked_in_documentation_is_correct() {
        let sources =
            catalog::sources(crate::paths::workspace(), Some("jobs:v3")).expect("the list");
        let (_, found) = read_in(&sources[0], "jobs-v3").expect("pages");
        assert_eq!(found.faults, Vec::<String>::new());
        assert!(found.pages > 80 && found.json > 60 && found.rust > 60, "{}", found.pages);
    }
}
