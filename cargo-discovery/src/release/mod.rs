//! Effect of a regeneration on the next release: version, changelog, and size.

mod changelog;
mod manifest;
#[cfg(test)]
mod size;

use crate::catalog::{Source, edit};
use crate::diff::{Document, at, model, summary};
use crate::edits::Edits;
use crate::git;
use crate::lines::Lines;
use crate::surface::{Changes, Surface};
use crate::sync::Outputs;
use crate::workspace::Workspace;
use discovery_generator::diff::{Diff, Verdict, diff, next_version, text};
use discovery_generator::{FileTree, Model};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Changes since a revision, and the resulting version.
pub(crate) struct Plan {
    id: String,
    folder: String,
    since: String,
    diff: Diff,
    /// Changes of the public API of generated libraries, by folder.
    surfaces: BTreeMap<String, Changes>,
    /// Changed lines, by folder.
    lines: BTreeMap<String, Lines>,
    /// Version in the catalog of `since`, and the current one.
    before: String,
    current: String,
    next: String,
}

/// Compares the output with `since`; `None` if the API did not exist.
pub(crate) fn plan(
    workspace: &Workspace,
    source: &Source,
    new: &Model,
    tree: &FileTree,
    since: &str,
) -> Result<Option<Plan>, String> {
    let commit = git::commit(workspace.root(), since)?
        .ok_or_else(|| format!("`{since}` is not a git revision"))?;
    let Some(document) = base(workspace, &commit, since, &source.entry.id)? else {
        return Ok(None);
    };
    let version = document.version.clone().unwrap_or_default();
    let diff = diff(&model(&document)?, new);
    let output = source.entry.settings.output();
    let folder = format!("{output}/{}", new.names.package.folder);
    let mut plan = Plan {
        id: source.entry.id.clone(),
        since: since.to_owned(),
        surfaces: BTreeMap::new(),
        lines: BTreeMap::new(),
        before: version.clone(),
        current: source.entry.version.clone(),
        next: String::new(),
        diff,
        folder,
    };
    for (krate, after) in crates(tree, &Outputs::new([output])) {
        let prefix = workspace.name(&format!("{krate}/"));
        let before = git::folder(workspace.root(), &commit, &prefix)?;
        let before: BTreeMap<String, String> = (before.into_iter())
            .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text)))
            .collect();
        plan.compare(&krate, &before, &after)?;
    }
    plan.next = next_version(&version, plan.verdict(), &new.api.revision)
        .map_err(|e| format!("discovery/apis.json of {since}: {}: {e}", plan.id))?;
    Ok(Some(plan))
}

/// Returns the document of an API at a revision.
fn base(
    workspace: &Workspace,
    commit: &str,
    since: &str,
    id: &str,
) -> Result<Option<Document>, String> {
    if git::file(workspace.root(), commit, &workspace.name("discovery/apis.json"))?.is_none() {
        return Ok(None);
    }
    Ok(at(workspace, commit, since)?.into_iter().find(|document| document.id == id))
}

/// Groups the files of a tree by crate and path.
fn crates(tree: &FileTree, outputs: &Outputs) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut crates: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, file) in tree.iter() {
        if let Some((krate, rest)) = outputs.split(path) {
            crates.entry(krate.to_owned()).or_default().insert(rest.to_owned(), file.text.clone());
        }
    }
    crates
}

impl Plan {
    fn compare(
        &mut self,
        krate: &str,
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let mut lines = Lines::default();
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for path in paths {
            let old = before.get(path).map(String::as_str);
            match (old, after.get(path)) {
                // Hand-written files stay.
                (Some(old), None) if !crate::sync::is_ours(old) => {}
                (old, new) => {
                    lines += Lines::between(
                        old.unwrap_or_default(),
                        new.map(String::as_str).unwrap_or_default(),
                    );
                }
            }
        }
        self.lines.insert(krate.to_owned(), lines);
        if before.contains_key("src/lib.rs") && after.contains_key("src/lib.rs") {
            let read = |files: &BTreeMap<String, String>| {
                // Hand-written modules belong to the same crate.
                let mut all = before.clone();
                all.extend(files.clone());
                Surface::read(&all).map_err(|e| format!("{krate}: {e}"))
            };
            self.surfaces.insert(krate.to_owned(), read(before)?.compare(&read(after)?));
        }
        Ok(())
    }

    /// Returns the combined verdict on the changes of document and generator.
    pub(crate) fn verdict(&self) -> Verdict {
        self.surfaces.values().fold(self.diff.verdict, |all, changes| all.and(changes.verdict()))
    }

    /// Returns the version to write, if the catalog's is lower.
    pub(crate) fn next(&self) -> Option<&str> {
        let is_beyond = || {
            let parse = |text: &str| semver::Version::parse(text).ok();
            let pair = parse(&self.current).zip(parse(&self.next));
            pair.is_some_and(|(current, next)| {
                current.cmp_precedence(&next) == std::cmp::Ordering::Greater
            })
        };
        (self.next != self.current && !is_beyond()).then_some(self.next.as_str())
    }

    /// Formats the proposal on one line.
    pub(crate) fn proposal(&self, workspace: &Workspace) -> Option<String> {
        let next = self.next()?;
        let (id, verdict, since) = (&self.id, self.verdict(), &self.since);
        Some(format!(
            "{id}: {verdict} since {since}: version {} → {next}; `{} --bump` writes it",
            self.current,
            workspace.regen()
        ))
    }

    /// Formats the full report for reviewers.
    pub(crate) fn report(&self) -> String {
        let mut out = text(&self.diff);
        out.push('\n');
        for (krate, lines) in &self.lines {
            let _ = write!(out, "{krate}: ");
            let _ = match lines.files {
                0 => write!(out, "unchanged"),
                1 => write!(out, "1 file, +{} −{} lines", lines.added, lines.removed),
                n => write!(out, "{n} files, +{} −{} lines", lines.added, lines.removed),
            };
            let changes = self.surfaces.get(krate).filter(|c| !c.is_empty());
            let _ =
                writeln!(out, "{}", changes.map_or(String::new(), |c| format!("; {}", summary(c))));
        }
        out
    }

    /// Sets the version in the catalog and the workspace's manifest, and adds an entry to the
    /// crate's changelog. Returns the changes.
    pub(crate) fn bump(
        &self,
        workspace: &Workspace,
        edits: &mut Edits,
    ) -> Result<Vec<String>, String> {
        let stays = format!("{}: version {} stays", self.id, self.current);
        let (next, mut done) = match self.next() {
            Some(next) => (next, vec![format!("{}: version {} → {next}", self.id, self.current)]),
            // A run that was killed may have left the rest to do.
            None if self.current == self.next && self.next != self.before => {
                (self.next.as_str(), vec![stays])
            }
            None => return Ok(vec![stays]),
        };
        if next != self.current {
            let list = workspace.list();
            let text = edit::with_version(&edits.read(&list)?, &self.id, next)?;
            edits.set(list, text);
        }
        let manifest = workspace.manifest();
        let old = edits.read(&manifest)?;
        let new = self::manifest::with_version(&old, &workspace.name(&self.folder), next);
        if new != old {
            edits.set(manifest, new);
        }
        let name = workspace.name(&format!("{}/CHANGELOG.md", self.folder));
        let log = workspace.root().join(&name);
        let old = edits.find(&log)?;
        let entry = changelog::entry(&self.diff, self.surfaces.get(&self.folder), next);
        match changelog::with_entry(old.as_deref(), &entry, next) {
            Some(text) => {
                edits.set(log, text);
                done.push(format!("{name} has a new entry"));
            }
            None => {
                done.push(format!("{name} has an entry for this version already"));
            }
        }
        Ok(done)
    }
}
