//! What has to be true after an interruption.

use super::interrupt::{Mode, Outcome, run};
use super::scenes::{Scene, tool};
use super::tree::{self, Tree, differences};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Where the tool writes first. The next run deletes what an interrupted one leaves there.
const STAGE: &str = "discovery/.staged";

/// End of the name of a report that is being written. The next run replaces what is left of it.
const PART: &str = ".part";

/// A command, with its workspace before and after it.
pub(super) struct Case<'a> {
    pub(super) scene: &'a Scene,
    pub(super) program: &'a Path,
    pub(super) before: Tree,
    pub(super) after: Tree,
    /// Exit code of a run without interruption.
    pub(super) code: i32,
    /// Hashes of trees that Cargo reads and that were repaired.
    pub(super) known: Mutex<BTreeSet<u64>>,
}

impl Case<'_> {
    /// A run without interruption leaves a workspace that Cargo reads and that is up to date.
    pub(super) fn fresh(&self, root: &Path) -> Result<(), String> {
        if let Some(fault) = unreadable(root)? {
            return Err(format!("{}: {fault}", self.scene.name));
        }
        if self.scene.is_fresh {
            let (code, text) = run(&mut tool(self.program, root, &["regen", "--check"]))?;
            if code != Some(0) {
                return Err(format!("{}: regen --check: {text}", self.scene.name));
            }
        }
        Ok(())
    }

    /// Returns what is wrong in `root` after an interruption.
    pub(super) fn faults(
        &self,
        root: &Path,
        mode: &Mode,
        outcome: &Outcome,
    ) -> Result<Vec<String>, String> {
        let now = tree::read(root).map_err(|e| format!("{}: {e}", root.display()))?;
        let mut faults = self.promises(&now, mode, outcome);
        faults.extend(self.halves(&now, mode, outcome));
        let mut hasher = DefaultHasher::new();
        now.hash(&mut hasher);
        let hash = hasher.finish();
        let is_known = self.known.lock().is_ok_and(|known| known.contains(&hash));
        if !is_known {
            faults.extend(unreadable(root)?);
            faults.extend(self.unrepaired(root)?);
        }
        if faults.is_empty() {
            self.known.lock().map(|mut known| known.insert(hash)).ok();
        }
        Ok(faults)
    }

    /// The exit code and the message are true.
    fn promises(&self, now: &Tree, mode: &Mode, outcome: &Outcome) -> Vec<String> {
        let said = outcome.text.trim();
        let has = |text: &str| said.contains(text);
        let want = match outcome.code {
            None if mode.kills() => return Vec::new(),
            _ if has("panicked") => return vec![format!("panic: {said}")],
            Some(code) if code == self.code => &self.after,
            Some(1) if has("all changes were made") => &self.after,
            // Only a disk that fails for good keeps changes from being undone.
            Some(1) if mode.lasting && has("not all changes could be undone") => return Vec::new(),
            Some(1) => &self.before,
            code => return vec![format!("exit code {code:?}: {said}")],
        };
        let is_staged = |path: &str| {
            outcome.code != Some(self.code) && path.starts_with(STAGE)
                || mode.lasting && path.contains(PART) && has("report.md.part is left")
        };
        let found = differences(want, now).into_iter().filter(|what| !is_staged(what));
        let found: Vec<String> = found.collect();
        let told = |first: &String| {
            format!("exit code {:?}, but {first} (1 of {}): {said}", outcome.code, found.len())
        };
        found.first().map(told).into_iter().collect()
    }

    /// Every file is as before or as after, except the staged ones, manifests, which change in
    /// steps, and what a killed program or a dead disk leaves of a report.
    fn halves(&self, now: &Tree, mode: &Mode, outcome: &Outcome) -> Vec<String> {
        let may_leave = outcome.code.is_none() || mode.lasting;
        let is_whole = |path: &String| {
            let versions = [&self.before, &self.after].map(|tree| tree.get(path));
            versions.contains(&now.get(path))
        };
        let paths = self.before.iter().chain(now).filter(|(_, entry)| entry.is_file());
        let paths: BTreeSet<&String> = paths.map(|(path, _)| path).collect();
        let may_differ = |path: &String| {
            path.starts_with(STAGE)
                || path.ends_with("Cargo.toml")
                || may_leave && path.ends_with(PART)
        };
        let odd = paths.into_iter().filter(|path| !may_differ(path) && !is_whole(path));
        odd.map(|path| format!("{path} is neither as before nor as after")).collect()
    }

    /// The next run leaves what a run without interruption leaves.
    fn unrepaired(&self, root: &Path) -> Result<Vec<String>, String> {
        let mut last = String::new();
        for args in self.scene.repairs {
            let (code, text) = run(&mut tool(self.program, root, args))?;
            if code == Some(0) {
                let now = tree::read(root).map_err(|e| format!("{}: {e}", root.display()))?;
                let found = differences(&self.after, &now);
                let told =
                    |first: &String| format!("after the next run, {first} (1 of {})", found.len());
                return Ok(found.first().map(told).into_iter().collect());
            }
            last = text;
        }
        let is_fault = !self.scene.repairs.is_empty();
        Ok(is_fault.then(|| format!("the next run fails: {}", last.trim())).into_iter().collect())
    }
}

/// Cargo reads the workspace.
fn unreadable(root: &Path) -> Result<Option<String>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root);
    let (code, text) = run(&mut command)?;
    Ok((code != Some(0)).then(|| format!("cargo metadata: {}", text.trim())))
}
