//! `cargo discovery search`: Google's directory of APIs.

use crate::console::{note, say};
use crate::fetch;
use discovery_generator::shown::printable;
use serde::Deserialize;
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Find APIs in Google's directory
#[derive(clap::Args)]
pub struct Args {
    /// Words in the name, title, or description; all APIs by default
    words: Vec<String>,
    /// Read the directory from an http(s) URL or a file
    #[arg(long, value_name = "URL|FILE")]
    from: Option<String>,
    /// Include older versions and previews
    #[arg(long)]
    all: bool,
    /// Time limit in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// URL of Google's directory.
const DIRECTORY: &str = "https://www.googleapis.com/discovery/v1/apis";

/// Lifetime of the directory's cached copy.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Deserialize)]
struct Directory {
    items: Vec<Item>,
}

/// An entry of the directory, or the same fields of a document.
#[derive(Deserialize)]
struct Item {
    name: String,
    version: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    preferred: bool,
}

/// Prints the matching APIs.
///
/// # Errors
/// Returns an error without a directory or a matching API.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let text = directory(args)?;
    let directory: Directory =
        serde_json::from_str(&text).map_err(|e| format!("not a directory of APIs: {e}"))?;
    let words: Vec<String> = args.words.iter().map(|word| word.to_lowercase()).collect();
    let fits = |item: &&Item| {
        let text = format!("{}:{} {} {}", item.name, item.version, item.title, item.description);
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut found: Vec<&Item> = directory.items.iter().filter(fits).collect();
    // A custom directory may mark nothing as preferred; then all of it counts.
    if !args.all && found.iter().any(|item| item.preferred) {
        found.retain(|item| item.preferred);
    }
    if found.is_empty() {
        return Err(format!("no API matches `{}`; try one word, or --all", args.words.join(" ")));
    }
    // Matches by name come first.
    let named = |item: &Item| words.iter().any(|word| item.name.to_lowercase().contains(word));
    found.sort_by_key(|item| (!named(item), item.name.clone(), item.version.clone()));
    let ids: Vec<String> = found.iter().map(|i| format!("{}:{}", i.name, i.version)).collect();
    let width = ids.iter().map(String::len).max().unwrap_or_default();
    for (id, item) in ids.iter().zip(&found) {
        say(format!("{id:width$}  {}", printable(&item.title)).trim_end());
    }
    say(format!("\n`cargo discovery add {}` adds a client.", ids[0]));
    Ok(ExitCode::SUCCESS)
}

/// Returns the directory from the given source, the cached copy, or Google; without network, an
/// outdated copy.
fn directory(args: &Args) -> Result<String, String> {
    let timeout = Duration::from_secs(args.timeout);
    if let Some(from) = &args.from {
        return fetch::text(from, timeout);
    }
    let copy = cache();
    let kept = copy.as_deref().and_then(|path| std::fs::read_to_string(path).ok());
    if let (Some(path), Some(text)) = (copy.as_deref(), &kept)
        && is_fresh(path)
    {
        return Ok(text.clone());
    }
    match (fetch::text(DIRECTORY, timeout), kept) {
        (Ok(text), _) => {
            if let Some(path) = copy {
                keep(&path, &text);
            }
            Ok(text)
        }
        (Err(error), Some(text)) => {
            note(format!("note: {error}; using an older copy of the directory"));
            Ok(text)
        }
        (Err(error), None) => Err(format!("{error}\nwithout a network, pass a file with --from")),
    }
}

/// Returns the path of the copy in the user's cache folder.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || folder("HOME");
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    };
    Some(base?.join("cargo-discovery/directory.json"))
}

fn is_fresh(path: &Path) -> bool {
    let age = std::fs::metadata(path).and_then(|m| m.modified()).map(|time| time.elapsed());
    matches!(age, Ok(Ok(age)) if age < FRESH)
}

/// Caches a copy. Failures are ignored; the next search downloads it again.
fn keep(path: &Path, text: &str) {
    let temporary = path.with_extension("tmp");
    let _ = path.parent().map(std::fs::create_dir_all);
    if std::fs::write(&temporary, text).is_ok() {
        let _ = std::fs::rename(&temporary, path);
    }
}
