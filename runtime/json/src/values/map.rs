//! Maps with explicit nulls.

use crate::error::DecodeError;
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::fmt;
use std::iter::{Flatten, Peekable};
use std::ops::Deref;
use std::option;

/// A map with string keys: a [`BTreeMap`] that also stores explicit nulls.
///
/// `{"labels": {"a": null}}` differs from `{"labels": {}}`: in a JSON merge patch ([RFC 7396]),
/// `null` removes the key, while an absent key stays as it is. A map preserves the nulls it was
/// read with; [`Map::set_null`] adds one.
///
/// The map dereferences to a `BTreeMap` of the keys with a value: indexing, `get`, `len`, and
/// iterators do not see nulls. Setting a value replaces the null of its key.
///
/// Arrays, vectors, and maps of the standard library convert with `From`, and so do their values:
/// `Map::<String>::from([("a", "x")])`. Iterators of pairs can be collected. A value of
/// `serde_json` might not be an object, so it converts with `TryFrom`:
///
/// ```
/// use discovery_json::{Json, Map};
/// use serde_json::json;
///
/// let row: Map<Json> = Map::try_from(json!({"name": "Ada", "languages": ["en", "fr"]}))?;
/// let labels: Map<String> = Map::try_from(json!({"team": "data", "owner": null}))?;
/// assert!(labels.is_null("owner"));
/// assert!(Map::<String>::try_from(json!(["no", "object"])).is_err());
/// # assert_eq!(row.len(), 2);
/// # Ok::<(), discovery_json::DecodeError>(())
/// ```
///
/// Nulls are read, set, and written:
///
/// ```
/// use discovery_json::{self as json, Map};
///
/// let mut labels: Map<String> = json::from_str(r#"{"a": null, "b": "x"}"#)?;
/// assert_eq!(labels["b"], "x");
/// assert!(labels.is_null("a"));
/// labels.set_null("b");
/// assert_eq!(json::to_string(&labels), r#"{"a":null,"b":null}"#);
/// # Ok::<(), json::DecodeError>(())
/// ```
///
/// In a map of [`Json`](crate::Json), where `null` is a value, a `null` becomes
/// [`Json::NULL`](crate::Json::NULL) instead.
///
/// [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396
#[derive(Clone)]
pub struct Map<T> {
    values: BTreeMap<String, T>,
    /// Keys without a value.
    #[allow(clippy::box_collection, reason = "a map without nulls pays for one word only")]
    nulls: Option<Box<BTreeSet<String>>>,
}

impl<T> Map<T> {
    /// Creates an empty map.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { values: BTreeMap::new(), nulls: None }
    }

    /// Sets a key to an explicit `null`, dropping its value.
    pub fn set_null(&mut self, key: impl Into<String>) {
        let key = key.into();
        self.values.remove(&key);
        self.nulls.get_or_insert_default().insert(key);
    }

    /// Returns `true` if a key is an explicit `null`.
    #[must_use]
    pub fn is_null(&self, key: &str) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.contains(key))
    }

    /// Iterates over the keys that are explicit nulls, in order.
    pub fn nulls(&self) -> impl Iterator<Item = &str> {
        self.nulls.iter().flat_map(|nulls| nulls.iter()).map(String::as_str)
    }

    /// Sets a key to a value, replacing a `null`. Returns the old value.
    pub fn insert(&mut self, key: String, value: T) -> Option<T> {
        if let Some(nulls) = &mut self.nulls {
            nulls.remove(&key);
        }
        self.values.insert(key, value)
    }

    /// Removes a key with its value or `null`. Returns the value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<T>
    where
        String: Borrow<Q>,
    {
        if let Some(nulls) = &mut self.nulls {
            nulls.remove(key);
        }
        self.values.remove(key)
    }

    /// Returns a mutable reference to the value of a key.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut T>
    where
        String: Borrow<Q>,
    {
        self.values.get_mut(key)
    }

    /// Returns the entry of a key, for insertion. Inserting replaces a `null`.
    pub fn entry(&mut self, key: String) -> MapEntry<'_, T> {
        MapEntry { key, map: self }
    }

    /// Retains only the values for which `keep` returns `true`. Nulls are retained.
    pub fn retain(&mut self, keep: impl FnMut(&String, &mut T) -> bool) {
        self.values.retain(keep);
    }

    /// Iterates over mutable references to the values, in the order of their keys.
    pub fn values_mut(&mut self) -> btree_map::ValuesMut<'_, String, T> {
        self.values.values_mut()
    }

    /// Iterates over keys and mutable references to their values, in the order of the keys.
    pub fn iter_mut(&mut self) -> btree_map::IterMut<'_, String, T> {
        self.values.iter_mut()
    }

    /// Removes all values and nulls.
    pub fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T> Default for Map<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// Compares values and nulls.
impl<T: PartialEq> PartialEq for Map<T> {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values && self.nulls().eq(other.nulls())
    }
}

impl<T: Eq> Eq for Map<T> {}

/// Prints nulls as `null`.
impl<T: fmt::Debug> fmt::Debug for Map<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all: BTreeMap<&str, &dyn fmt::Debug> = BTreeMap::new();
        all.extend(self.nulls().map(|key| (key, &Null as &dyn fmt::Debug)));
        all.extend(self.values.iter().map(|(key, value)| (key.as_str(), value as _)));
        f.debug_map().entries(all).finish()
    }
}

struct Null;

impl fmt::Debug for Null {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null")
    }
}

impl<T> Deref for Map<T> {
    type Target = BTreeMap<String, T>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.values
    }
}

/// An entry of a [`Map`], returned by [`Map::entry`].
#[derive(Debug)]
#[must_use = "an entry does nothing until a value is inserted"]
pub struct MapEntry<'a, T> {
    key: String,
    map: &'a mut Map<T>,
}

impl<'a, T> MapEntry<'a, T> {
    /// Modifies the value, if the key has one.
    pub fn and_modify(self, change: impl FnOnce(&mut T)) -> Self {
        self.map.values.get_mut(&self.key).map(change);
        self
    }

    /// Inserts `value` if the key has none. Returns a reference to the value.
    pub fn or_insert(self, value: T) -> &'a mut T {
        self.or_insert_with(|| value)
    }

    /// Inserts the result of `make` if the key has no value. Returns a reference to the value.
    pub fn or_insert_with(self, make: impl FnOnce() -> T) -> &'a mut T {
        if let Some(nulls) = &mut self.map.nulls {
            nulls.remove(&self.key);
        }
        self.map.values.entry(self.key).or_insert_with(make)
    }

    /// Inserts the default if the key has no value. Returns a reference to the value.
    pub fn or_default(self) -> &'a mut T
    where
        T: Default,
    {
        self.or_insert_with(T::default)
    }
}

impl<K: Into<String>, V: Into<T>, T> From<BTreeMap<K, V>> for Map<T> {
    fn from(entries: BTreeMap<K, V>) -> Self {
        Self::of_entries(entries)
    }
}

impl<K: Into<String>, V: Into<T>, T> From<Vec<(K, V)>> for Map<T> {
    fn from(entries: Vec<(K, V)>) -> Self {
        Self::of_entries(entries)
    }
}

impl<K: Into<String>, V: Into<T>, T, const N: usize> From<[(K, V); N]> for Map<T> {
    fn from(entries: [(K, V); N]) -> Self {
        Self::of_entries(entries)
    }
}

impl<T> Map<T> {
    pub(super) fn of_entries<K: Into<String>, V: Into<T>>(
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        entries.into_iter().map(|(key, value)| (key, value.into())).collect()
    }
}

impl<T: From<serde_json::Value>> From<serde_json::Map<String, serde_json::Value>> for Map<T> {
    fn from(members: serde_json::Map<String, serde_json::Value>) -> Self {
        Self::of_entries(members)
    }
}

/// Decodes an object of `serde_json`; nulls are preserved.
impl<T: Decode> TryFrom<serde_json::Value> for Map<T> {
    type Error = DecodeError;

    fn try_from(value: serde_json::Value) -> Result<Self, DecodeError> {
        crate::from_str(&value.to_string())
    }
}

impl<K: Into<String>, T> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
        Self { values: entries.collect(), nulls: None }
    }
}

impl<K: Into<String>, T> Extend<(K, T)> for Map<T> {
    fn extend<I: IntoIterator<Item = (K, T)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key.into(), value);
        }
    }
}

/// Iterates over values, not over nulls.
impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = btree_map::IntoIter<String, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.values.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = btree_map::Iter<'a, String, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Map<T> {
    type Item = (&'a String, &'a mut T);
    type IntoIter = btree_map::IterMut<'a, String, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.values.iter_mut()
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        let mut object = r.object()?;
        while let Some(key) = object.entry(r)? {
            if r.peek() == b'n' && T::from_null().is_none() {
                // `skip` fails if the literal is not `null`.
                r.skip()?;
                map.set_null(key);
            } else {
                map.insert(key.into_owned(), T::decode(r)?);
            }
        }
        Ok(map)
    }
}

impl<T: Encode> Encode for Map<T> {
    fn encode(&self, w: &mut Writer) {
        w.open_map();
        self.encode_entries(w);
        w.close_map();
    }
}

impl<T: Encode> Map<T> {
    /// Writes values and nulls, sorted by key, into an open object.
    #[doc(hidden)]
    pub fn encode_entries(&self, w: &mut Writer) {
        let mut nulls = Nulls(self.nulls.as_deref().into_iter().flatten().peekable());
        for (key, value) in &self.values {
            nulls.write_before(key, w);
            w.key(key);
            value.encode(w);
        }
        nulls.write_rest(w);
    }
}

/// Nulls that are not written yet: one function for maps of all types.
struct Nulls<'a>(Peekable<Flatten<option::IntoIter<&'a BTreeSet<String>>>>);

impl Nulls<'_> {
    /// Writes the nulls that sort before a key with a value.
    fn write_before(&mut self, key: &str, w: &mut Writer) {
        while let Some(null) = self.0.next_if(|null| null.as_str() < key) {
            w.key(null);
            w.null();
        }
    }

    fn write_rest(self, w: &mut Writer) {
        for null in self.0 {
            w.key(null);
            w.null();
        }
    }
}
