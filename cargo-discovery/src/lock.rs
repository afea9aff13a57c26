//! Ensures one run at a time per workspace.

use crate::console::note;
use crate::workspace::Workspace;
use fs4::{FileExt, TryLockError};
use std::fs::File;
use std::io;
use std::path::Path;

/// Lock during a run. The operating system releases it when the process ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other run writes to the workspace; prints a message if it has to wait.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be locked.
    pub(crate) fn new(workspace: &Workspace) -> Result<Self, String> {
        let root = workspace.root();
        let failed = |e: io::Error| format!("{}: cannot be locked: {e}", root.display());
        let file = open(root).map_err(failed)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                note(format!("waiting for another run in {}", root.display()));
                FileExt::lock(&file).map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _file: file })
    }
}

/// Locks the root itself, which leaves nothing behind.
#[cfg(unix)]
fn open(root: &Path) -> io::Result<File> {
    File::open(root)
}

/// Folders cannot be locked on this platform; uses a temporary file whose name depends on the root.
#[cfg(not(unix))]
fn open(root: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    root.canonicalize()?.hash(&mut hasher);
    let name = format!("cargo-discovery-{:016x}.lock", hasher.finish());
    File::options().create(true).truncate(false).write(true).open(std::env::temp_dir().join(name))
}
