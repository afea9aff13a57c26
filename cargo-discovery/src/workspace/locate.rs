//! Locates the workspace of a folder: that of the nearest catalog, or the one that Cargo would
//! choose.

use super::{TemplateSource, Workspace};
use crate::console::note;
use crate::members::is_match;
use crate::paths::{read, shown};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

impl Workspace {
    /// Returns the workspace of the current folder that has a catalog.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub fn listed(templates: TemplateSource) -> Result<Self, String> {
        let current = super::current()?;
        match listed(&current) {
            Some(root) => Ok(Self::with_note(root, &current, templates)),
            None => Err(format!(
                "neither {} nor a folder above it has discovery/apis.json; `cargo discovery add` \
                 makes one",
                current.display()
            )),
        }
    }

    /// Returns the workspace of the current folder, with or without a catalog: that of a package, a
    /// workspace, or the folder itself if there is no manifest.
    ///
    /// # Errors
    /// Returns an error if a manifest cannot be read.
    pub fn any(templates: TemplateSource) -> Result<Self, String> {
        let current = super::current()?;
        let root = match listed(&current) {
            Some(root) => root,
            None => cargo_root(&current)?.unwrap_or_else(|| current.clone()),
        };
        Ok(Self::with_note(root, &current, templates))
    }

    fn with_note(root: PathBuf, current: &Path, templates: TemplateSource) -> Self {
        if root != current {
            note(format!("note: working on {}", root.display()));
        }
        Self::of_user(root, templates)
    }
}

fn listed(current: &Path) -> Option<PathBuf> {
    current.ancestors().find(|dir| dir.join("discovery/apis.json").is_file()).map(Path::to_owned)
}

/// Returns the root of the workspace that Cargo would choose; `None` if there is no manifest.
fn cargo_root(current: &Path) -> Result<Option<PathBuf>, String> {
    let mut package: Option<PathBuf> = None;
    for dir in current.ancestors().filter(|dir| dir.join("Cargo.toml").is_file()) {
        let path = dir.join("Cargo.toml");
        let manifest: Table =
            toml::from_str(&read(&path)?).map_err(|e| format!("{}: {e}", shown(&path)))?;
        let root = match (manifest.get("workspace"), &package) {
            // A package without a workspace, or the workspace's folder itself.
            (Some(_), None) => Some(dir.to_owned()),
            (Some(workspace), Some(package)) if has_member(workspace, dir, package) => {
                Some(dir.to_owned())
            }
            _ => None,
        };
        if root.is_some() {
            return Ok(root);
        }
        let elsewhere = manifest.get("package").and_then(|p| p.get("workspace")?.as_str());
        if let (Some(elsewhere), None) = (elsewhere, &package) {
            let root = dir.join(elsewhere);
            return root.canonicalize().map(Some).map_err(|e| format!("{}: {e}", shown(&root)));
        }
        if package.is_none() {
            package = Some(dir.to_owned());
        }
    }
    Ok(package)
}

/// Returns `true` if a workspace in `root` lists the package in `folder`.
fn has_member(workspace: &Value, root: &Path, folder: &Path) -> bool {
    let Some(folder) = folder.strip_prefix(root).ok().and_then(Path::to_str) else { return false };
    let folder = folder.replace('\\', "/");
    let members = workspace.get("members").and_then(Value::as_array).into_iter().flatten();
    members.filter_map(Value::as_str).any(|pattern| is_match(pattern, &folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_matches_cargos() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let put = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("a/Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
        put("a/crates/x/Cargo.toml", "[package]\nname = \"x\"\n");
        put("a/y/Cargo.toml", "[package]\nname = \"y\"\nworkspace = \"..\"\n");
        put("a/z/Cargo.toml", "[package]\nname = \"z\"\n");
        put("b/Cargo.toml", "[package]\nname = \"b\"\n");
        put("b/src/main.rs", "");
        put("c/d/file", "");
        for (current, want) in [
            ("a", Some("a")),
            ("a/crates/x", Some("a")),
            ("a/y", Some("a")),
            ("a/z", Some("a/z")),
            ("b/src", Some("b")),
            ("c/d", None),
        ] {
            let found = cargo_root(&root.join(current)).unwrap();
            assert_eq!(found, want.map(|want| root.join(want)), "{current}");
        }
        put("b/Cargo.toml", "[package\n");
        assert!(cargo_root(&root.join("b")).unwrap_err().contains("Cargo.toml"));
        put("c/d/discovery/apis.json", "{}");
        put("c/d/e/f", "");
        assert_eq!(listed(&root.join("c/d/e")), Some(root.join("c/d")));
    }
}
