//! Resources by name, in memory and optionally in a file.

mod damage;
mod disk;
mod txn;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

pub use txn::Txn;
pub(crate) use txn::Writes;

use disk::Disk;

/// Returns a stored resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Schema name, for example `Job`.
    pub kind: String,
    /// Position in the order of creation, which lists follow.
    pub order: u64,
    /// Resource in canonical form.
    pub value: Value,
}

/// Resources by name: `projects/p/jobs/1`, or the path below the service path for an API without
/// resource names (`calendars/primary/events/7`).
///
/// Every request runs in one transaction. With a file, the server responds only after the changes
/// are on disk, so acknowledged changes survive `SIGKILL` and power loss.
#[derive(Debug)]
pub struct Store {
    state: Mutex<State>,
    disk: Option<Disk>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) records: BTreeMap<String, Record>,
    pub(crate) counters: Counters,
}

/// Last assigned numbers. They never decrease, so no id is reused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) ids: u64,
    /// Order of creation.
    pub(crate) order: u64,
}

/// Error of opening or writing a store.
#[derive(Debug)]
pub struct StoreError {
    what: String,
    busy: bool,
}

impl Store {
    /// Creates a store in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self { state: Mutex::default(), disk: None }
    }

    /// Opens a store in a file, creating it if necessary. Only one process can open it at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened, is in use, or is not a store.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (disk, state) = Disk::open(path)?;
        Ok(Self { state: Mutex::new(state), disk: Some(disk) })
    }

    /// Returns the number of stored resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().records.len()
    }

    /// Returns `true` if the store is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a stored resource.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Record> {
        self.lock().records.get(name).cloned()
    }

    /// Runs `work` in a transaction, which is rolled back on error.
    pub(crate) fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut state = self.lock();
        let mut txn = Txn::new(&state);
        let result = work(&mut txn)?;
        let writes = txn.into_writes();
        if writes.is_empty(&state) {
            return Ok(result);
        }
        if let Some(disk) = &self.disk {
            disk.commit(&writes)?;
        }
        writes.apply(&mut state);
        Ok(result)
    }

    /// Ignores poisoning: the state changes only in `Writes::apply`, so it stays consistent.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoreError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), busy: false }
    }

    pub(crate) fn busy(self) -> Self {
        Self { busy: true, ..self }
    }

    /// Returns `true` if another process has the file open.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.busy
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for StoreError {}
