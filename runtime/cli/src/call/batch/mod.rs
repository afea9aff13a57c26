//! `batch`: many calls from a file of JSON lines.

mod lines;
mod send;

use serde_json::Value;

use crate::app::App;
use crate::body::Source as _;
use crate::command::Arguments;
use crate::confirm;
use crate::failure::Failure;
use crate::flags::FLAGS;
use crate::host::{Files, Host};
use crate::issue::{Issue, Issues};
use crate::output::{Target, closed};
use crate::settings::{Mode, Settings};

use super::{hidden, request, show};
use lines::Line;

/// Maximum number of calls in one request, unless the command line sets another: the limit of most
/// APIs.
const USUAL_SIZE: usize = 100;

/// Common flags that apply to a batch. Others would have no effect.
const ACCEPTED: &[&str] = &[
    "out",
    "color",
    "error-format",
    "dry-run",
    "strict",
    "verbose",
    "debug",
    "profile",
    "scope",
    "config-dir",
    "access-token-file",
    "credentials",
    "gcloud-account",
    "impersonate-service-account",
    "subject",
    "quota-project",
    "mock",
    "endpoint",
    "ca-file",
    "timeout",
    "no-request-id",
    "read-only",
    "yes",
    "no-input",
];

/// Runs `batch`.
pub(crate) fn run(app: &App, arguments: &Arguments, host: &mut Host<'_>) -> Result<(), Failure> {
    let mut issues = Issues::default();
    let settings = Settings::read(app, arguments, host, &mut issues)?;
    check_flags(arguments, ACCEPTED, &mut issues);
    let size = size(arguments, &mut issues);
    if issues.has_errors() {
        return Err(issues.into());
    }
    let file = arguments.one("file").unwrap_or_default();
    let text = Files::new(host).read(&file).map_err(Failure::usage)?;
    let text = String::from_utf8(text)
        .map_err(|_| Failure::usage(format!("'{file}' is not text in UTF-8")))?;
    let lines = lines::read(app, &text, &settings, host, &mut issues);
    if settings.strict {
        issues.make_strict();
    }
    if issues.has_errors() {
        return Err(issues.into());
    }
    for issue in issues.warnings() {
        host.print_tagged(&crate::style::warning("warning"), &issue.line());
    }
    let target =
        Target::check(settings.out.as_ref().map(|out| host.path(out)), host.terminals.stdout)?;
    if settings.mode == Mode::DryRun {
        return target.write(host.stdout, &mut |out| {
            for line in &lines {
                writeln!(out, "{}", preview(app, line, &settings)?).map_err(|e| closed(&e))?;
            }
            Ok(())
        });
    }
    let deletions = lines.iter().filter(|line| confirm::deletes(line.plan.method)).count();
    if deletions > 0 {
        let count = lines.len();
        confirm::ask(&format!("{deletions} of {count} calls delete; send them"), &settings, host)?;
    }
    send::send(app, &settings, &lines, size, &target, host)
}

/// Reports common flags that have no effect.
fn check_flags(arguments: &Arguments, accepted: &[&str], issues: &mut Issues) {
    for flag in FLAGS.iter().filter(|flag| !accepted.contains(&flag.long)) {
        let long = flag.long;
        if arguments.has(long) || arguments.count(long) > 0 || arguments.one(long).is_some() {
            issues.push(
                Issue::error("A batch does not take this flag.").at(&format!("--{long}"), ""),
            );
        }
    }
}

fn size(arguments: &Arguments, issues: &mut Issues) -> usize {
    let Some(text) = arguments.one("size") else { return USUAL_SIZE };
    match text.parse() {
        Ok(size) if size > 0 => size,
        _ => {
            let message = format!("'{text}' is not a number of calls.");
            issues.push(Issue::error(message).at("--size", &text));
            USUAL_SIZE
        }
    }
}

/// Returns the request of a line, as `--dry-run` of its command prints it.
fn preview(app: &App, line: &Line, settings: &Settings) -> Result<String, Failure> {
    let plan = hidden::plan(&line.plan);
    let client = request::offline(app, &plan, settings)?;
    let shown = show::shown(request::call(&client, &plan), &plan, settings)?;
    let keyed = plan.values.query_one("key").is_some();
    let doc: Value = show::document(&plan, &shown, settings, keyed);
    Ok(hidden::hidden(&doc.to_string()).into_owned())
}
