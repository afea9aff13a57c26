//! Texts of hand-kept files as they will be after a run: the list, documents, manifests.

use crate::paths::read;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a run makes of files that it does not generate. Whoever reads through it sees what an earlier
/// step of the run decided.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    /// New texts; `None` for a file that goes.
    files: BTreeMap<PathBuf, Option<String>>,
}

impl Edits {
    /// The text of a file as it will be.
    pub(crate) fn read(&self, path: &Path) -> Result<String, String> {
        match self.files.get(path) {
            Some(Some(text)) => Ok(text.clone()),
            _ => read(path),
        }
    }

    /// The same; `None` if there is no such file.
    pub(crate) fn find(&self, path: &Path) -> Result<Option<String>, String> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None if path.exists() => read(path).map(Some),
            None => Ok(None),
        }
    }

    /// Gives a file a text.
    pub(crate) fn set(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, Some(text));
    }

    /// Removes a file.
    pub(crate) fn remove(&mut self, path: PathBuf) {
        self.files.insert(path, None);
    }

    /// Takes what was decided of one file.
    pub(crate) fn take(&mut self, path: &Path) -> Option<String> {
        self.files.remove(path).flatten()
    }

    /// Everything that was decided.
    pub(crate) fn into_files(self) -> impl Iterator<Item = (PathBuf, Option<String>)> {
        self.files.into_iter()
    }
}
