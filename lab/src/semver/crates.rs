//! Crate of a revision, outside of the workspace.

use crate::catalog;
use crate::diff::{Document, model};
use crate::paths::root;
use discovery_generator::{Model, Options, Product, Runtime, write};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Model of a document's revision.
pub(super) struct Revision {
    /// Revision, or the file's name if there is none.
    pub(super) name: String,
    pub(super) model: Model,
    /// Files of the crate by path, once written.
    pub(super) files: BTreeMap<String, String>,
    /// Folder of the crate, once written.
    pub(super) folder: PathBuf,
}

impl Revision {
    pub(super) fn new(file: &str, text: &str) -> Result<Self, String> {
        // Overlays apply to one revision, which would cause differences.
        let document = Document {
            id: String::new(),
            file: file.to_owned(),
            text: text.to_owned(),
            overlay: None,
            methods: None,
            foreign: false,
            version: None,
            output: String::new(),
        };
        let model = model(&document)?;
        let stem = file.trim_end_matches(".json").replace('/', "-");
        let name = if model.api.revision.is_empty() { stem } else { model.api.revision.clone() };
        Ok(Self::from_model(model, &name))
    }

    pub(super) fn from_model(model: Model, name: &str) -> Self {
        Self { name: name.to_owned(), model, files: BTreeMap::new(), folder: PathBuf::new() }
    }

    /// Generates the crate below `out`, in its own workspace with this repository's lock file.
    pub(super) fn write(&mut self, out: &Path) -> Result<(), String> {
        let folder = self.model.names.package.folder.clone();
        self.write_in(&out.join(folder))
    }

    /// Like `write`, for comparison with another revision of possibly the same name.
    pub(super) fn write_as(&mut self, out: &Path, other: &Self) -> Result<(), String> {
        self.write_in(&out.join(&other.model.names.package.folder))
    }

    fn write_in(&mut self, folder: &Path) -> Result<(), String> {
        let runtime = root().join("runtime");
        let options = Options {
            runtime: Runtime::Path(runtime.display().to_string()),
            ..Options::new([Product::Client])
        };
        let templates = catalog::templates(crate::paths::workspace())?;
        let tree =
            write(&self.model, "document.json", &options, &templates).map_err(|r| r.to_string())?;
        let krate = format!("{}/", self.model.names.package.folder);
        let name: String =
            (self.name.chars()).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.folder = folder.join(name);
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(|e| self.failed(&e))?;
        }
        for (path, file) in tree.iter() {
            let Some(path) = path.strip_prefix(&krate) else { continue };
            let mut text = file.text.clone();
            if path == "Cargo.toml" {
                text.push_str("\n[workspace]\n");
            }
            let target = self.folder.join(path);
            let parent = target.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(parent).map_err(|e| self.failed(&e))?;
            std::fs::write(&target, &text).map_err(|e| self.failed(&e))?;
            self.files.insert(path.to_owned(), text);
        }
        let lock = self.folder.join("Cargo.lock");
        std::fs::copy(root().join("Cargo.lock"), lock).map_err(|e| self.failed(&e))?;
        Ok(())
    }

    /// Returns `true` if its resources are behind Cargo features, which `full` enables.
    pub(super) fn is_gated(&self) -> bool {
        self.files.get("Cargo.toml").is_some_and(|text| text.contains("\nfull = ["))
    }

    fn failed(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.folder.display())
    }
}
