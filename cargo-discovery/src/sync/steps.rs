//! Orders changes such that Cargo can read the tree after each of them.

use super::{Changes, Outputs};
use crate::commit::Step;
use crate::members::Manifests;
use crate::workspace::Workspace;
use discovery_generator::FileTree;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item};

/// A package that is added or removed as a whole.
struct Package {
    /// Folder, relative to the root of the tree.
    folder: String,
    manifest: String,
    /// Files by path in the folder.
    files: Vec<(String, String)>,
}

/// Returns the changes as steps, in this order: the workspace's manifest without removed packages;
/// new packages, dependencies first; changed files; the manifest of each package after its files;
/// removals; and finally the workspace's manifest with new packages.
pub(crate) fn steps(
    workspace: &Workspace,
    tree: &FileTree,
    changes: &Changes,
    outputs: &Outputs,
    manifests: Manifests,
) -> Vec<Step> {
    let home = workspace.home();
    let mut steps = Vec::new();
    let write = |text| Step::Write { path: workspace.manifest(), text };
    steps.extend(manifests.first.map(write));

    let (new, old): (Vec<&String>, Vec<&String>) = (changes.added.iter()).partition(|path| {
        !outputs.package(path).is_empty() && !home.join(outputs.package(path)).exists()
    });
    let mut late = place(&home, new_packages(tree, &new, outputs), &mut steps);
    for path in old.into_iter().chain(&changes.changed) {
        let text = tree.get(path).map(|file| file.text.clone()).unwrap_or_default();
        let step = Step::Write { path: home.join(path), text };
        if is_manifest(path, outputs) { late.push(step) } else { steps.push(step) }
    }
    steps.append(&mut late);

    let is_gone = |path: &str| changes.gone.iter().any(|folder| folder == outputs.package(path));
    let (manifests_first, rest): (Vec<&String>, Vec<&String>) = (changes.removed.iter())
        .filter(|path| !is_gone(path))
        .partition(|path| is_manifest(path, outputs));
    for path in manifests_first.into_iter().chain(rest) {
        steps.push(Step::Delete { path: home.join(path), root: home.clone() });
    }
    remove(&home, &changes.gone, &mut steps);
    steps.extend(manifests.last.map(write));
    steps
}

fn is_manifest(path: &str, outputs: &Outputs) -> bool {
    outputs.split(path).is_some_and(|(_, rest)| rest == "Cargo.toml")
}

fn new_packages(tree: &FileTree, paths: &[&String], outputs: &Outputs) -> Vec<Package> {
    let mut packages: BTreeMap<&str, Package> = BTreeMap::new();
    for path in paths {
        let Some((folder, rest)) = outputs.split(path) else { continue };
        let text = tree.get(path).map(|file| file.text.clone()).unwrap_or_default();
        let package = packages.entry(folder).or_insert_with(|| Package {
            folder: folder.to_owned(),
            manifest: String::new(),
            files: Vec::new(),
        });
        if rest == "Cargo.toml" {
            package.manifest.clone_from(&text);
        }
        package.files.push((rest.to_owned(), text));
    }
    packages.into_values().collect()
}

/// Adds steps that create new packages. Returns steps that complete manifests with cyclic
/// references: a client's tests use its local server, which depends on the client.
fn place(home: &Path, packages: Vec<Package>, steps: &mut Vec<Step>) -> Vec<Step> {
    let mut missing: BTreeSet<PathBuf> =
        packages.iter().map(|package| home.join(&package.folder)).collect();
    let mut late = Vec::new();
    for mut package in in_order(home, packages) {
        let folder = home.join(&package.folder);
        missing.remove(&folder);
        if let Some(reduced) = without(&package.manifest, &folder, &missing) {
            for (path, text) in &mut package.files {
                if path == "Cargo.toml" {
                    let text = std::mem::replace(text, reduced.clone());
                    late.push(Step::Write { path: folder.join("Cargo.toml"), text });
                }
            }
        }
        steps.push(Step::Place { folder, files: package.files });
    }
    late
}

/// Adds steps that remove packages, dependents first.
fn remove(home: &Path, gone: &[String], steps: &mut Vec<Step>) {
    let package = |folder: &String| Package {
        folder: folder.clone(),
        manifest: std::fs::read_to_string(home.join(folder).join("Cargo.toml")).unwrap_or_default(),
        files: Vec::new(),
    };
    let ordered = in_order(home, gone.iter().map(package).collect());
    let all: BTreeSet<PathBuf> = gone.iter().map(|folder| home.join(folder)).collect();
    for package in &ordered {
        let folder = home.join(&package.folder);
        let needs = needs(&package.manifest, &folder, "dependencies");
        let others: BTreeSet<PathBuf> =
            all.iter().filter(|other| !needs.contains(*other)).cloned().collect();
        if let Some(text) = without(&package.manifest, &folder, &others) {
            steps.push(Step::Write { path: folder.join("Cargo.toml"), text });
        }
    }
    let folders = ordered.iter().rev().map(|package| home.join(&package.folder));
    steps.extend(folders.map(|folder| Step::Take { folder }));
}

/// Sorts packages after those that they depend on.
fn in_order(home: &Path, mut packages: Vec<Package>) -> Vec<Package> {
    let mut out = Vec::new();
    while !packages.is_empty() {
        let waiting: BTreeSet<PathBuf> = packages.iter().map(|p| home.join(&p.folder)).collect();
        let is_ready = |package: &Package| {
            let folder = home.join(&package.folder);
            needs(&package.manifest, &folder, "dependencies").is_disjoint(&waiting)
        };
        let at = packages.iter().position(is_ready).unwrap_or_default();
        out.push(packages.remove(at));
    }
    out
}

/// Returns the folders that a manifest in `folder` names in one of its lists.
fn needs(manifest: &str, folder: &Path, list: &str) -> BTreeSet<PathBuf> {
    let Ok(document) = manifest.parse::<DocumentMut>() else { return BTreeSet::new() };
    let list = document.get(list).and_then(Item::as_table_like);
    let specs = list.into_iter().flat_map(|list| list.iter());
    specs.filter_map(|(_, spec)| target(folder, spec)).collect()
}

/// Returns the folder of a path dependency.
fn target(folder: &Path, spec: &Item) -> Option<PathBuf> {
    let path = spec.get("path")?.as_str()?;
    let mut out = folder.to_owned();
    for part in Path::new(path).components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            std::path::Component::CurDir => {}
            part => out.push(part),
        }
    }
    Some(out)
}

/// Removes dev-dependencies on `missing` from a manifest in `folder`; `None` if it has none.
fn without(manifest: &str, folder: &Path, missing: &BTreeSet<PathBuf>) -> Option<String> {
    let mut document: DocumentMut = manifest.parse().ok()?;
    let list = document.get_mut("dev-dependencies")?.as_table_like_mut()?;
    let names: Vec<String> = (list.iter())
        .filter(|(_, spec)| target(folder, spec).is_some_and(|to| missing.contains(&to)))
        .map(|(name, _)| name.to_owned())
        .collect();
    if names.is_empty() {
        return None;
    }
    for name in &names {
        list.remove(name);
    }
    Some(document.to_string())
}
