//! Workspace of generated crates.

mod locate;

use std::env;
use std::path::{Path, PathBuf};

/// Locations of a workspace's catalog, documents, and generated packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
    /// Folder relative to `root` with `discovery/` and `generated/`; empty, or with a trailing `/`.
    home: String,
    /// Command that updates `generated/`, for messages.
    regen: &'static str,
    templates: TemplateSource,
}

/// Source of the templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateSource {
    /// Embedded in this program.
    #[cfg(feature = "templates")]
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

impl Workspace {
    /// Creates the workspace of the generator's repository, with its own templates.
    pub fn new(root: PathBuf) -> Self {
        let templates = TemplateSource::Folder(root.join("templates"));
        Self { root, home: String::new(), regen: "cargo xtask regen", templates }
    }

    /// Creates the workspace of a user.
    #[must_use]
    pub fn of_user(root: PathBuf, templates: TemplateSource) -> Self {
        Self { root, home: String::new(), regen: "cargo discovery regen", templates }
    }

    /// Finds the generator's repository, and prints it if it is not the current folder.
    ///
    /// Determined at run time rather than compile time, since several clones can share a target
    /// folder and thus this program.
    ///
    /// # Errors
    /// Returns an error if neither the current folder nor the package that Cargo runs is in a
    /// workspace.
    pub fn find() -> Result<Self, String> {
        let current = current()?;
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let found = find(&current, package.as_deref())?;
        if let Some(note) = found.note(&current) {
            crate::console::note(format!("note: {note}"));
        }
        Ok(Self::new(found.root))
    }

    /// Returns the same workspace with the catalog and crates of one of its folders. `regen` is the
    /// command that generates them.
    #[must_use]
    pub fn in_folder(&self, folder: &str, regen: &'static str) -> Self {
        Self { home: format!("{folder}/"), regen, ..self.clone() }
    }

    /// Returns the folder of the workspace's manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the command that updates the generated crates.
    pub fn regen(&self) -> &'static str {
        self.regen
    }

    /// Returns the path relative to the root of a path in `discovery/` or `generated/`, for
    /// messages and git.
    pub fn name(&self, path: &str) -> String {
        format!("{}{path}", self.home)
    }

    /// Returns the folder of the catalog, documents, and overlays.
    pub fn discovery(&self) -> PathBuf {
        self.root.join(self.name("discovery"))
    }

    /// Returns the path of the catalog.
    pub fn list(&self) -> PathBuf {
        self.discovery().join("apis.json")
    }

    /// Returns the folder that contains `discovery/` and the generated packages.
    pub fn home(&self) -> PathBuf {
        self.root.join(self.home.trim_end_matches('/'))
    }

    /// Returns the manifest of the workspace.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("Cargo.toml")
    }

    /// Returns the source of the templates.
    pub fn templates(&self) -> &TemplateSource {
        &self.templates
    }
}

fn current() -> Result<PathBuf, String> {
    env::current_dir().map_err(|e| format!("the current folder: {e}"))
}

#[derive(Debug, PartialEq, Eq)]
struct Found {
    root: PathBuf,
    /// The repository of the package that Cargo runs, if different.
    other: Option<PathBuf>,
}

impl Found {
    fn note(&self, current: &Path) -> Option<String> {
        let root = self.root.display();
        match &self.other {
            Some(other) => Some(format!(
                "working on the current folder's {root} instead of {}, whose program cargo runs",
                other.display()
            )),
            None => (self.root != current).then(|| format!("working on {root}")),
        }
    }
}

/// Returns the repository of the current folder, or else of the package that Cargo runs, which may
/// be anywhere (`cargo run --manifest-path`). The current folder takes precedence, since child
/// processes inherit Cargo's variables.
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

/// Returns `true` if a folder is a workspace with a catalog.
fn is_root(dir: &Path) -> bool {
    let is_workspace = |text: String| text.lines().any(|line| line.trim() == "[workspace]");
    dir.join("discovery/apis.json").is_file()
        && std::fs::read_to_string(dir.join("Cargo.toml")).is_ok_and(is_workspace)
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
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
    fn the_current_folder_takes_precedence_and_is_reported() {
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
