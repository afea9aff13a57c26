//! `cargo lab programs`: compiles typical first programs against the crates of real APIs, and runs those
//! with a server of their own.
//!
//! The programs are in `lab/programs`. Their crates are generated from documents outside of the
//! repository, and built with the features that each program needs.

use crate::corpus::{cargo_command, sync_tree, write_members};
use crate::paths::{read, root};
use discovery_generator::{Input, Options, Product, Runtime, Templates, analyze, write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compile the programs in lab/programs against crates of real documents
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of discovery documents
    #[arg(default_value = "../shared/corpus")]
    dir: PathBuf,
    /// Programs, by file name without `.rs`; all if none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// A program, with the document of its API and the features that it needs.
struct Program {
    name: &'static str,
    document: &'static str,
    features: &'static [&'static str],
    /// Whether the program is run: it has a server of its own.
    runs: bool,
}

const PROGRAMS: &[Program] = &[
    program("bigquery", "bigquery.v2", &["jobs", "tabledata"]),
    program("calendar", "calendar.v3", &["chrono-0_4"]),
    program("chat", "chat.v1", &[]),
    program("compute", "compute.v1", &["instances", "zone-operations"]),
    running("compute_insert", "compute.v1", &["instances", "zone-operations", "testing"]),
    program("drive", "drive.v3", &[]),
    running("firestore_query", "firestore.v1", &["testing"]),
    program("migration", "drive.v3", &[]),
    program("people", "people.v1", &[]),
    program("pubsub", "pubsub.v1", &[]),
    program("sheets", "sheets.v4", &[]),
    program("storage", "storage.v1", &[]),
    program("youtube", "youtube.v3", &["channels", "playlist-items", "search", "videos"]),
];

/// Dependencies of programs, besides their API's crate.
const LIBRARIES: &str = "chrono = \"0.4\"\nserde_json = \"1\"\n\
    tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";

const fn program(
    name: &'static str,
    document: &'static str,
    features: &'static [&'static str],
) -> Program {
    Program { name, document, features, runs: false }
}

const fn running(
    name: &'static str,
    document: &'static str,
    features: &'static [&'static str],
) -> Program {
    Program { runs: true, ..program(name, document, features) }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let programs = chosen(&args.names)?;
    if !args.dir.is_dir() {
        let dir = args.dir.display();
        return Err(format!("{dir} is missing: pass a folder of discovery documents"));
    }
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    let out = root().join("target/programs");
    let mut written = Vec::new();
    for program in programs {
        match document(&args.dir, program.document) {
            Ok(file) => {
                write_crates(program, &file, &templates, &out)?;
                written.push(program);
            }
            Err(why) => println!("!! SKIPPED: program {}: {why}", program.name),
        }
    }
    let programs = written;
    let mut members: Vec<String> = Vec::new();
    for program in &programs {
        members.extend([program.name.to_owned(), folder(program)]);
    }
    members.sort();
    members.dedup();
    write_members(&out, &members)?;
    let mut cargo = cargo_command(&out, "check");
    // Shares third-party crates with `cargo lab corpus`.
    cargo.env("CARGO_TARGET_DIR", root().join("target/corpus/target")).arg("--keep-going");
    for program in &programs {
        cargo.args(["-p", program.name]);
    }
    let status = cargo.status().map_err(|e| format!("cargo check: {e}"))?;
    let result = if status.success() { "compile" } else { "do NOT compile" };
    println!("{} programs {result}", programs.len());
    let mut success = status.success();
    for program in programs.iter().filter(|program| program.runs) {
        success = success && execute(program, &out)?;
    }
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a program; returns whether it succeeded.
fn execute(program: &Program, out: &Path) -> Result<bool, String> {
    println!("running {}", program.name);
    let mut cargo = cargo_command(out, "run");
    cargo.env("CARGO_TARGET_DIR", root().join("target/corpus/target"));
    cargo.args(["--quiet", "-p", program.name]);
    let status = cargo.status().map_err(|e| format!("cargo run: {e}"))?;
    if !status.success() {
        println!("{} FAILED", program.name);
    }
    Ok(status.success())
}

/// Returns the file of a document: in the folder, or else in google-api-python-client.
fn document(dir: &Path, name: &str) -> Result<PathBuf, String> {
    let file = dir.join(format!("{name}.json"));
    if file.is_file() {
        return Ok(file);
    }
    let none = |why: &str| format!("{} is missing, and {why}", file.display());
    let python = crate::walk::python::with_client().map_err(none)?;
    crate::walk::python::document(&python, name).map_err(|why| none(&why))
}

fn chosen(names: &[String]) -> Result<Vec<&'static Program>, String> {
    let known = |name: &str| PROGRAMS.iter().any(|program| program.name == name);
    if let Some(name) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = PROGRAMS.iter().map(|program| program.name).collect();
        return Err(format!("no program `{name}`; there are {}", all.join(", ")));
    }
    let wanted = |program: &&Program| names.is_empty() || names.iter().any(|n| n == program.name);
    Ok(PROGRAMS.iter().filter(wanted).collect())
}

/// Returns the folder of an API's crate, next to the program's.
fn folder(program: &Program) -> String {
    format!("api-{}", program.document.replace('.', "-"))
}

/// Writes the crate of a program's API, and a package for the program.
fn write_crates(
    program: &Program,
    document: &Path,
    templates: &Templates,
    out: &Path,
) -> Result<(), String> {
    let file = format!("{}.json", program.document);
    let text = read(document)?;
    let model = analyze(&Input { file: &file, document: &text, overlay: None, methods: None })
        .map_err(|report| report.to_string())?;
    let options = Options {
        runtime: Runtime::Path("../../../runtime".to_owned()),
        ..Options::new([Product::Client])
    };
    let tree = write(&model, &file, &options, templates).map_err(|report| report.to_string())?;
    let tree = crate::corpus::within(&tree, &model.names.package.folder)?;
    sync_tree(out, &folder(program), &tree)?;
    let package = out.join(program.name);
    std::fs::create_dir_all(&package).map_err(|e| format!("{}: {e}", package.display()))?;
    let manifest = package.join("Cargo.toml");
    std::fs::write(&manifest, self::manifest(program, &model.names.package.package))
        .map_err(|e| format!("{}: {e}", manifest.display()))
}

fn manifest(program: &Program, package: &str) -> String {
    let (name, folder) = (program.name, folder(program));
    let features: Vec<String> = program.features.iter().map(|f| format!("\"{f}\"")).collect();
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n\
         [[bin]]\nname = \"{name}\"\npath = \"../../../lab/programs/{name}.rs\"\n\n\
         [dependencies]\n{package} = {{ path = \"../{folder}\", features = [{}] }}\n{LIBRARIES}\n\
         [lints.rust]\nwarnings = \"deny\"\n",
        features.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_the_folder_is_compiled() -> Result<(), String> {
        let mut files = crate::paths::walk(&root().join("lab/programs"))?;
        files.sort();
        let listed: Vec<_> = PROGRAMS.iter().map(|p| format!("{}.rs", p.name)).collect();
        assert_eq!(files, listed);
        Ok(())
    }

    /// Returns the blocks of a page after a label, without indentation.
    fn blocks<'a>(page: &'a str, label: &'a str) -> impl Iterator<Item = String> + 'a {
        page.split(label).skip(1).filter_map(|rest| {
            let code = rest.split_once("```rust,ignore\n")?.1.split_once("```")?.0;
            Some(unindented(code))
        })
    }

    fn unindented(code: &str) -> String {
        let lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn the_page_on_migration_shows_a_program_that_is_compiled() -> Result<(), String> {
        let page = read(&root().join("runtime/client/src/migration.md"))?;
        let program = unindented(&read(&root().join("lab/programs/migration.rs"))?);
        let mut count = 0;
        for block in blocks(&page, "\nNow:\n") {
            assert!(program.contains(&block), "not in lab/programs/migration.rs:\n{block}");
            count += 1;
        }
        assert_eq!(count, blocks(&page, "\nBefore:\n").count());
        assert_eq!(count, page.lines().filter(|line| line.starts_with("## ")).count() - 1);
        Ok(())
    }
}
