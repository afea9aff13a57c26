//! `cargo discovery fetch`, and document downloads for other commands.

mod document;
mod download;
#[cfg(test)]
mod tests;

use crate::catalog::{self, Source};
use crate::commit::{self, Step};
use crate::console::{note, say};
use crate::diff::{Document, model};
use crate::lock::Lock;
use crate::paths::{self, read, shown};
use crate::workspace::Workspace;
use discovery_generator::diff::diff;
use discovery_generator::{Input, analyze};
use document::Change;
pub(crate) use document::Normal;
use download::Limits;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Fetch the current discovery document of an API into discovery/
///
/// Documents are normalized (sorted keys, two spaces of indentation), so that diffs show only real
/// changes. A document that differs only in `revision` and `etag` is not updated. On any error,
/// nothing changes.
#[derive(clap::Args)]
pub struct Args {
    /// The API, for example `jobs:v3`
    #[arg(required_unless_present = "all")]
    id: Option<String>,
    /// Fetch every Google API in discovery/apis.json
    #[arg(long, conflicts_with_all = ["id", "from"])]
    all: bool,
    /// Read from an http(s) URL, a file, or a folder of documents instead
    #[arg(long, value_name = "URL|FILE|DIR")]
    from: Option<String>,
    /// Accept a revision older than the stored one
    #[arg(long)]
    force: bool,
    /// Time limit in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let _lock = Lock::new(workspace)?;
    let known = catalog::sources(workspace, None)?;
    let dir = workspace.discovery();
    // Without a new document, nothing else deletes what a killed run left.
    commit::check(workspace.root(), &dir.join(".staged/file"))?;
    commit::run(&dir.join(".staged"), &[])?;
    let limits = Limits { time: Duration::from_secs(args.timeout), bytes: 32 << 20, redirects: 5 };
    let mut failed = false;
    let ids: Vec<String> = match &args.id {
        Some(id) => vec![id.clone()],
        None => known.iter().filter(|s| is_google(s)).map(|s| s.entry.id.clone()).collect(),
    };
    for id in ids {
        let entry = known.iter().find(|s| s.entry.id == id).map(|s| &s.entry);
        let wanted = Wanted {
            id: &id,
            file: entry.map(|e| dir.join(&e.document)),
            overlay: entry.and_then(|e| e.overlay.as_ref()).map(|o| dir.join(o)),
            methods: entry.and_then(|e| e.settings.methods.clone()),
            dir: &dir,
            force: args.force,
        };
        let places = match &args.from {
            Some(place) if Path::new(place).is_dir() => {
                in_folder(Path::new(place), &id).map(|file| vec![file])
            }
            Some(place) => Ok(vec![place.clone()]),
            None => urls(&id),
        };
        match places.and_then(|places| one(&wanted, &places, &limits)) {
            Ok(told) => say(told),
            Err(message) => {
                note(format!("error: {id}: {}", message.trim_end()));
                failed = true;
            }
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns `true` if Google serves the API.
fn is_google(source: &Source) -> bool {
    let document: Option<serde_json::Value> = serde_json::from_str(&source.document).ok();
    let url = document.as_ref().and_then(|d| d.get("rootUrl")?.as_str());
    url.is_none_or(|url| url.trim_end_matches('/').ends_with(".googleapis.com"))
}

/// Returns the URLs of an API's document: at its own host and, for APIs with other host names, in
/// Google's directory (discovery reference, "apis.getRest").
fn urls(id: &str) -> Result<Vec<String>, String> {
    let fits = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
    };
    match id.split_once(':') {
        Some((name, version)) if fits(name) && fits(version) => Ok(vec![
            format!("https://{name}.googleapis.com/$discovery/rest?version={version}"),
            format!("https://www.googleapis.com/discovery/v1/apis/{name}/{version}/rest"),
        ]),
        _ => Err("expected a name and a version, for example jobs:v3".to_owned()),
    }
}

/// Fetches the document of an API from Google, a URL, a file, or a folder. Returns the normalized
/// document and its source.
pub(crate) fn document(
    id: &str,
    from: Option<&str>,
    timeout: Duration,
) -> Result<(String, Normal), String> {
    let limits = Limits { time: timeout, bytes: 32 << 20, redirects: 5 };
    let google = urls(id)?;
    let places = match from {
        None => google,
        Some(from) if Path::new(from).is_dir() => vec![in_folder(Path::new(from), id)?],
        Some(from) => vec![from.to_owned()],
    };
    let (place, bytes) = download::first(&places, &limits)?;
    let normal = document::normal(&bytes, id).map_err(|e| format!("{place}: {e}"))?;
    Ok((place, normal))
}

/// Returns the text of a URL or a file.
pub(crate) fn text(from: &str, timeout: Duration) -> Result<String, String> {
    let limits = Limits { time: timeout, bytes: 32 << 20, redirects: 5 };
    let (place, bytes) = download::first(&[from.to_owned()], &limits)?;
    String::from_utf8(bytes).map_err(|e| format!("{place}: not UTF-8: {e}"))
}

/// Finds the document of an API in a folder by common file names.
fn in_folder(folder: &Path, id: &str) -> Result<String, String> {
    let names = [".", "-", "_", ":"].map(|sign| format!("{}.json", id.replace(':', sign)));
    let found = names.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    found
        .map(|path| path.display().to_string())
        .ok_or_else(|| format!("{} has none of {}", folder.display(), names[..2].join(", ")))
}

/// Requested document.
struct Wanted<'a> {
    id: &'a str,
    /// File of the stored document, if any.
    file: Option<PathBuf>,
    overlay: Option<PathBuf>,
    /// Patterns of the generated methods.
    methods: Option<Vec<String>>,
    /// Folder for a new document.
    dir: &'a Path,
    force: bool,
}

/// Fetches a document from the first available source, and prints the result.
fn one(wanted: &Wanted<'_>, places: &[String], limits: &Limits) -> Result<String, String> {
    let (place, bytes) = download::first(places, limits)?;
    let new = document::normal(&bytes, wanted.id).map_err(|e| format!("{place}: {e}"))?;
    let Some(file) = &wanted.file else { return first_time(wanted, &new) };
    let Some(old) = paths::find(file)? else {
        write(wanted, file, &new.text)?;
        return Ok(format!("{}: revision {} in {}", wanted.id, new.revision, shown(file)));
    };
    let name = shown(file);
    match document::compare(&old, &new, wanted.force).map_err(|e| format!("{name}: {e}"))? {
        Change::None => Ok(format!("{}: no change since revision {}", wanted.id, new.revision)),
        Change::OnlyRevision(from) => Ok(format!(
            "{}: revision {from} → {}, no other change; {name} was not updated",
            wanted.id, new.revision
        )),
        Change::Layout => {
            write(wanted, file, &new.text)?;
            Ok(format!("{}: same revision; normalized {name}", wanted.id))
        }
        Change::Some(from) => {
            let summary = summary(wanted, &name, &old, &new)?;
            write(wanted, file, &new.text)?;
            Ok(format!("{}: revision {from} → {} in {name}\n{summary}", wanted.id, new.revision))
        }
    }
}

/// Handles a document that is not in the catalog yet.
fn first_time(wanted: &Wanted<'_>, new: &Normal) -> Result<String, String> {
    let input = Input { file: wanted.id, document: &new.text, overlay: None, methods: None };
    let model = analyze(&input).map_err(|r| format!("the document cannot be generated:\n{r}"))?;
    let name = format!("{}.json", model.names.package.folder);
    let file = wanted.dir.join(&name);
    if paths::exists(&file)? {
        let name = shown(&file);
        return Err(format!(
            "{name} exists, but is not in discovery/apis.json; add it there, or delete the file"
        ));
    }
    write(wanted, &file, &new.text)?;
    Ok(format!(
        "{}: revision {} in {}\nto generate it, add to discovery/apis.json\n  \
         {{ \"id\": \"{}\", \"document\": \"{name}\", \"products\": [\"client\"] }}",
        wanted.id,
        new.revision,
        shown(&file),
        wanted.id
    ))
}

/// Summarizes the effect of the new revision. A document that cannot be generated is reported but
/// kept, because an overlay may fix it.
fn summary(wanted: &Wanted<'_>, name: &str, old: &str, new: &Normal) -> Result<String, String> {
    let overlay = wanted.overlay.as_ref().map(|path| read(path)).transpose()?;
    let document = |text: &str| Document {
        id: wanted.id.to_owned(),
        file: name.to_owned(),
        text: text.to_owned(),
        overlay: overlay.clone(),
        methods: wanted.methods.clone(),
        foreign: true,
        version: None,
        output: String::new(),
    };
    let models = model(&document(old)).and_then(|old| Ok((old, model(&document(&new.text))?)));
    Ok(match models {
        Ok((old, new)) => {
            let diff = diff(&old, &new);
            let count = |heading| diff.under(heading).count();
            format!(
                "{}: {} breaking, {} compatible, {} docs; see `cargo xtask diff`, then run \
                 `cargo xtask regen --bump`",
                diff.verdict,
                count("breaking"),
                count("compatible"),
                count("docs")
            )
        }
        Err(report) => format!("the document cannot be generated yet:\n{report}"),
    })
}

/// Replaces a file atomically.
fn write(wanted: &Wanted<'_>, file: &Path, text: &str) -> Result<(), String> {
    commit::check(wanted.dir, file)?;
    let step = Step::Write { path: file.to_owned(), text: text.to_owned() };
    commit::run(&wanted.dir.join(".staged"), &[step])
}
