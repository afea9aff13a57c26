//! Pending edits of hand-maintained files: catalog, documents, and manifests.

use crate::paths::{self, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Pending edits of files that are not generated. Reads return the results of earlier steps of the
/// run.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    /// New texts; `None` to delete a file.
    files: BTreeMap<PathBuf, Option<String>>,
}

impl Edits {
    /// Reads a file with its pending edits.
    pub(crate) fn read(&self, path: &Path) -> Result<String, String> {
        match self.files.get(path) {
            Some(Some(text)) => Ok(text.clone()),
            _ => read(path),
        }
    }

    /// Like `read`, but returns `None` if the file does not exist.
    pub(crate) fn find(&self, path: &Path) -> Result<Option<String>, String> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None => paths::find(path),
        }
    }

    /// Sets the text of a file.
    pub(crate) fn set(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, Some(text));
    }

    /// Deletes a file.
    pub(crate) fn remove(&mut self, path: PathBuf) {
        self.files.insert(path, None);
    }

    /// Removes and returns the edit of one file.
    pub(crate) fn take(&mut self, path: &Path) -> Option<String> {
        self.files.remove(path).flatten()
    }

    /// Returns all edits.
    pub(crate) fn into_files(self) -> impl Iterator<Item = (PathBuf, Option<String>)> {
        self.files.into_iter()
    }
}
