//! Unknown fields of models.

use crate::error::DecodeError;
use crate::reader::Reader;
use crate::values::json::Json;
use std::fmt;

/// Unknown fields and explicit nulls of an object, preserved on round-trip, and values that do not
/// fit their type.
///
/// They are encoded with the object. A declared field with a value takes precedence over an entry
/// of the same name. One word in size when empty.
#[derive(Clone, Default, PartialEq)]
#[expect(clippy::box_collection, reason = "one word in every model, where there is mostly nothing")]
pub struct Extra(Option<Box<Vec<Entry>>>);

/// A member: its name, followed by its JSON text in the same allocation.
#[derive(Clone, PartialEq)]
struct Entry {
    buffer: Box<str>,
    /// Length of the name.
    name: usize,
}

impl Entry {
    fn new(name: &str, text: &str) -> Self {
        let mut buffer = String::with_capacity(name.len() + text.len());
        buffer.push_str(name);
        buffer.push_str(text);
        Self { buffer: buffer.into_boxed_str(), name: name.len() }
    }

    fn name(&self) -> &str {
        self.buffer.get(..self.name).unwrap_or_default()
    }

    fn text(&self) -> &str {
        self.buffer.get(self.name..).unwrap_or_default()
    }

    fn json(&self) -> Json {
        Json::from_valid(self.text().into())
    }
}

impl Extra {
    /// Creates an empty set of fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns `true` if there are no fields.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json> {
        self.raw(name).map(|text| Json::from_valid(text.into()))
    }

    /// Sets a field; returns its previous value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        let new = Entry::new(&name.into(), &value.into().into_text());
        let entries = &mut **self.0.get_or_insert_default();
        match entries.binary_search_by(|entry| entry.name().cmp(new.name())) {
            Ok(at) => entries.get_mut(at).map(|entry| std::mem::replace(entry, new).json()),
            Err(at) => {
                entries.insert(at, new);
                None
            }
        }
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.position(name)?;
        let entries = self.0.as_mut()?;
        let old = entries.remove(at);
        if entries.is_empty() {
            self.0 = None;
        }
        Some(old.json())
    }

    /// Iterates over the fields, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json)> {
        self.entries().iter().map(|entry| (entry.name(), entry.json()))
    }

    /// Sets an explicit `null`, which a PATCH interprets as "clear".
    pub fn set_null(&mut self, name: impl Into<String>) {
        self.insert(name, Json::NULL);
    }

    /// Returns `true` if a field is an explicit `null`.
    #[must_use]
    pub fn is_null(&self, name: &str) -> bool {
        self.raw(name) == Some("null")
    }

    /// Reads an unknown field; a later one of the same name takes precedence.
    ///
    /// # Errors
    /// If its value is not JSON.
    pub fn read(&mut self, name: &str, r: &mut Reader<'_>) -> Result<(), DecodeError> {
        let text = r.raw()?;
        self.push(name, &text);
        Ok(())
    }

    /// Appends without sorting; call [`Extra::sort`] afterwards.
    pub(crate) fn push(&mut self, name: &str, text: &str) {
        self.0.get_or_insert_default().push(Entry::new(name, text));
    }

    /// Sorts by name and keeps the last of each name.
    #[inline]
    pub(crate) fn sort(&mut self) {
        if let Some(entries) = &mut self.0 {
            sort(entries);
        }
    }

    pub(crate) fn raw_members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries().iter().map(|entry| (entry.name(), entry.text()))
    }

    /// Returns the stored name, if present.
    pub(crate) fn stored_name(&self, name: &str) -> Option<&str> {
        let at = self.position(name)?;
        self.entries().get(at).map(Entry::name)
    }

    fn raw(&self, name: &str) -> Option<&str> {
        let at = self.position(name)?;
        self.entries().get(at).map(Entry::text)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.entries().binary_search_by(|entry| entry.name().cmp(name)).ok()
    }

    fn entries(&self) -> &[Entry] {
        self.0.as_ref().map_or(&[], |entries| entries)
    }
}

#[inline(never)]
fn sort(entries: &mut Vec<Entry>) {
    if entries.is_sorted_by(|a, b| a.name() < b.name()) {
        return;
    }
    entries.sort_by(|a, b| a.name().cmp(b.name()));
    // The sort is stable; the later value of equal names moves to the entry that is kept.
    entries.dedup_by(|later, earlier| {
        let same = later.name() == earlier.name();
        if same {
            std::mem::swap(later, earlier);
        }
        same
    });
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
