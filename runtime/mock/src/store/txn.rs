//! A request's view of the store, including its own changes.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde_json::Value;

use super::{Counters, Record, State};

/// A transaction: it reads its own writes, which are visible to others only after commit.
#[derive(Debug)]
pub struct Txn<'a> {
    base: &'a State,
    writes: Writes,
}

/// Changes of a transaction.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    /// New records; `None` deletes a record.
    pub(crate) records: BTreeMap<String, Option<Record>>,
    pub(crate) counters: Counters,
}

impl Writes {
    pub(crate) fn is_empty(&self, state: &State) -> bool {
        self.records.is_empty() && self.counters == state.counters
    }

    pub(super) fn apply(self, state: &mut State) {
        state.counters = self.counters;
        for (name, record) in self.records {
            match record {
                Some(record) => drop(state.records.insert(name, record)),
                None => drop(state.records.remove(&name)),
            }
        }
    }
}

impl<'a> Txn<'a> {
    pub(super) fn new(base: &'a State) -> Self {
        let writes = Writes { counters: base.counters, ..Writes::default() };
        Self { base, writes }
    }

    pub(super) fn into_writes(self) -> Writes {
        self.writes
    }

    /// Returns the resource with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.record(name).map(|record| &record.value)
    }

    /// Returns the record with this name.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        match self.writes.records.get(name) {
            Some(written) => written.as_ref(),
            None => self.base.records.get(name),
        }
    }

    /// Stores a resource with schema `kind`. An existing one keeps its position in lists.
    pub fn put(&mut self, kind: &str, name: &str, value: Value) {
        let order = self.record(name).map(|record| record.order);
        let order = order.unwrap_or_else(|| {
            self.writes.counters.order += 1;
            self.writes.counters.order
        });
        let record = Record { kind: kind.to_owned(), order, value };
        self.writes.records.insert(name.to_owned(), Some(record));
    }

    /// Removes a resource and returns it.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let value = self.get(name).cloned()?;
        self.writes.records.insert(name.to_owned(), None);
        Some(value)
    }

    /// Removes a resource and its children, and returns it.
    pub(crate) fn remove_all(&mut self, name: &str) -> Value {
        for name in self.below(name).map(str::to_owned).collect::<Vec<_>>() {
            self.remove(&name);
        }
        self.remove(name).unwrap_or_default()
    }

    /// Returns a number that was never used before, even across restarts.
    pub fn next_id(&mut self) -> u64 {
        self.writes.counters.ids += 1;
        self.writes.counters.ids
    }

    /// Returns the resources of a collection (`projects/p/jobs`), oldest first. A segment `-` in
    /// its parent matches any, as in [AIP-159](https://google.aip.dev/159).
    #[must_use]
    pub fn children(&self, collection: &str) -> Vec<(&str, &Record)> {
        let wanted: Vec<&str> = collection.split('/').collect();
        let start = wanted.iter().take_while(|segment| **segment != "-");
        let start: String = start.flat_map(|segment| [*segment, "/"]).collect();
        let found = self.starting(start).filter(|(name, _)| {
            name.rsplit_once('/').is_some_and(|(collection, _)| fits(&wanted, collection))
        });
        in_order(found.collect())
    }

    /// Returns all resources of a schema, oldest first.
    #[must_use]
    pub fn of_kind(&self, kind: &str) -> Vec<(&str, &Record)> {
        in_order(self.all().filter(|(_, record)| record.kind == kind).collect())
    }

    /// Returns `true` if there is a resource below this name.
    #[must_use]
    pub fn has_below(&self, name: &str) -> bool {
        self.below(name).next().is_some()
    }

    /// Returns the names of the resources below this one.
    pub(crate) fn below(&self, name: &str) -> impl Iterator<Item = &str> {
        self.starting(format!("{name}/")).map(|(name, _)| name)
    }

    fn all(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.starting(String::new())
    }

    /// Returns the resources whose names start so, without a look at others.
    fn starting(&self, start: String) -> impl Iterator<Item = (&str, &Record)> {
        let written = &self.writes.records;
        let range = (Bound::Included(start.as_str()), Bound::Unbounded);
        let base = self.base.records.range::<str, _>(range);
        let base = base.filter(|(name, _)| !written.contains_key(*name));
        let new = written.range::<str, _>(range);
        let new = new.map(|(name, record)| (name.as_str(), record.as_ref()));
        let base = base.map(|(name, record)| (name.as_str(), Some(record)));
        let after = start.clone();
        let base = base.take_while(move |(name, _)| name.starts_with(&after));
        let new = new.take_while(move |(name, _)| name.starts_with(&start));
        base.chain(new).filter_map(|(name, record)| Some((name, record?)))
    }
}

/// Returns `true` if a name has these segments, where `-` matches any.
fn fits(wanted: &[&str], name: &str) -> bool {
    let mut segments = name.split('/');
    let same = wanted.iter().all(|w| segments.next().is_some_and(|s| *w == "-" || *w == s));
    same && segments.next().is_none()
}

fn in_order<'t>(mut found: Vec<(&'t str, &'t Record)>) -> Vec<(&'t str, &'t Record)> {
    found.sort_by_key(|(_, record)| record.order);
    found
}
