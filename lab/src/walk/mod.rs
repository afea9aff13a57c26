//! `cargo lab walk`: calls the mock servers of documents with Google's google-api-python-client.

pub(crate) mod python;

use crate::mocks::{Program, build};
use crate::paths::root;
use discovery_generator::Product;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Call every method of documents' mock servers with google-api-python-client
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Discovery documents: files, or names of those that come with the client, such as gmail.v1
    #[arg(required = true, value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Folder with tables of arguments, DOC.jsonl, as for `cargo lab conformance requests`
    #[arg(long, value_name = "DIR", default_value = "../shared/conformance/requests")]
    requests: PathBuf,
    /// Print every method, not only failed ones
    #[arg(long)]
    all: bool,
}

/// Result of a method.
#[derive(Deserialize)]
struct Verdict {
    method: String,
    /// Number of calls.
    calls: usize,
    /// Unexpected behavior; empty if the method passed.
    faults: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let python = match python::with_client() {
        Ok(python) => python,
        Err(why) => {
            println!("!! SKIPPED: the mock servers under google-api-python-client: {why}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let documents: Result<Vec<_>, _> = args.documents.iter().map(|d| find(&python, d)).collect();
    let (mut passed, mut failed) = (0, 0);
    for mock in build(Product::Mock, &documents?)? {
        let verdicts = walk(&python, &mock, args)?;
        let bad = verdicts.iter().filter(|verdict| !verdict.faults.is_empty()).count();
        let calls: usize = verdicts.iter().map(|verdict| verdict.calls).sum();
        let good = verdicts.len() - bad;
        println!("{:<14} {good} passed, {bad} failed ({calls} calls)", mock.name);
        print(&verdicts, args.all);
        passed += good;
        failed += bad;
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the document at this path or, if there is none, the client's document of this name.
fn find(python: &Path, document: &Path) -> Result<PathBuf, String> {
    if document.is_file() {
        return Ok(document.to_owned());
    }
    python::document(python, &document.to_string_lossy())
}

fn print(verdicts: &[Verdict], all: bool) {
    for verdict in verdicts {
        if all && verdict.faults.is_empty() {
            println!("  passed {} ({} calls)", verdict.method, verdict.calls);
        }
        for fault in &verdict.faults {
            println!("  FAILED {}: {fault}", verdict.method);
        }
    }
}

fn walk(python: &Path, mock: &Program, args: &Args) -> Result<Vec<Verdict>, String> {
    let server = mock.start()?;
    let output = Command::new(python)
        .arg(root().join("lab/walk/walk.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args([&mock.document, &PathBuf::from(&server.endpoint)])
        .arg(args.requests.join(format!("{}.jsonl", mock.name)))
        .arg(mock.streams.join(","))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("{}: {e}", python.display()))?;
    if !output.status.success() {
        return Err(format!("{}: the walk ended early: {}", mock.name, output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let verdicts: Result<Vec<Verdict>, _> = text.lines().map(serde_json::from_str).collect();
    let verdicts = verdicts.map_err(|e| format!("{}: a line of the walk: {e}", mock.name))?;
    if verdicts.is_empty() {
        return Err(format!("{}: no method was called", mock.name));
    }
    Ok(verdicts)
}
