//! The workspace after packages have gone from `generated/`.
//!
//! A folder that `members` finds and that has no manifest locks cargo out, and so does a dependency
//! on a package that is not there.

use crate::paths::read;
use crate::sync::Changes;
use crate::workspace::Workspace;
use discovery_generator::FileTree;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

/// The workspace's manifest as it must be after `changes`, if it must change: folders that lose
/// their package but keep files are excluded, and those whose package returns are not.
///
/// # Errors
/// What still refers to a package that goes, and what to do.
pub(crate) fn manifest(
    workspace: &Workspace,
    tree: &FileTree,
    changes: &Changes,
) -> Result<Option<(PathBuf, String)>, String> {
    let path = workspace.root().join("Cargo.toml");
    let text = read(&path)?;
    let manifest: Table = toml::from_str(&text).map_err(|e| format!("Cargo.toml: {e}"))?;
    let lost = lost(workspace, changes);
    if !lost.is_empty() {
        check(workspace, &manifest, tree, &lost)?;
    }
    let list = |key: &str| strings(manifest.get("workspace").and_then(|w| w.get(key)));
    let mut exclude = list("exclude");
    let old = exclude.clone();
    exclude.retain(|folder| !returns(workspace, folder, changes));
    for folder in changes.kept.keys().map(|folder| workspace.name(&format!("generated/{folder}"))) {
        let is_member = list("members").iter().any(|pattern| is_match(pattern, &folder));
        if lost.contains(&folder) && is_member && !exclude.contains(&folder) {
            exclude.push(folder);
        }
    }
    if exclude == old {
        return Ok(None);
    }
    let edited = with_exclude(&text, &exclude).ok_or_else(|| {
        format!(
            "Cargo.toml: set `exclude = {exclude:?}` in [workspace] by hand, then run this again"
        )
    })?;
    Ok(Some((path, edited)))
}

/// Folders whose manifest goes, from the root.
fn lost(workspace: &Workspace, changes: &Changes) -> BTreeSet<String> {
    let folder = |path: &String| {
        let folder = path.strip_suffix("/Cargo.toml")?;
        Some(workspace.name(&format!("generated/{folder}")))
    };
    changes.removed.iter().filter_map(folder).collect()
}

/// Whether an excluded folder gets its package back.
fn returns(workspace: &Workspace, folder: &str, changes: &Changes) -> bool {
    let manifest = folder
        .strip_prefix(&workspace.name("generated/"))
        .map(|folder| format!("{folder}/Cargo.toml"));
    manifest.is_some_and(|manifest| changes.added.contains(&manifest))
}

fn strings(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether a pattern of `members` finds a folder.
fn is_match(pattern: &str, folder: &str) -> bool {
    let (pattern, folder): (Vec<_>, Vec<_>) =
        (pattern.trim_end_matches('/').split('/').collect(), folder.split('/').collect());
    let fits = |(pattern, part): (&&str, &&str)| match pattern.split_once('*') {
        Some((start, end)) => part.starts_with(start) && part.ends_with(end),
        None => pattern == part,
    };
    pattern.len() == folder.len() && pattern.iter().zip(&folder).all(fits)
}

/// Refuses to remove what something else still names.
fn check(
    workspace: &Workspace,
    manifest: &Table,
    tree: &FileTree,
    lost: &BTreeSet<String>,
) -> Result<(), String> {
    let generated = workspace.name("generated/");
    let mut users = Vec::new();
    for key in ["members", "default-members"] {
        for folder in strings(manifest.get("workspace").and_then(|w| w.get(key))) {
            if lost.contains(folder.trim_end_matches('/')) {
                users.push(format!("Cargo.toml lists {folder} in `{key}`"));
            }
        }
    }
    for path in manifests(workspace.root())? {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if lost.contains(folder) {
            continue;
        }
        let made = path.strip_prefix(&generated).and_then(|path| tree.get(path));
        let text =
            made.map_or_else(|| read(&workspace.root().join(&path)), |file| Ok(file.text.clone()))?;
        let manifest: Table = toml::from_str(&text).map_err(|e| format!("{path}: {e}"))?;
        let mut named = BTreeSet::new();
        paths(&manifest, folder, &mut named);
        let named = named.intersection(lost);
        users.extend(named.map(|package| format!("{path} depends on {package}")));
    }
    if users.is_empty() {
        return Ok(());
    }
    Err(format!(
        "nothing was written: {} no longer names what is still used; change that first:\n  {}",
        workspace.name("discovery/apis.json"),
        users.join("\n  ")
    ))
}

/// Every manifest of the repository, except in folders of builds and hidden ones.
fn manifests(root: &Path) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut work = vec![String::new()];
    while let Some(folder) = work.pop() {
        let dir = root.join(&folder);
        let entries = std::fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && name != "target" && !name.starts_with('.') {
                work.push(path);
            } else if name == "Cargo.toml" {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Collects where each `path` of a manifest in `folder` leads, from the root.
fn paths(table: &Table, folder: &str, out: &mut BTreeSet<String>) {
    for (key, value) in table {
        match value {
            Value::String(path) if key == "path" => out.extend(resolved(folder, path)),
            Value::Table(inner) => paths(inner, folder, out),
            _ => {}
        }
    }
}

fn resolved(folder: &str, path: &str) -> Option<String> {
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

/// The manifest with another `exclude`; `None` if its layout is not understood.
fn with_exclude(text: &str, exclude: &[String]) -> Option<String> {
    let items: Vec<String> = exclude.iter().map(|folder| format!("{folder:?}")).collect();
    let line = format!("exclude = [{}]\n", items.join(", "));
    let start = text.find("[workspace]")? + "[workspace]".len();
    let start = start + text[start..].find('\n')? + 1;
    let end = text[start..].find("\n[").map_or(text.len(), |at| start + at + 1);
    let section = &text[start..end];
    let (at, stop) = match find_exclude(section) {
        Some(at) => {
            let stop = at + section[at..].find(']')? + 1;
            (start + at, stop + start + section[stop..].find('\n')? + 1)
        }
        None => (start, start),
    };
    let line = if exclude.is_empty() { "" } else { line.as_str() };
    let edited = format!("{}{line}{}", &text[..at], &text[stop..]);
    is_right(text, &edited, exclude).then_some(edited)
}

fn find_exclude(section: &str) -> Option<usize> {
    let is_key = |line: &str| {
        line.strip_prefix("exclude").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let mut at = 0;
    for line in section.split_inclusive('\n') {
        if is_key(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// Whether nothing but `exclude` changed.
fn is_right(old: &str, new: &str, exclude: &[String]) -> bool {
    let parse = |text: &str| toml::from_str::<Table>(text).ok();
    let (Some(mut old), Some(mut new)) = (parse(old), parse(new)) else { return false };
    let take = |manifest: &mut Table| {
        manifest
            .get_mut("workspace")
            .and_then(Value::as_table_mut)
            .and_then(|w| w.remove("exclude"))
    };
    take(&mut old);
    let is_set = strings(take(&mut new).as_ref()) == exclude;
    is_set && old == new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_manifest_stays() {
        let list = |folders: &[&str]| folders.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>();
        let bare = "# ours\n[workspace]\nmembers = [\"generated/*\"]\n\n[workspace.lints]\n";
        let one = with_exclude(bare, &list(&["generated/a"])).unwrap();
        assert_eq!(
            one,
            "# ours\n[workspace]\nexclude = [\"generated/a\"]\nmembers = [\"generated/*\"]\n\n\
             [workspace.lints]\n"
        );
        let long = one.replace("[\"generated/a\"]", "[\n  \"generated/a\",\n]");
        for text in [one, long] {
            let two = with_exclude(&text, &list(&["generated/a", "x"])).unwrap();
            assert!(two.contains("exclude = [\"generated/a\", \"x\"]\nmembers"), "{two}");
            assert_eq!(with_exclude(&two, &[]).unwrap(), bare);
        }
        assert_eq!(with_exclude("[package]\nname = \"x\"\n", &list(&["a"])), None);
        assert_eq!(
            with_exclude("[workspace]\nexclude = [\n\"a]\",\n\"b\",\n]\n", &list(&["a"])),
            None
        );
    }

    #[test]
    fn patterns_and_paths_as_cargo_reads_them() {
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
        assert_eq!(resolved("runtime/cli", "../../generated/x").as_deref(), Some("generated/x"));
        assert_eq!(resolved("", "./generated/x/").as_deref(), Some("generated/x"));
        assert_eq!(resolved("a", "../../x"), None);
    }
}
