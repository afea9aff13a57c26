//! The public API of a crate, read from its syntax trees.
//!
//! It is independent of documents, so it can check changes of the generator and its templates, and
//! confirm the semantic diff.

#[cfg(test)]
mod agreement;
mod items;
mod manifest;
mod tables;
#[cfg(test)]
mod tests;

use discovery_generator::diff::{Action, Diff, Verdict};
use discovery_generator::{Model, Options, Product, Templates, write};
use std::collections::BTreeMap;

/// Public items of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    items: BTreeMap<String, Item>,
}

/// Shape of an item as far as callers depend on it, without argument names, bodies, values, and
/// documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    form: String,
    deprecated: bool,
}

impl Surface {
    /// Reads a crate: its files by path below its folder, for example `src/lib.rs`.
    ///
    /// # Errors
    /// Returns an error if a file is not Rust, or a module has no file.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut surface = Self::default();
        items::read(files, &mut surface)?;
        if let Some(text) = files.get("Cargo.toml") {
            manifest::read(text, &mut surface);
        }
        Ok(surface)
    }

    /// Reads the client crate of a model.
    ///
    /// # Errors
    /// If the crate cannot be generated or read.
    pub fn of(model: &Model, templates: &Templates) -> Result<Self, String> {
        let options = Options::new([Product::Client]);
        let tree = write(model, "document.json", &options, templates).map_err(|r| r.to_string())?;
        let prefix = format!("{}/", model.names.package.folder);
        let text = |path: &str, text: &String| {
            Some((path.strip_prefix(&prefix)?.to_owned(), text.clone()))
        };
        let files = tree.iter().filter_map(|(path, file)| text(path, &file.text));
        Self::read(&files.collect())
    }

    /// Returns the number of items.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Compares with a new surface.
    pub fn compare(&self, new: &Self) -> Changes {
        let mut changes = Changes::default();
        for (name, item) in &self.items {
            match new.items.get(name) {
                None => changes.removed.push(format!("{name}{}", shown(&item.form))),
                Some(other) => {
                    if item.form != other.form {
                        let text = format!("{name}: {} → {}", item.form, other.form);
                        changes.changed.push(text);
                    }
                    if !item.deprecated && other.deprecated {
                        changes.deprecated.push(name.clone());
                    }
                }
            }
        }
        for (name, item) in &new.items {
            if !self.items.contains_key(name) {
                changes.added.push(format!("{name}{}", shown(&item.form)));
            }
        }
        changes
    }

    fn insert(&mut self, name: String, form: String, deprecated: bool) {
        self.items.insert(name, Item { form, deprecated });
    }
}

fn shown(form: &str) -> String {
    if form.is_empty() { String::new() } else { format!(": {form}") }
}

/// How the classification of a change of documents compares with the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Both or neither find that code may fail to compile.
    Agreed,
    /// The documents show a breaking change that no signature shows.
    Silent,
    /// Only the documents show a breaking change.
    Unconfirmed,
    /// Only the code shows a breaking change.
    Missed,
}

/// The difference of two surfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Changes {
    pub removed: Vec<String>,
    pub changed: Vec<String>,
    pub deprecated: Vec<String>,
    pub added: Vec<String>,
}

impl Changes {
    /// Compares with the classification of the documents. Both are two views of the same change, so a
    /// breaking change that only the code shows was missed.
    pub fn agreement(&self, diff: &Diff) -> Agreement {
        // Arguments of the same type that swap places leave the signature unchanged.
        let silent = |action| matches!(action, Action::Order | Action::Renamed | Action::Moved);
        let mut changes = diff.changes.iter().filter(|change| change.verdict.breaks_source());
        match (diff.verdict.breaks_source(), self.is_breaking()) {
            (false, true) => Agreement::Missed,
            (true, false) if changes.any(|change| silent(change.kind.1)) => Agreement::Silent,
            (true, false) => Agreement::Unconfirmed,
            (true, true) | (false, false) => Agreement::Agreed,
        }
    }

    /// Returns `true` if existing code may fail to compile. All public types that can grow are
    /// `#[non_exhaustive]`, so additions are compatible.
    pub fn is_breaking(&self) -> bool {
        !self.removed.is_empty() || !self.changed.is_empty()
    }

    /// Returns the semver classification according to the code.
    pub fn verdict(&self) -> Verdict {
        match (self.is_breaking(), self.is_empty()) {
            (true, _) => Verdict::SOURCE,
            (_, true) => Verdict::None,
            (_, false) => Verdict::Compatible,
        }
    }

    /// Returns `true` if there are no differences.
    pub fn is_empty(&self) -> bool {
        !self.is_breaking() && self.added.is_empty() && self.deprecated.is_empty()
    }

    /// Returns the four lists with their names, most severe first.
    pub fn lists(&self) -> [(&'static str, &[String]); 4] {
        [
            ("removed", &self.removed),
            ("changed", &self.changed),
            ("deprecated", &self.deprecated),
            ("added", &self.added),
        ]
    }
}
