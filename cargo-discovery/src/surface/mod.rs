//! The public API of a crate, read from its syntax trees.
//!
//! It knows nothing of documents: that makes it a judge of changes to the generator and its
//! templates, and a second opinion on what the semantic difference says.

#[cfg(test)]
mod agreement;
mod items;
mod manifest;
mod tables;
#[cfg(test)]
mod tests;

use discovery_generator::diff::Verdict;
use std::collections::BTreeMap;

/// What another crate can name, and its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    items: BTreeMap<String, Item>,
}

/// The form of an item: what a caller must know of it, without names of arguments, bodies,
/// values and documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    form: String,
    deprecated: bool,
}

impl Surface {
    /// Reads a crate: its files by path below its folder, for example `src/lib.rs`.
    ///
    /// # Errors
    /// A file that is not Rust, or a module without a file.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut surface = Self::default();
        items::read(files, &mut surface)?;
        if let Some(text) = files.get("Cargo.toml") {
            manifest::read(text, &mut surface);
        }
        Ok(surface)
    }

    /// How many items there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// What is different in `new`.
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

/// The difference of two surfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Changes {
    pub removed: Vec<String>,
    pub changed: Vec<String>,
    pub deprecated: Vec<String>,
    pub added: Vec<String>,
}

impl Changes {
    /// Whether code that compiled may no longer. Everything public that can grow is
    /// `#[non_exhaustive]`, so what is added breaks nobody.
    pub fn is_breaking(&self) -> bool {
        !self.removed.is_empty() || !self.changed.is_empty()
    }

    /// What it does to users, as far as code shows it.
    pub fn verdict(&self) -> Verdict {
        match (self.is_breaking(), self.is_empty()) {
            (true, _) => Verdict::SOURCE,
            (_, true) => Verdict::None,
            (_, false) => Verdict::Compatible,
        }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        !self.is_breaking() && self.added.is_empty() && self.deprecated.is_empty()
    }

    /// The four lists with their names, worst first.
    pub fn lists(&self) -> [(&'static str, &[String]); 4] {
        [
            ("removed", &self.removed),
            ("changed", &self.changed),
            ("deprecated", &self.deprecated),
            ("added", &self.added),
        ]
    }
}
