//! Finds references to removed packages.

use crate::edits::Edits;
use crate::workspace::Workspace;
use discovery_generator::FileTree;
use std::collections::BTreeSet;
use std::path::{Component, Path};
use toml::{Table, Value};

/// Rejects the removal of packages that are still used.
pub(super) fn check(
    workspace: &Workspace,
    tree: &FileTree,
    edits: &Edits,
    lost: &BTreeSet<String>,
) -> Result<(), String> {
    let mut users = Vec::new();
    for path in manifests(workspace.root())? {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if lost.contains(folder) {
            continue;
        }
        let home = workspace.name("");
        let made = path.strip_prefix(&home).and_then(|path| tree.get(path));
        let text = match made {
            Some(file) => file.text.clone(),
            None => edits.find(&workspace.root().join(&path))?.unwrap_or_default(),
        };
        // Invalid manifests are skipped; Cargo reports them itself.
        let Ok(manifest) = toml::from_str::<Table>(&text) else { continue };
        let mut named = BTreeSet::new();
        paths(&manifest, folder, &mut named);
        let named = named.intersection(lost);
        users.extend(named.map(|package| format!("{path} depends on {package}")));
    }
    if users.is_empty() {
        return Ok(());
    }
    Err(format!(
        "nothing was written: packages removed from {} are still used; remove these uses first:\n  {}",
        workspace.name("discovery/apis.json"),
        users.join("\n  ")
    ))
}

/// Returns every manifest below a folder, except in build and hidden folders.
fn manifests(root: &Path) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut work = vec![String::new()];
    while let Some(folder) = work.pop() {
        let dir = root.join(&folder);
        let failed = |e| format!("{}: {e}", dir.display());
        for entry in std::fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() && name != "target" && !name.starts_with('.') {
                work.push(path);
            } else if name == "Cargo.toml" && kind.is_file() {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Collects the targets of each `path` in a manifest in `folder`, relative to the root.
fn paths(table: &Table, folder: &str, out: &mut BTreeSet<String>) {
    for (key, value) in table {
        match value {
            Value::String(path) if key == "path" => out.extend(resolved(folder, path)),
            Value::Table(inner) => paths(inner, folder, out),
            _ => {}
        }
    }
}

/// Resolves a path in a folder relative to the root; `None` if it is outside.
pub(super) fn resolved(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<String> =
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?.to_owned()),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn paths_resolve_like_cargos() {
        assert_eq!(resolved("runtime/cli", "../../generated/x").as_deref(), Some("generated/x"));
        assert_eq!(resolved("", "./generated/x/").as_deref(), Some("generated/x"));
        assert_eq!(resolved("a", "../../x"), None);
    }
}
