//! Output file tree with unique paths.

use crate::error::{Diagnostic, Kind, Stage};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Kind of file, which decides how it is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Rust source: formatted and checked.
    Rust,
    /// TOML.
    Toml,
    /// Markdown.
    Markdown,
    /// Anything else; contains its own marker.
    Other,
}

/// A file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Text of the file.
    pub text: String,
    /// Kind of the file.
    pub kind: FileKind,
    /// The template that made it, for messages.
    pub template: &'static str,
}

/// Files by path. Paths are relative, use `/`, and stay inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<String, File>,
}

impl FileTree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// Returns an error if the path exists or would leave the tree.
    pub fn insert(&mut self, path: String, file: File) -> Result<(), Diagnostic> {
        let inside = |part: &str| {
            !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0'])
        };
        let template = file.template;
        let problem = if path.split('/').all(inside) {
            match self.files.entry(path.clone()) {
                Entry::Vacant(place) => {
                    // The buffer of rendered text grows by doubling: up to half is unused, and a
                    // large API has thousands of files.
                    place.insert(File { text: file.text.as_str().to_owned(), ..file });
                    return Ok(());
                }
                Entry::Occupied(_) => "is written twice",
            }
        } else {
            "would leave the output folder"
        };
        Err(Diagnostic::error(
            Stage::Tree,
            Kind::Other,
            template,
            format!("`{}` {problem}", path.escape_default()),
        )
        .help("this is a fault of the generator: names must be unique and plain"))
    }

    /// Returns the same files in a folder.
    ///
    /// # Errors
    /// Returns an error if the folder is not a plain path.
    pub fn below(self, folder: &str) -> Result<Self, Diagnostic> {
        let mut tree = Self::new();
        for (path, file) in self.files {
            tree.insert(format!("{folder}/{path}"), file)?;
        }
        Ok(tree)
    }

    /// Adds all files of another tree.
    ///
    /// # Errors
    /// Returns the first duplicate path.
    pub fn append(&mut self, other: Self) -> Result<(), String> {
        for (path, file) in other.files {
            match self.files.entry(path) {
                Entry::Vacant(place) => drop(place.insert(file)),
                Entry::Occupied(place) => return Err(place.key().clone()),
            }
        }
        Ok(())
    }

    /// Files by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Files by path, to be finished.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut File)> {
        self.files.iter_mut().map(|(path, file)| (path.as_str(), file))
    }

    /// A file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns `true` if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_and_are_used_once() {
        let file = || File { text: String::new(), kind: FileKind::Other, template: "t" };
        let mut tree = FileTree::new();
        for bad in ["", "/etc", "../x", "a/../b", "a//b", "a\\b", "c:x", "a/./b"] {
            assert!(tree.insert(bad.to_owned(), file()).is_err(), "{bad}");
        }
        assert!(tree.insert("a/b".to_owned(), file()).is_ok());
        assert!(tree.insert("a/b".to_owned(), file()).is_err());
    }
}
