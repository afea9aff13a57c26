//! Maps from hash maps.
#![allow(clippy::disallowed_types, reason = "a `Map` sorts, so no order of a hash map is seen")]

use super::map::Map;
use std::collections::HashMap;

impl<K: Into<String>, V: Into<T>, T, S> From<HashMap<K, V, S>> for Map<T> {
    fn from(entries: HashMap<K, V, S>) -> Self {
        Self::of_entries(entries)
    }
}
