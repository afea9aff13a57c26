//! Runs programs in a folder where hostile text would leave a file.

use super::crates::empty;
use crate::inject::texts::CANARY;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder, which is also the home of its programs.
pub(super) struct Work {
    folder: PathBuf,
}

/// What a program printed.
pub(super) struct Printed {
    pub(super) out: String,
    pub(super) err: String,
    pub(super) success: bool,
}

impl Work {
    /// Creates a folder.
    pub(super) fn new(folder: PathBuf) -> Result<Self, String> {
        empty(&folder)?;
        Ok(Self { folder })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command in the folder.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("HOME", &self.folder).stdin(Stdio::null());
        command.env("XDG_CONFIG_HOME", &self.folder).env("LC_ALL", "C.UTF-8").env("TERM", "xterm");
        command
    }

    /// Runs a command.
    pub(super) fn run(&self, command: &mut Command) -> Result<Printed, String> {
        let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
        Ok(Printed {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            success: output.status.success(),
        })
    }

    /// Returns a fault if hostile text acted, and removes what it left.
    pub(super) fn acted(&self) -> Option<String> {
        let found = self.folder.join(CANARY);
        std::fs::remove_file(&found).ok().map(|()| "executed the text".to_owned())
    }
}

/// Whether a program is installed.
pub(super) fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Runs `work` for each item, two at a time; returns what it finds, in order of the items.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    several(2, items, work)
}

/// Runs `work` for each item, `count` at a time; returns what it finds, in order of the items.
pub(super) fn several<T: Sync, R: Send>(
    count: usize,
    items: &[T],
    work: impl Fn(&T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let share = items.len().div_ceil(count).max(1);
    let run = |items: &[T]| items.iter().map(&work).collect::<Result<Vec<R>, String>>();
    std::thread::scope(|scope| {
        let started: Vec<_> = items.chunks(share).map(|chunk| scope.spawn(|| run(chunk))).collect();
        let mut all = Vec::new();
        for thread in started {
            all.extend(thread.join().map_err(|_| "a thread panicked".to_owned())??);
        }
        Ok(all)
    })
}
