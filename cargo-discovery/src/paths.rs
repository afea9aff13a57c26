//! File and program helpers.

use std::env;
use std::path::Path;
use std::process::Command;

/// Returns the Cargo that runs this program, or else the one in `PATH`.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Reads a text file; the error contains its path.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", shown(path)))
}

/// Formats a path for messages, relative to the current folder if it is inside.
pub fn shown(path: &Path) -> String {
    let current = env::current_dir().unwrap_or_default();
    path.strip_prefix(current).unwrap_or(path).display().to_string()
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
