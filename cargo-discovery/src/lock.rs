//! One run at a time in a workspace.

use crate::workspace::Workspace;
use fs4::{FileExt, TryLockError};
use std::fs::File;
use std::io;
use std::path::Path;

/// Held while a run reads and writes a workspace. The system takes it back when the program ends,
/// however it ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until nobody else writes to the workspace, and says so if that is not at once.
    ///
    /// # Errors
    /// A folder that cannot be locked.
    pub(crate) fn new(workspace: &Workspace) -> Result<Self, String> {
        let root = workspace.root();
        let failed = |e: io::Error| format!("{}: cannot be locked: {e}", root.display());
        let file = open(root).map_err(failed)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("waiting for another run in {}", root.display());
                FileExt::lock(&file).map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _file: file })
    }
}

/// The root itself: nothing is left behind in anybody's workspace.
#[cfg(unix)]
fn open(root: &Path) -> io::Result<File> {
    File::open(root)
}

/// Folders cannot be locked here: a file of the same name for everybody who works on the root.
#[cfg(not(unix))]
fn open(root: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    root.canonicalize()?.hash(&mut hasher);
    let name = format!("cargo-discovery-{:016x}.lock", hasher.finish());
    File::options().create(true).truncate(false).write(true).open(std::env::temp_dir().join(name))
}
