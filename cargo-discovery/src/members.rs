//! Updates the workspace's manifest when generated packages are added or removed.
//!
//! Cargo refuses to run if a folder in `members` has no manifest, or if a dependency does not
//! exist.

mod users;

use crate::edits::Edits;
use crate::paths::{exists, found};
use crate::sync::{Changes, Outputs};
use crate::workspace::Workspace;
use discovery_generator::FileTree;
use std::collections::BTreeSet;
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, Table, value};

/// Manifest of the workspace before and after packages change; `None` if it need not be written.
#[derive(Debug, Default)]
pub(crate) struct Manifests {
    /// Intermediate manifest, without removed or added packages.
    pub(crate) first: Option<String>,
    /// Final manifest.
    pub(crate) last: Option<String>,
}

/// Computes the manifest: packages of `tree` are members, removed packages are not, and folders
/// that lose their package but keep files are excluded.
///
/// # Errors
/// Returns what still refers to a removed package, and what to do.
pub(crate) fn plan(
    workspace: &Workspace,
    tree: &FileTree,
    changes: &Changes,
    outputs: &Outputs,
    edits: &Edits,
) -> Result<Manifests, String> {
    let text = edits.find(&workspace.manifest())?.unwrap_or_default();
    let document: DocumentMut = text.parse().map_err(|e| format!("Cargo.toml: {e}"))?;
    let lost = lost(workspace, changes);
    if !lost.is_empty() {
        users::check(workspace, tree, edits, &lost)?;
    }
    let mut first = document.clone();
    let made = package_folders(workspace, tree);
    let emptied = emptied(workspace, &first, &lost, changes)?;
    for key in ["members", "default-members"] {
        retain(&mut first, key, |folder| {
            let finds_new = || made.iter().any(|made| is_match(folder, made));
            !lost.contains(folder) && (finds_new() || !emptied.contains(folder))
        });
    }
    let kept: Vec<String> = changes.kept.keys().map(|folder| workspace.name(folder)).collect();
    for folder in kept.into_iter().filter(|folder| lost.contains(folder)) {
        if list(&first, "members").iter().any(|pattern| is_match(pattern, &folder)) {
            push(&mut first, "exclude", &folder)?;
        }
    }
    let mut last = first.clone();
    retain(&mut last, "exclude", |folder| !made.contains(folder));
    // A pattern such as `*` also matches these.
    let folders = outputs.iter().map(|output| workspace.name(output));
    for folder in folders.chain([workspace.name("discovery")]) {
        let is_taken = list(&last, "members").iter().any(|pattern| is_match(pattern, &folder));
        let is_package = exists(&workspace.root().join(&folder).join("Cargo.toml"))?;
        if is_taken && !is_package && !made.is_empty() {
            push(&mut first, "exclude", &folder)?;
            push(&mut last, "exclude", &folder)?;
        }
    }
    for folder in &made {
        let excluded = list(&last, "exclude");
        let is_excluded = excluded.iter().any(|dir| Path::new(folder).starts_with(dir));
        let members = list(&last, "members");
        let is_member = members.iter().any(|pattern| is_match(pattern, folder));
        let is_named = members.iter().any(|member| member.trim_end_matches('/') == folder);
        if !is_named && (is_excluded || !is_member) {
            push(&mut last, "members", folder)?;
        }
    }
    let changed = |old: &str, new: &DocumentMut| Some(new.to_string()).filter(|new| new != old);
    let first = changed(&text, &first);
    let last = changed(first.as_ref().unwrap_or(&text), &last);
    Ok(Manifests { first, last })
}

/// Returns the folders whose manifest is deleted, relative to the root.
fn lost(workspace: &Workspace, changes: &Changes) -> BTreeSet<String> {
    let folder = |path: &String| Some(workspace.name(path.strip_suffix("/Cargo.toml")?));
    changes.removed.iter().filter_map(folder).collect()
}

/// Returns the patterns that match nothing after the removal, which Cargo rejects.
fn emptied(
    workspace: &Workspace,
    document: &DocumentMut,
    lost: &BTreeSet<String>,
    changes: &Changes,
) -> Result<BTreeSet<String>, String> {
    let mut out = BTreeSet::new();
    for pattern in ["members", "default-members"].iter().flat_map(|key| list(document, key)) {
        let pattern = pattern.trim_end_matches('/');
        if is_emptied(workspace, pattern, lost, changes)? {
            out.insert(pattern.to_owned());
        }
    }
    Ok(out)
}

fn is_emptied(
    workspace: &Workspace,
    pattern: &str,
    lost: &BTreeSet<String>,
    changes: &Changes,
) -> Result<bool, String> {
    if !lost.iter().any(|folder| is_match(pattern, folder)) {
        return Ok(false);
    }
    let gone: BTreeSet<String> = changes.gone.iter().map(|folder| workspace.name(folder)).collect();
    let mut matched = vec![String::new()];
    for part in pattern.trim_end_matches('/').split('/') {
        let mut inner = Vec::new();
        for folder in matched {
            let names = folders(&workspace.root().join(&folder))?.into_iter();
            let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            inner.extend(names.filter(|name| is_match(part, name)).map(|n| format!("{start}{n}")));
        }
        matched = inner;
    }
    Ok(matched.iter().all(|folder| gone.contains(folder)))
}

/// Returns the names of the folders in a folder.
fn folders(folder: &Path) -> Result<Vec<String>, String> {
    let failed = |e| format!("{}: {e}", folder.display());
    let mut out = Vec::new();
    for entry in found(std::fs::read_dir(folder)).map_err(failed)?.into_iter().flatten() {
        let entry = entry.map_err(failed)?;
        let metadata = found(std::fs::metadata(entry.path())).map_err(failed)?;
        if metadata.is_some_and(|metadata| metadata.is_dir()) {
            out.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(out)
}

/// Returns the folders of generated packages, relative to the root.
fn package_folders(workspace: &Workspace, tree: &FileTree) -> BTreeSet<String> {
    let folder = |path: &str| Some(workspace.name(path.strip_suffix("/Cargo.toml")?));
    tree.iter().filter_map(|(path, _)| folder(path)).collect()
}

/// Returns packages listed individually in the manifest, relative to the root.
pub(crate) fn named(manifest: &str) -> Vec<String> {
    let document: Option<DocumentMut> = manifest.parse().ok();
    let members = document.map(|document| list(&document, "members")).unwrap_or_default();
    members.into_iter().filter(|member| !member.contains('*')).collect()
}

/// Returns a list of the table `workspace`.
fn list(document: &DocumentMut, key: &str) -> Vec<String> {
    let items = document.get("workspace").and_then(|w| w.get(key)).and_then(Item::as_array);
    items.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Filters a list; removes it if it becomes empty.
fn retain(document: &mut DocumentMut, key: &str, fits: impl Fn(&str) -> bool) {
    let Some(workspace) = document.get_mut("workspace").and_then(Item::as_table_like_mut) else {
        return;
    };
    let Some(array) = workspace.get_mut(key).and_then(Item::as_array_mut) else { return };
    let before = array.len();
    array.retain(|item| item.as_str().is_none_or(|text| fits(text.trim_end_matches('/'))));
    if array.is_empty() && before > 0 && key != "members" {
        workspace.remove(key);
    }
}

/// Adds to a list, keeping its layout; creates table and list if missing.
fn push(document: &mut DocumentMut, key: &str, text: &str) -> Result<(), String> {
    let missing =
        || format!("Cargo.toml: `{key}` of [workspace] is not a list; add {text:?} by hand");
    let workspace = document.entry("workspace").or_insert_with(|| Item::Table(Table::new()));
    let workspace = workspace.as_table_like_mut().ok_or_else(missing)?;
    let list = workspace.entry(key).or_insert_with(|| value(Array::new()));
    let array = list.as_array_mut().ok_or_else(missing)?;
    if array.iter().any(|item| item.as_str() == Some(text)) {
        return Ok(());
    }
    let layout = array.iter().last().map(|last| last.decor().clone());
    array.push(text);
    if let (Some(layout), Some(item)) = (layout, array.iter_mut().last()) {
        let prefix = layout.prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        if prefix.contains('\n') {
            let indent = prefix.rsplit('\n').next().unwrap_or_default();
            item.decor_mut().set_prefix(format!("\n{indent}"));
        } else {
            item.decor_mut().set_prefix(" ");
        }
    }
    Ok(())
}

/// Returns `true` if a pattern of `members` matches a folder.
pub(crate) fn is_match(pattern: &str, folder: &str) -> bool {
    let (pattern, folder): (Vec<_>, Vec<_>) =
        (pattern.trim_end_matches('/').split('/').collect(), folder.split('/').collect());
    let fits = |(pattern, part): (&&str, &&str)| match pattern.split_once('*') {
        Some((start, end)) => part.starts_with(start) && part.ends_with(end),
        None => pattern == part,
    };
    pattern.len() == folder.len() && pattern.iter().zip(&folder).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_their_layout() {
        for (text, want) in [
            ("", "[workspace]\nmembers = [\"g/x\"]\n"),
            (
                "[package]\nname = \"x\"\n",
                "[package]\nname = \"x\"\n\n[workspace]\nmembers = [\"g/x\"]\n",
            ),
            (
                "[workspace] # ours\nmembers = [\"a\"]\n",
                "[workspace] # ours\nmembers = [\"a\", \"g/x\"]\n",
            ),
            (
                "[workspace]\nmembers = [\n    \"a\",\n    \"b\", # two\n]\n",
                "[workspace]\nmembers = [\n    \"a\",\n    \"b\",\n    \"g/x\", # two\n]\n",
            ),
            ("workspace = { members = [] }\n", "workspace = { members = [\"g/x\"] }\n"),
        ] {
            let mut document: DocumentMut = text.parse().unwrap();
            push(&mut document, "members", "g/x").unwrap();
            assert_eq!(document.to_string(), want, "{text}");
            push(&mut document, "members", "g/x").unwrap();
            assert_eq!(document.to_string(), want, "{text}");
            retain(&mut document, "members", |folder| folder != "g/x");
            assert!(!document.to_string().contains("g/x"));
        }
        let mut document: DocumentMut = "[workspace]\nmembers = 1\n".parse().unwrap();
        assert!(push(&mut document, "members", "x").unwrap_err().contains("by hand"));
    }

    #[test]
    fn patterns_match_like_cargos() {
        for (pattern, is) in [
            ("generated/*", true),
            ("generated/x-*/", true),
            ("*/x-v1", true),
            ("generated/x-v1", true),
            ("generated", false),
            ("runtime/*", false),
            ("generated/*/y", false),
        ] {
            assert_eq!(is_match(pattern, "generated/x-v1"), is, "{pattern}");
        }
    }
}
