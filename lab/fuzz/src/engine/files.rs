//! Folders of seeds and findings.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use super::Target;

/// The folders of one target: inputs to begin with, and inputs that showed a fault. Both are part of
/// the repository, and replayed by tests.
#[derive(Clone, Debug)]
pub struct Files {
    seeds: PathBuf,
    findings: PathBuf,
    /// Another folder of seeds, and the end of their names.
    more: Option<(PathBuf, &'static str)>,
}

impl Files {
    /// Creates the folders' names below that of the package.
    #[must_use]
    pub fn of(package: &Path, target: &Target) -> Self {
        Self {
            seeds: package.join("seeds").join(target.name),
            findings: package.join("findings").join(target.name),
            more: target.more.map(|(folder, end)| (package.join("../..").join(folder), end)),
        }
    }

    /// Returns all seeds and findings with their files, in the order of their names.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn read(&self) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut paths = Vec::new();
        if let Some((folder, end)) = &self.more {
            walk(folder, end, &mut paths)?;
        }
        for folder in [&self.seeds, &self.findings] {
            if folder.is_dir() {
                walk(folder, "", &mut paths)?;
            }
        }
        let read = |path: PathBuf| std::fs::read(&path).map(|bytes| (path, bytes));
        paths.into_iter().map(read).collect()
    }

    /// Saves an input that shows a fault of this kind, and returns its file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, kind: &str, input: &[u8]) -> io::Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        input.hash(&mut hasher);
        let path = self.findings.join(format!("{kind}-{:016x}", hasher.finish()));
        std::fs::create_dir_all(&self.findings)?;
        std::fs::write(&path, input)?;
        Ok(path)
    }
}

/// Adds the files below a folder, in the order of their names.
fn walk(folder: &Path, end: &str, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, end, paths)?;
        } else if path.to_string_lossy().ends_with(end) {
            paths.push(path);
        }
    }
    Ok(())
}
