//! `cargo lab servers`: Google's emulators under the generated command lines.

mod emulator;

use crate::mocks::{Program, build};
use crate::paths::root;
use crate::table::{Case, Table, tables};
use crate::walk::python;
use discovery_generator::Product;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Run generated command lines against Google's emulators, method by method
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Tables of commands; all of lab/walk if none is given
    #[arg(value_name = "TABLE.txt")]
    tables: Vec<PathBuf>,
    /// Folder of discovery documents; by default, the one that google-api-python-client ships
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Print the output of each command that fails
    #[arg(long)]
    output: bool,
}

/// What became of the commands of a table.
#[derive(Default)]
struct Count {
    passed: usize,
    missing: usize,
    failed: usize,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let ready = emulator::sdk().and_then(|sdk| Ok((sdk, documents(args)?)));
    let (sdk, documents) = match ready {
        Ok(ready) => ready,
        Err(why) => {
            println!("!! SKIPPED: every emulator: {why}");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let mut failed = 0;
    for path in tables(&args.tables, "server-")? {
        let table = Table::read(&path)?;
        let server = table.server.as_deref().ok_or("a table without a line `server`")?;
        let program = emulator::program(&sdk, server)?;
        if !program.exists() {
            println!("!! SKIPPED: {server}: its emulator is not installed");
            continue;
        }
        let document = documents.join(format!("{}.json", table.document));
        let cli = build(Product::Cli, &[document])?;
        let cli = cli.first().ok_or("no command line was built")?;
        let home = root().join("target/mocks").join(server);
        let emulator = emulator::start(&program, server, &home)?;
        let count = conversation(&table, cli, &emulator.endpoint, &home, args)?;
        let Count { passed, missing, failed: bad } = count;
        println!("{server:<14} {passed} passed, {missing} not implemented there, {bad} failed");
        failed += bad;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The folder of documents. The error says why there is none.
fn documents(args: &Args) -> Result<PathBuf, String> {
    if let Some(folder) = &args.documents {
        return Ok(folder.clone());
    }
    let python = python::with_client()?;
    let code = "import googleapiclient, os; print(os.path.dirname(googleapiclient.__file__))";
    let output = Command::new(&python)
        .args(["-c", code])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", python.display()))?;
    let package = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(package.join("discovery_cache/documents"))
}

/// Runs the commands of a table, in their order.
fn conversation(
    table: &Table,
    cli: &Program,
    endpoint: &str,
    home: &Path,
    args: &Args,
) -> Result<Count, String> {
    let token = home.join("token");
    // The emulators take any token, and some demand this one.
    std::fs::write(&token, "owner").map_err(|e| format!("{}: {e}", token.display()))?;
    let mut count = Count::default();
    let mut kept = BTreeMap::from([("home".to_owned(), home.display().to_string())]);
    for case in &table.cases {
        let text = filled(&case.command, &kept);
        let (code, output) = command(&text, cli, endpoint, home, &token)?;
        keep(case, &output, &mut kept);
        let faults = filled_case(case, &kept).faults(code, &output);
        if faults.is_empty() {
            count.passed += 1;
        } else if is_missing(case, &output) {
            count.missing += 1;
            println!("  not implemented there: {}", method(&text));
        } else {
            count.failed += 1;
            println!("  FAILED {text}: {}", faults.join("; "));
        }
        if args.output && !faults.is_empty() {
            output.lines().for_each(|line| println!("    | {line}"));
        }
    }
    Ok(count)
}

/// Whether a server says that it lacks a method.
fn is_missing(case: &Case, output: &str) -> bool {
    let no_page = "404 NOT_FOUND: the server answered with text";
    let known = ["501 UNIMPLEMENTED", no_page].into_iter();
    let mut texts = known.chain(case.lacking.iter().map(String::as_str));
    texts.any(|text| output.contains(text))
}

/// The words of a command that tell its method.
fn method(command: &str) -> String {
    command.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")
}

fn filled(text: &str, kept: &BTreeMap<String, String>) -> String {
    kept.iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn filled_case(case: &Case, kept: &BTreeMap<String, String>) -> Case {
    let all = |texts: &[String]| texts.iter().map(|text| filled(text, kept)).collect();
    Case {
        code: case.code,
        present: all(&case.present),
        absent: all(&case.absent),
        ..Case::default()
    }
}

/// Keeps the values of an answer that later commands use.
fn keep(case: &Case, output: &str, kept: &mut BTreeMap<String, String>) {
    let answer: Value = serde_json::from_str(output).unwrap_or_default();
    for (name, path) in &case.kept {
        let found = answer.pointer(&format!("/{}", path.replace('.', "/")));
        if let Some(text) = found.and_then(Value::as_str) {
            kept.insert(name.clone(), text.to_owned());
        }
    }
}

/// Runs the generated command line. Returns its exit code, and what it wrote: the answer, or the error.
fn command(
    text: &str,
    cli: &Program,
    endpoint: &str,
    home: &Path,
    token: &Path,
) -> Result<(Option<i32>, String), String> {
    let words = shlex::split(text).ok_or_else(|| format!("quotes: {text}"))?;
    let words =
        words.strip_prefix(&["cli".to_owned()]).ok_or_else(|| format!("no `cli`: {text}"))?;
    let program = cli.path();
    let output = Command::new(&program)
        .args(words)
        .args(["--endpoint", endpoint, "--no-input", "--access-token-file"])
        .arg(token)
        .env("HOME", home)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", program.display()))?;
    let text = if output.status.success() { output.stdout } else { output.stderr };
    Ok((output.status.code(), String::from_utf8_lossy(&text).into_owned()))
}
