//! `cargo xtask diff`.

mod report;
mod revision;
mod sides;

pub use report::Format;
pub(crate) use report::summary;
pub use revision::differs_in_revision_only;
#[cfg(feature = "fetch")]
pub(crate) use revision::without_revision;
pub(crate) use sides::at;
pub use sides::{Document, model};

use crate::console::print;
use crate::paths::found;
use crate::surface::Surface;
use crate::workspace::Workspace;
use discovery_generator::diff::{Diff, Verdict, diff, next_version};
use report::Report;
use sides::Side;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

/// Report how changes affect users, and whether they are breaking
///
/// OLD and NEW are git revisions or discovery documents. By default, the checked-in documents at
/// HEAD are compared with those of the working tree. Where a document is unchanged, the public API
/// of the generated crate is compared instead, which shows the effect of changes to the generator
/// or its templates.
#[derive(clap::Args)]
pub struct Args {
    /// Old side: a git revision or a file [default: HEAD]
    old: Option<String>,
    /// New side: a git revision or a file [default: the working tree]
    new: Option<String>,
    /// Limit to this API, for example `jobs:v3`
    #[arg(long, value_name = "ID")]
    api: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 0 if only descriptions changed, 1 if all changes are compatible, 2 if some are
    /// breaking, 3 on errors
    #[arg(long)]
    exit_code: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let result = compare(workspace, args);
    if !args.exit_code {
        return result.map(|_| ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(match result {
        Ok(Verdict::None | Verdict::Docs) => 0,
        Ok(Verdict::Compatible) => 1,
        Ok(Verdict::Breaking(_)) => 2,
        Err(message) => {
            crate::print_error(&message);
            3
        }
    }))
}

fn compare(workspace: &Workspace, args: &Args) -> Result<Verdict, String> {
    let old = Side::parse(workspace, args.old.as_deref().unwrap_or("HEAD"))?;
    let new = args.new.as_deref().map_or(Ok(Side::Tree), |name| Side::parse(workspace, name))?;
    let report = report(workspace, &old, &new, args.api.as_deref())?;
    let text = report.render(args.format);
    match &args.output {
        Some(file) => save(file, &text).map_err(|e| format!("{}: {e}", file.display()))?,
        None => print(&text),
    }
    Ok(report.verdict())
}

/// Writes a file as a whole, unless it is a device or a pipe, or a link to one.
fn save(file: &Path, text: &str) -> Result<(), String> {
    let said = |e: io::Error| e.to_string();
    if found(fs::metadata(file)).map_err(said)?.is_some_and(|metadata| !metadata.is_file()) {
        return fs::write(file, text).map_err(said);
    }
    let file = found(file.canonicalize()).map_err(said)?.unwrap_or_else(|| file.to_owned());
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    let result = fs::write(&part, text).and_then(|()| fs::rename(&part, &file));
    result.map_err(|e| match fs::remove_file(&part) {
        Err(other) if other.kind() != io::ErrorKind::NotFound => {
            format!("{e}; {} is left: {other}", part.display())
        }
        _ => e.to_string(),
    })
}

/// Compares every API of two sides.
fn report(
    workspace: &Workspace,
    old: &Side,
    new: &Side,
    api: Option<&str>,
) -> Result<Report, String> {
    let (mut before, mut after) = (old.documents(workspace)?, new.documents(workspace)?);
    if let (Side::File(_), Side::File(_), [a], [b]) = (old, new, &*before, &mut *after) {
        // Two versions of one API are comparable, to plan an upgrade.
        if a.name() != b.name() {
            return Err(format!("{} describes {}, {} describes {}", a.file, a.id, b.file, b.id));
        }
        b.id.clone_from(&a.id);
    } else {
        // A file is compared with the document of the same API.
        if let (Side::File(_), [only]) = (old, before.as_slice()) {
            after.retain(|d| d.id == only.id);
        }
        if let (Side::File(_), [only]) = (new, after.as_slice()) {
            before.retain(|d| d.id == only.id);
        }
    }
    if let Some(api) = api {
        before.retain(|d| d.id == api);
        after.retain(|d| d.id == api);
    }
    if before.is_empty() && after.is_empty() {
        return Err(format!(
            "neither {old} nor {new} has the document; name its id with --api, or its file"
        ));
    }
    let mut report = Report::default();
    for document in &after {
        match before.iter().find(|d| d.id == document.id) {
            None => report.added.push(document.id.clone()),
            Some(was) => one(workspace, &mut report, (old, was), (new, document))?,
        }
    }
    let gone = before.iter().filter(|d| !after.iter().any(|n| n.id == d.id));
    report.removed = gone.map(|d| d.id.clone()).collect();
    Ok(report)
}

fn one(
    workspace: &Workspace,
    report: &mut Report,
    (old, was): (&Side, &Document),
    (new, is): (&Side, &Document),
) -> Result<(), String> {
    let (a, b) = (model(was)?, model(is)?);
    let found: Diff = diff(&a, &b);
    let mut verdict = found.verdict;
    let same = was.text == is.text && was.overlay == is.overlay;
    if same && old.has_crates() && new.has_crates() {
        let folder = &b.names.package.folder;
        for krate in [folder.clone(), format!("{folder}-mock")] {
            let before = old.krate(workspace, &format!("{}/{krate}", was.output))?;
            let after = new.krate(workspace, &format!("{}/{krate}", is.output))?;
            if before == after {
                continue;
            }
            let read = |files, side: &Side| {
                Surface::read(files).map_err(|e| format!("{krate} of {side}: {e}"))
            };
            let changes = read(&before, old)?.compare(&read(&after, new)?);
            verdict = verdict.and(changes.verdict());
            report.surfaces.insert(krate, changes);
        }
    }
    if let Some(version) = &was.version {
        let next = next_version(version, verdict, &b.api.revision)
            .map_err(|e| format!("discovery/apis.json of {old}: {}: {e}", was.id))?;
        if next != *version {
            report.versions.insert(found.api.clone(), next);
        }
    }
    report.diffs.push(found);
    Ok(())
}
