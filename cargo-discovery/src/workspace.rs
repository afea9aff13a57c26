//! The workspace whose crates are generated.

mod around;

use std::env;
use std::path::{Path, PathBuf};

/// Locations of a workspace's catalog, documents, and generated packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
    /// The folder from `root` that has `discovery/` and `generated/`; empty, or with a `/` at its end.
    home: String,
    /// Command that updates `generated/`, for messages.
    regen: &'static str,
    templates: TemplateSource,
}

/// Where the templates are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateSource {
    /// Part of this program.
    #[cfg(feature = "templates")]
    Embedded,
    /// In a folder.
    Folder(PathBuf),
}

impl Workspace {
    /// The repository of the generator in a folder, with its own templates.
    pub fn new(root: PathBuf) -> Self {
        let templates = TemplateSource::Folder(root.join("templates"));
        Self { root, home: String::new(), regen: "cargo xtask regen", templates }
    }

    /// Anybody's workspace in a folder.
    #[must_use]
    pub fn of_user(root: PathBuf, templates: TemplateSource) -> Self {
        Self { root, home: String::new(), regen: "cargo discovery regen", templates }
    }

    /// Finds the repository of the generator to work on, and prints it where it is not the current folder.
    ///
    /// Several clones can share a target folder, and so this program: what it works on is decided
    /// when it runs, not when it is compiled.
    ///
    /// # Errors
    /// No workspace around the current folder, nor around the package that cargo runs.
    pub fn find() -> Result<Self, String> {
        let current = current()?;
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let found = find(&current, package.as_deref())?;
        if let Some(note) = found.note(&current) {
            eprintln!("note: {note}");
        }
        Ok(Self::new(found.root))
    }

    /// The same workspace with another list of APIs and other crates, in a folder of it. `regen` is
    /// the command that makes them.
    #[must_use]
    pub fn in_folder(&self, folder: &str, regen: &'static str) -> Self {
        Self { home: format!("{folder}/"), regen, ..self.clone() }
    }

    /// The folder of the workspace's manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The command that brings the generated crates up to date.
    pub fn regen(&self) -> &'static str {
        self.regen
    }

    /// The name from the root of a path in `discovery/` or `generated/`, for messages and git.
    pub fn name(&self, path: &str) -> String {
        format!("{}{path}", self.home)
    }

    /// The list of APIs, documents and overlays.
    pub fn discovery(&self) -> PathBuf {
        self.root.join(self.name("discovery"))
    }

    /// The list of APIs.
    pub fn list(&self) -> PathBuf {
        self.discovery().join("apis.json")
    }

    /// The folder that has `discovery/`, and that paths of generated packages begin at.
    pub fn home(&self) -> PathBuf {
        self.root.join(self.home.trim_end_matches('/'))
    }

    /// The manifest of the workspace.
    pub fn manifest(&self) -> PathBuf {
        self.root.join("Cargo.toml")
    }

    /// The templates.
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
