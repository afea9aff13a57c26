//! What the server holds: resources by name, in memory, with a file behind them if wished.

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

/// A stored resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Name of its schema, for example `Job`.
    pub kind: String,
    /// When it was created, relative to the others: lists are in this order.
    pub order: u64,
    /// The resource in its canonical form.
    pub value: Value,
}

/// Resources by name: `projects/p/jobs/1`, or the path below the service path for an API without
/// resource names (`calendars/primary/events/7`).
///
/// Every request runs in one transaction. With a file, an answer is sent only after its changes
/// are on disk, so what a client was told survives `SIGKILL` and a power cut.
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

/// The last numbers given out. They never go back, so no id is used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) ids: u64,
    /// For the order of creation.
    pub(crate) order: u64,
}

/// Why a store could not be opened or written.
#[derive(Debug)]
pub struct StoreError {
    what: String,
    busy: bool,
}

impl Store {
    /// A store that ends with the process.
    #[must_use]
    pub fn memory() -> Self {
        Self { state: Mutex::default(), disk: None }
    }

    /// A store kept in a file, made if there is none. It belongs to one process at a time.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is in use, or is no such store.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (disk, state) = Disk::open(path)?;
        Ok(Self { state: Mutex::new(state), disk: Some(disk) })
    }

    /// Number of stored resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().records.len()
    }

    /// Whether nothing is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A stored resource.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Record> {
        self.lock().records.get(name).cloned()
    }

    /// Runs `work` in a transaction. If it fails, nothing has changed.
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

    /// A panic elsewhere leaves the state whole: it is changed only by `Writes::apply`.
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

    /// Whether another process has the file.
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
