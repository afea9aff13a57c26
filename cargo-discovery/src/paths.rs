//! Where things are, from the root of the repository.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Finds the repository to work on, and prints it where it is not the current folder.
///
/// Several clones can share a target folder, and so this program: what it works on is decided when
/// it runs, not when it is compiled.
///
/// # Errors
/// No repository around the current folder, nor around the package that cargo runs.
pub fn enter() -> Result<(), String> {
    let current = env::current_dir().map_err(|e| format!("the current folder: {e}"))?;
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let found = find(&current, package.as_deref())?;
    if let Some(note) = found.note(&current) {
        eprintln!("note: {note}");
    }
    ROOT.get_or_init(|| found.root);
    Ok(())
}

/// The root of the repository.
pub fn root() -> PathBuf {
    // Unit tests have no `main` that has looked for it.
    let found = || find(&env::current_dir().unwrap_or_default(), None);
    ROOT.get_or_init(|| found().map(|found| found.root).unwrap_or_default()).clone()
}

#[derive(Debug, PartialEq, Eq)]
struct Found {
    root: PathBuf,
    /// The repository of the package that cargo runs, where it is another.
    other: Option<PathBuf>,
}

impl Found {
    fn note(&self, current: &Path) -> Option<String> {
        let root = self.root.display();
        match &self.other {
            Some(other) => Some(format!(
                "working on {root}, where the current folder is, not on {}, whose program cargo runs",
                other.display()
            )),
            None => (self.root != current).then(|| format!("working on {root}")),
        }
    }
}

/// The repository around `current`; else that of the package that cargo runs, which `cargo run
/// --manifest-path` may take from anywhere. The current folder goes first, since programs inherit
/// cargo's variables from whatever started them.
fn find(current: &Path, package: Option<&Path>) -> Result<Found, String> {
    let around = |start: &Path| start.ancestors().find(|dir| is_root(dir)).map(Path::to_owned);
    let of_package = package.and_then(around);
    match (around(current), of_package) {
        (Some(root), other) => {
            let other = other.filter(|other| !is_same(other, &root));
            Ok(Found { root, other })
        }
        (None, Some(root)) => Ok(Found { root, other: None }),
        (None, None) => Err(format!(
            "neither {} nor a folder above it has discovery/apis.json and a Cargo.toml with \
             [workspace]; run this command in a clone of the repository",
            current.display()
        )),
    }
}

/// Whether a folder is a workspace with a list of APIs.
fn is_root(dir: &Path) -> bool {
    let is_workspace = |text: String| text.lines().any(|line| line.trim() == "[workspace]");
    dir.join("discovery/apis.json").is_file()
        && std::fs::read_to_string(dir.join("Cargo.toml")).is_ok_and(is_workspace)
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The cargo that runs this program, or that of the path.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Reads a text file; the error names it.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", shown(path)))
}

/// A path as it is shown: from the root of the repository where it lies in there.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Every file below `dir`, sorted, with `/` between its parts, relative to `dir`.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn clone_in(dir: &Path) {
        std::fs::create_dir_all(dir.join("discovery")).unwrap();
        std::fs::create_dir_all(dir.join("xtask/fixtures/discovery")).unwrap();
        std::fs::write(dir.join("discovery/apis.json"), "{}").unwrap();
        std::fs::write(dir.join("xtask/fixtures/discovery/apis.json"), "{}").unwrap();
        std::fs::write(dir.join("Cargo.toml"), "[workspace]\n").unwrap();
        std::fs::write(dir.join("xtask/Cargo.toml"), "[package]\n").unwrap();
    }

    #[test]
    fn the_current_folder_decides_and_what_it_is_not_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        clone_in(&a);
        clone_in(&b);
        let in_a =
            |other: Option<&Path>| Ok(Found { root: a.clone(), other: other.map(Path::to_owned) });
        let (xtask_a, xtask_b) = (a.join("xtask"), b.join("xtask"));
        for (current, package, want, is_told) in [
            (&a, None, in_a(None), false),
            (&a, Some(&xtask_a), in_a(None), false),
            (&xtask_a, Some(&xtask_a), in_a(None), true),
            (&a.join("xtask/fixtures"), None, in_a(None), true),
            (&a, Some(&xtask_b), in_a(Some(&b)), true),
            (&dir.path().to_owned(), Some(&xtask_a), in_a(None), true),
        ] {
            let found = find(current, package.map(PathBuf::as_path));
            assert_eq!(found, want, "{current:?} {package:?}");
            assert_eq!(found.unwrap().note(current).is_some(), is_told, "{current:?} {package:?}");
        }
        let error = find(dir.path(), Some(dir.path())).unwrap_err();
        assert!(error.contains("discovery/apis.json"), "{error}");
    }
}
