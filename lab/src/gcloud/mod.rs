//! `cargo lab gcloud`: the commands of Google's SDK as clients of mock servers.

use crate::mocks::{Program, build};
use crate::paths::root;
use crate::table::{Case, Table, tables};
use discovery_generator::Product;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Run Google's gcloud against the mock servers of documents, command by command
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Tables of commands; all of lab/walk if none is given
    #[arg(value_name = "TABLE.txt")]
    tables: Vec<PathBuf>,
    /// Folder of discovery documents
    #[arg(long, value_name = "DIR", default_value = "../shared/corpus")]
    documents: PathBuf,
    /// Print the output of each command that fails
    #[arg(long)]
    output: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    if let Some(missing) = missing(args) {
        println!("!! SKIPPED: gcloud against the mock servers: {missing}");
        return Ok(ExitCode::SUCCESS);
    }
    let tables: Result<Vec<Table>, String> =
        tables(&args.tables, "gcloud-")?.iter().map(|path| Table::read(path)).collect();
    let tables = tables?;
    let document = |table: &Table| args.documents.join(format!("{}.json", table.document));
    let mocks = build(Product::Mock, &tables.iter().map(document).collect::<Vec<_>>())?;
    let (mut passed, mut failed) = (0, 0);
    for (table, outcome) in tables.iter().zip(conversations(&tables, &mocks, args)) {
        let Outcome { failures, report } = outcome?;
        let good = table.cases.len() - failures;
        println!("{report}{:<14} {good} passed, {failures} failed", table.document);
        passed += good;
        failed += failures;
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What this machine lacks.
fn missing(args: &Args) -> Option<String> {
    let version = Command::new("gcloud")
        .args(["version", "--format=value(core)"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match version {
        Err(error) => Some(format!("there is no gcloud: {error}")),
        Ok(status) if !status.success() => Some(format!("gcloud does not work: {status}")),
        Ok(_) if !args.documents.is_dir() => {
            Some(format!("there are no documents in {}", args.documents.display()))
        }
        Ok(_) => None,
    }
}

/// What became of the commands of a table.
struct Outcome {
    failures: usize,
    /// The commands that failed, a line each.
    report: String,
}

/// Runs the tables, each with a server of its own. A command of gcloud takes seconds on one core, so the
/// tables run at the same time.
fn conversations(tables: &[Table], mocks: &[Program], args: &Args) -> Vec<Result<Outcome, String>> {
    std::thread::scope(|scope| {
        let run = |(table, mock)| scope.spawn(move || conversation(table, mock, args));
        let running: Vec<_> = tables.iter().zip(mocks).map(run).collect();
        let panicked = |_| Err("a thread panicked".to_owned());
        running.into_iter().map(|thread| thread.join().unwrap_or_else(panicked)).collect()
    })
}

/// Runs the commands of a table on one server, in their order.
fn conversation(table: &Table, mock: &Program, args: &Args) -> Result<Outcome, String> {
    let server = mock.start()?;
    let home = root().join("target/mocks/home").join(&table.document);
    // A configuration from an earlier run would be the second source of settings.
    fs::remove_dir_all(&home).ok();
    let failed = |e: std::io::Error| format!("{}: {e}", home.display());
    fs::create_dir_all(&home).map_err(failed)?;
    fs::write(home.join("hello.txt"), "hello world\n").map_err(failed)?;
    fs::write(home.join("large.bin"), vec![b'x'; 9 << 20]).map_err(failed)?;
    let (name, value) = table.endpoint.as_ref().ok_or("a table without a line `endpoint`")?;
    let endpoint = value.replace("{endpoint}", &server.endpoint);
    let mut outcome = Outcome { failures: 0, report: String::new() };
    for case in &table.cases {
        let (code, output) = command(case, &home, (name, &endpoint))?;
        let faults = case.faults(code, &output);
        if !faults.is_empty() {
            outcome.failures += 1;
            let _ = writeln!(outcome.report, "  FAILED {}: {}", case.command, faults.join("; "));
            let shown = output.lines().filter(|_| args.output);
            shown.for_each(|line| _ = writeln!(outcome.report, "    | {line}"));
        }
    }
    Ok(outcome)
}

/// Runs a command without credentials and with a configuration of its own. Returns its exit code, and
/// what it wrote.
fn command(
    case: &Case,
    home: &Path,
    endpoint: (&str, &str),
) -> Result<(Option<i32>, String), String> {
    let words = shlex::split(&case.command).ok_or_else(|| format!("quotes: {}", case.command))?;
    let (program, words) = words.split_first().ok_or("an empty command")?;
    let output = Command::new(program)
        .args(words)
        .current_dir(home)
        .env("CLOUDSDK_CONFIG", home.join("config"))
        .env("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true")
        .env("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
        .env("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true")
        .env("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true")
        .env("CLOUDSDK_CORE_PROJECT", "p1")
        .env("CLOUDSDK_COMPUTE_ZONE", "us-central1-a")
        .env("CLOUDSDK_COMPUTE_REGION", "us-central1")
        .env(endpoint.0, endpoint.1)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{program}: {e}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok((output.status.code(), text))
}
