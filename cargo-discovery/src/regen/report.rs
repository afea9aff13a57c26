//! Prints the changes of a run.

use super::{Generated, ms};
use crate::members::Manifests;
use crate::sync::{Changes, Outputs};
use crate::workspace::Workspace;
use std::collections::BTreeSet;

/// Maximum number of files listed per folder.
const MAX_SHOWN: usize = 20;

pub(super) fn lines(
    workspace: &Workspace,
    changes: &Changes,
    outputs: &Outputs,
    manifests: &Manifests,
    check: bool,
) -> Vec<String> {
    let mut out = Vec::new();
    let list = workspace.name("discovery/apis.json");
    let is_whole = |path: &str| {
        let folder = outputs.package(path);
        changes.gone.iter().any(|gone| gone == folder) || changes.kept.contains_key(folder)
    };
    let new: BTreeSet<&str> = (changes.added.iter())
        .map(|path| outputs.package(path))
        .filter(|folder| !folder.is_empty() && !workspace.home().join(folder).exists())
        .collect();
    for folder in &new {
        let count = changes.added.iter().filter(|path| outputs.package(path) == *folder).count();
        out.push(format!("   added {}: {count} files", workspace.name(folder)));
    }
    let added = changes.added.iter().filter(|path| !new.contains(outputs.package(path)));
    let removed = changes.removed.iter().filter(|path| !is_whole(path));
    let all: [(&str, Vec<&String>); 3] = [
        ("added", added.collect()),
        ("changed", changes.changed.iter().collect()),
        ("removed", removed.collect()),
    ];
    for (verb, paths) in all {
        for path in paths {
            out.push(format!("{verb:>8} {}", workspace.name(path)));
        }
    }
    for folder in changes.gone.iter().chain(changes.kept.keys()) {
        let count = changes.removed.iter().filter(|path| outputs.package(path) == folder).count();
        let folder = workspace.name(folder);
        out.push(format!(
            " removed {folder}: {count} generated files; {list} no longer names this package"
        ));
    }
    for (folder, files) in &changes.kept {
        let folder = workspace.name(folder);
        out.push(format!(
            "    kept {folder}: these files were not generated; move or delete them:"
        ));
        for file in files.iter().take(MAX_SHOWN) {
            out.push(format!("           {}", workspace.name(file)));
        }
        if files.len() > MAX_SHOWN {
            out.push(format!("           and {} more", files.len() - MAX_SHOWN));
        }
    }
    if manifests.first.is_some() || manifests.last.is_some() {
        let verb = if check { "would change" } else { "changed" };
        out.push(format!(" {verb} Cargo.toml: `members` and `exclude` of the workspace"));
    }
    out
}

pub(super) fn summary(made: &Generated, changes: &Changes) -> String {
    let count = |paths: &[String]| paths.iter().filter(|path| made.owns(path)).count();
    format!(
        "{}: {} schemas, {} methods, {} files: {} added, {} changed, {} removed; model {}, \
         output {}",
        made.id,
        made.schemas,
        made.methods,
        made.files,
        count(&changes.added),
        count(&changes.changed),
        count(&changes.removed),
        ms(made.analyze),
        ms(made.write),
    )
}
