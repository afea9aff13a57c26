//! Members that a model does not declare.

use crate::error::DecodeError;
use crate::reader::Reader;
use crate::values::json::Json;
use std::fmt;

/// What an object holds beyond the declared members that have a value: members that this revision
/// of the API does not declare, explicit nulls, and values that did not fit their type.
///
/// It is written back with the object, so nothing is lost between reading and writing. A declared
/// member that has a value wins over an entry of the same name. Takes one word when empty.
#[derive(Clone, Default, PartialEq)]
#[expect(clippy::box_collection, reason = "one word in every model, where there is mostly nothing")]
pub struct Extra(Option<Box<Vec<Entry>>>);

/// A member: its name and, behind it in the same piece of memory, its JSON text.
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
    /// No members.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json> {
        self.raw(name).map(|text| Json::from_valid(text.into()))
    }

    /// Sets a member; returns the value it had.
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

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.position(name)?;
        let entries = self.0.as_mut()?;
        let old = entries.remove(at);
        if entries.is_empty() {
            self.0 = None;
        }
        Some(old.json())
    }

    /// All members, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json)> {
        self.entries().iter().map(|entry| (entry.name(), entry.json()))
    }

    /// Notes an explicit `null`, which a PATCH reads as "clear this".
    pub fn set_null(&mut self, name: impl Into<String>) {
        self.insert(name, Json::NULL);
    }

    /// Whether a member is an explicit `null`.
    #[must_use]
    pub fn is_null(&self, name: &str) -> bool {
        self.raw(name) == Some("null")
    }

    /// Reads an unknown member; a later one of the same name wins.
    ///
    /// # Errors
    /// When its value is not JSON.
    pub fn read(&mut self, name: &str, r: &mut Reader<'_>) -> Result<(), DecodeError> {
        let text = r.raw()?;
        self.push(name, &text);
        Ok(())
    }

    /// Appends without regard to order; [`Extra::sort`] is due afterwards.
    pub(crate) fn push(&mut self, name: &str, text: &str) {
        self.0.get_or_insert_default().push(Entry::new(name, text));
    }

    /// Sorts by name and leaves the last of each name.
    #[inline]
    pub(crate) fn sort(&mut self) {
        if let Some(entries) = &mut self.0 {
            sort(entries);
        }
    }

    pub(crate) fn raw_members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries().iter().map(|entry| (entry.name(), entry.text()))
    }

    /// The name as stored here, if it is.
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
    // Of equal names the sort keeps the order; the later value moves to the entry that stays.
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
