//! File and program helpers.

use std::env;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the Cargo that runs this program, or else the one in `PATH`.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Reads a text file; the error contains its path.
pub fn read(path: &Path) -> Result<String, String> {
    text(path).map_err(|e| format!("{}: {e}", shown(path)))
}

/// Reads a regular file. Pipes and devices could be endless.
fn text(path: &Path) -> io::Result<String> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    std::fs::read_to_string(path)
}

/// Returns the result of a file operation; `None` if the file does not exist. Other errors must not
/// pass for a missing file, which would then be written.
pub(crate) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        result => result.map(Some),
    }
}

/// Reads a text file; `None` if it does not exist.
pub(crate) fn find(path: &Path) -> Result<Option<String>, String> {
    found(text(path)).map_err(|e| format!("{}: {e}", shown(path)))
}

/// Returns `true` if a file, folder, or link exists.
pub(crate) fn exists(path: &Path) -> Result<bool, String> {
    let metadata = found(std::fs::symlink_metadata(path));
    Ok(metadata.map_err(|e| format!("{}: {e}", shown(path)))?.is_some())
}

/// Formats a path for messages, relative to the current folder if it is inside.
pub fn shown(path: &Path) -> String {
    let current = env::current_dir().unwrap_or_default();
    let short = path.strip_prefix(current).ok().filter(|short| !short.as_os_str().is_empty());
    // Without a separator at the end.
    short.unwrap_or(path).components().collect::<PathBuf>().display().to_string()
}

/// Returns every file below `dir`, sorted, relative to `dir` and separated by `/`.
pub fn walk(dir: &Path) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut work = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = work.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && prefix.is_empty() => break,
            Err(e) => return Err(format!("{}: {e}", shown(&folder))),
        };
        for entry in entries {
            let entry = entry.map_err(|e| format!("{}: {e}", shown(&folder)))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let kind = entry.file_type().map_err(|e| format!("{relative}: {e}"))?;
            if kind.is_dir() {
                work.push((entry.path(), relative));
            } else {
                out.push(relative);
            }
        }
    }
    out.sort();
    Ok(out)
}
