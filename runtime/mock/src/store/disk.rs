//! Persistent storage in a [redb] database, which commits atomically with checksums and flushes to
//! disk before a commit returns.
//!
//! [redb]: https://www.redb.org

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use redb::{Database, DatabaseError, ReadableTable, StorageError, TableDefinition, TableHandle};
use serde_json::{Value, json};

use super::damage::guarded;
use super::{Counters, Record, State, StoreError, Writes};

/// Name → `{"kind", "order", "value"}` as JSON.
const RECORDS: TableDefinition<'_, &str, &str> = TableDefinition::new("resources");
/// Counters of the store.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const IDS: &str = "ids";
const ORDER: &str = "order";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What is wrong with a file that the library cannot handle.
const DAMAGED: &str = "the file is damaged; remove it, or restore a copy";
/// What is wrong with a file that does not begin as a store does.
const FOREIGN: &str =
    "it is no store, or damaged; name another file, or remove it, or restore a copy";

/// The library reports a file that does not begin as a database does, or is shorter than its
/// beginning, as an I/O error.
fn is_foreign(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
}

/// An open database file.
#[derive(Debug)]
pub(super) struct Disk {
    database: Database,
}

impl Disk {
    /// Opens or creates the file and reads all of it. redb repairs a file that was not closed.
    pub(super) fn open(path: &Path) -> Result<(Self, State), StoreError> {
        let at = |error: &dyn Display| {
            StoreError::new(format!("failed to open store {}: {error}", path.display()))
        };
        // Opening a pipe or a device could wait forever.
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(at(&"it is not a file"));
        }
        let open = || {
            if std::fs::symlink_metadata(path).is_err() {
                Self::place(path).map_err(|error| at(&error))?;
            }
            let disk = Self::create(path).map_err(|error| match &error {
                DatabaseError::DatabaseAlreadyOpen => at(&"it is in use by another process").busy(),
                DatabaseError::Storage(StorageError::Io(error)) if is_foreign(error.kind()) => {
                    at(&FOREIGN)
                }
                other => at(other),
            })?;
            disk.check_owner().map_err(|error| at(&error))?;
            disk.make_tables().map_err(|error| at(&error))?;
            let state = disk.read().map_err(|error| at(&error))?;
            Ok((disk, state))
        };
        guarded(open).unwrap_or_else(|| Err(at(&DAMAGED)))
    }

    /// Opens a database, or creates one in a file that is missing or empty.
    fn create(path: &Path) -> Result<Self, DatabaseError> {
        let mut builder = Database::builder();
        // The format that later versions of the library read, and the only one they do.
        builder.create_with_file_format_v3(true);
        builder.create(path).map(|database| Self { database })
    }

    /// Puts an empty store where there is no file. It is made under another name, since a program
    /// that is killed meanwhile would leave a file that cannot be opened.
    fn place(path: &Path) -> Outcome<()> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}-{number}.new", std::process::id()));
        let fresh = path.with_file_name(name);
        let made = Self::create(&fresh).map_err(Into::into).and_then(|disk| disk.make_tables());
        let placed = made.and_then(|()| match std::fs::hard_link(&fresh, path) {
            // Another program was faster.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            // Not every file system has links.
            Err(_) => Ok(std::fs::rename(&fresh, path)?),
            Ok(()) => Ok(()),
        });
        let _ = std::fs::remove_file(&fresh);
        placed
    }

    /// Refuses a database of another program: it has tables, but not those of a store.
    fn check_owner(&self) -> Outcome<()> {
        let txn = self.database.begin_read()?;
        let tables: Vec<String> = txn.list_tables()?.map(|table| table.name().to_owned()).collect();
        let own = [RECORDS.name(), META.name()];
        let is_own = own.iter().all(|own| tables.iter().any(|table| table == own));
        if is_own || tables.is_empty() && txn.list_multimap_tables()?.next().is_none() {
            return Ok(());
        }
        Err("it is a database of another program".into())
    }

    fn make_tables(&self) -> Outcome<()> {
        let txn = self.database.begin_write()?;
        txn.open_table(RECORDS)?;
        txn.open_table(META)?;
        txn.commit()?;
        Ok(())
    }

    fn read(&self) -> Outcome<State> {
        let txn = self.database.begin_read()?;
        let meta = txn.open_table(META)?;
        let ids = meta.get(IDS)?.map_or(0, |value| value.value());
        let order = meta.get(ORDER)?.map_or(0, |value| value.value());
        let mut records = BTreeMap::new();
        for entry in txn.open_table(RECORDS)?.iter()? {
            let (name, text) = entry?;
            let stored: Value = serde_json::from_str(text.value())?;
            records.insert(name.value().to_owned(), decode(stored)?);
        }
        Ok(State { records, counters: Counters { ids, order } })
    }

    /// Commits the changes; they are on disk when it returns.
    pub(super) fn commit(&self, writes: &Writes) -> Result<(), StoreError> {
        let failed =
            |error: &dyn Display| StoreError::new(format!("failed to write to the store: {error}"));
        match guarded(|| self.write(writes)) {
            Some(result) => result.map_err(|error| failed(&error)),
            None => Err(failed(&DAMAGED)),
        }
    }

    fn write(&self, writes: &Writes) -> Outcome<()> {
        let txn = self.database.begin_write()?;
        {
            let mut records = txn.open_table(RECORDS)?;
            for (name, record) in &writes.records {
                match record {
                    Some(record) => {
                        records.insert(name.as_str(), encode(record).as_str())?;
                    }
                    None => {
                        records.remove(name.as_str())?;
                    }
                }
            }
            let mut meta = txn.open_table(META)?;
            meta.insert(IDS, writes.counters.ids)?;
            meta.insert(ORDER, writes.counters.order)?;
        }
        txn.commit()?;
        Ok(())
    }
}

fn encode(record: &Record) -> String {
    json!({ "kind": record.kind, "order": record.order, "value": record.value }).to_string()
}

fn decode(mut stored: Value) -> Result<Record, String> {
    let value = stored["value"].take();
    match (stored["kind"].as_str(), stored["order"].as_u64()) {
        (Some(kind), Some(order)) => Ok(Record { kind: kind.to_owned(), order, value }),
        _ => Err("an entry has no kind or order; not a file of this program".to_owned()),
    }
}
