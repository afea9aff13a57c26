//! Acknowledged changes survive a killed server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{methods, try_send};
use discovery_mock::{Server, Store};
use redb::{Database, TableDefinition, WriteTransaction};
use serde_json::{Value, json};

const FILE: &str = "MOCK_TEST_STORE";

/// Server process of the test below: this program, restricted to this test.
#[test]
fn server_to_be_killed() {
    let Ok(path) = std::env::var(FILE) else { return };
    let store = Store::open(Path::new(&path)).unwrap();
    let running = Server::builder(&methods::API).store(store).build().spawn("127.0.0.1:0").unwrap();
    println!("\nlistening {}", running.address());
    loop {
        std::thread::park();
    }
}

/// A child process that is killed on drop.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL on Unix: no handler runs and nothing is flushed.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn start(path: &Path) -> (Killed, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["server_to_be_killed", "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("listening ").map(|address| address.parse().unwrap()));
    (Killed(child), address.expect("the server prints its address"))
}

fn shelves(path: &Path) -> BTreeMap<String, Value> {
    let server = Server::builder(&methods::API).store(Store::open(path).unwrap()).build();
    let running = server.spawn("127.0.0.1:0").unwrap();
    let mut found = BTreeMap::new();
    let mut token = String::new();
    loop {
        let path = format!("/v1/shelves?pageSize=1000&pageToken={token}");
        let page = try_send(running.address(), "GET", &path, &[], "").unwrap().json();
        for shelf in page["shelves"].as_array().into_iter().flatten() {
            found.insert(shelf["name"].as_str().unwrap().to_owned(), shelf["theme"].clone());
        }
        match page["nextPageToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => return found,
        }
    }
}

/// Possible states of a shelf as known to a writer: its theme after the last response, and after a
/// change without a response. Null if the shelf does not exist.
type Known = (String, Vec<Value>);

/// Creates, updates, and deletes shelves until the server is gone.
fn write(address: SocketAddr, prefix: &str, done: &AtomicUsize) -> Vec<Known> {
    let mut known = Vec::new();
    for n in 0.. {
        let name = format!("shelves/{prefix}n{n}");
        let steps = [
            ("POST", format!("/v1/shelves?shelfId={prefix}n{n}"), json!("new")),
            ("PATCH", format!("/v1/{name}"), json!("changed")),
            ("DELETE", format!("/v1/{name}"), Value::Null),
        ];
        let mut state = Value::Null;
        // Every third shelf is deleted.
        for (verb, path, after) in steps.into_iter().take(2 + usize::from(n % 3 == 0)) {
            let body =
                if after.is_null() { String::new() } else { json!({ "theme": after }).to_string() };
            let Some(reply) = try_send(address, verb, &path, &[], &body) else {
                known.push((name, vec![state, after]));
                return known;
            };
            assert_eq!(reply.status, 200, "{}", reply.text);
            state = after;
            done.fetch_add(1, Ordering::Relaxed);
        }
        known.push((name, vec![state]));
    }
    known
}

/// Runs four concurrent writers and calls `kill` while they write.
fn write_until_gone(address: SocketAddr, round: usize, kill: impl FnOnce()) -> Vec<Known> {
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let done = &done;
        let writer = |n| scope.spawn(move || write(address, &format!("r{round}w{n}"), done));
        let writers: Vec<_> = (0..4).map(writer).collect();
        while done.load(Ordering::Relaxed) < 40 {
            std::thread::yield_now();
        }
        kill();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    })
}

#[test]
fn acknowledged_changes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut all = Vec::new();
    for round in 0..3 {
        let (child, address) = start(&path);
        all.extend(write_until_gone(address, round, || drop(child)));
        let found = shelves(&path);
        for (name, allowed) in &all {
            let theme = found.get(name).cloned().unwrap_or_default();
            assert!(allowed.contains(&theme), "{name}: {theme}, not one of {allowed:?}");
        }
        assert!(found.len() > 5, "{}", found.len());
    }
}

#[test]
fn stores_are_exclusive_and_reject_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = Store::open(&path).unwrap();
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(error.contains("failed to open store"), "{error}");
    drop(store);
    assert!(Store::open(&path).unwrap().is_empty());
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "nothing but the store");

    let other = folder.path().join("other");
    std::fs::write(&other, "this is a text file rather than a store".repeat(200)).unwrap();
    assert!(Store::open(&other).is_err());
    assert!(Store::open(&folder.path().join("no/such/folder")).is_err());

    let directory = Store::open(folder.path()).unwrap_err().to_string();
    assert!(directory.ends_with("it is not a file"), "{directory}");
    std::fs::write(&other, "").unwrap();
    assert!(Store::open(&other).unwrap().is_empty(), "an empty file is a new store");
}

/// A database that the same library wrote for another program, or in another format.
#[test]
fn databases_of_others_are_errors_and_stay_as_they_are() {
    const OTHER: TableDefinition<'_, &str, u64> = TableDefinition::new("other");
    const RESOURCES: TableDefinition<'_, u64, u64> = TableDefinition::new("resources");
    const META: TableDefinition<'_, u64, u64> = TableDefinition::new("meta");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database");
    let write = |fill: &dyn Fn(&WriteTransaction)| {
        let _ = std::fs::remove_file(&path);
        let database = Database::create(&path).unwrap();
        let txn = database.begin_write().unwrap();
        fill(&txn);
        txn.commit().unwrap();
    };
    write(&|txn| drop(txn.open_table(OTHER).unwrap().insert("a", 1).unwrap()));
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(error.ends_with("it is a database of another program"), "{error}");
    write(&|txn| {
        txn.open_table(RESOURCES).unwrap().insert(1, 1).unwrap();
        txn.open_table(META).unwrap().insert(1, 1).unwrap();
    });
    let error = Store::open(&path).unwrap_err().to_string();
    assert!(error.contains("failed to open store"), "{error}");
    let database = Database::create(&path).unwrap();
    let tables = database.begin_read().unwrap().list_tables().unwrap().count();
    assert_eq!(tables, 2);
    drop(database);

    // The older format, without tables.
    write(&|_| ());
    assert!(Store::open(&path).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_pipes_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("store"), folder.path().join("link"));
    drop(Store::open(&path).unwrap());
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(Store::open(&link).unwrap().is_empty());
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = Store::open(&pipe).unwrap_err().to_string();
    assert!(error.ends_with("it is not a file"), "{error}");
}

/// A store that was cut, as by a full disk or a copy that ended early, or that has other bytes.
#[test]
fn damaged_stores_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let server = Server::builder(&methods::API).store(Store::open(&path).unwrap()).build();
    let many: serde_json::Map<String, Value> = (0..200)
        .map(|n| (format!("shelves/{n}"), serde_json::json!({ "theme": "t".repeat(500) })))
        .collect();
    server.seed(&Value::Object(many)).unwrap();
    drop(server);
    let whole = std::fs::read(&path).unwrap();
    let damaged = folder.path().join("damaged");
    let lengths =
        [1, 9, 100, 320, 4095, 4096, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1];
    for length in lengths {
        std::fs::write(&damaged, &whole[..length]).unwrap();
        let error = Store::open(&damaged).expect_err(&format!("{length} bytes")).to_string();
        assert!(error.contains("failed to open store"), "{error}");
        assert!(error.contains("damaged; ") && error.contains("restore a copy"), "{error}");
    }
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut other = whole.clone();
        other[at..(at + 64).min(whole.len())].fill(0xa5);
        std::fs::write(&damaged, &other).unwrap();
        // Bytes that belong to nothing do no harm.
        match Store::open(&damaged) {
            Ok(store) => assert_eq!(store.len(), 200, "at {at}"),
            Err(error) => assert!(error.to_string().contains("failed to open store"), "{error}"),
        }
    }
}

#[test]
fn ids_are_not_reused_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    for expected in ["shelves/1", "shelves/2"] {
        let server = Server::builder(&methods::API).store(Store::open(&path).unwrap()).build();
        let request = http::Request::post("/v1/shelves").body(r#"{"theme":"t"}"#.into()).unwrap();
        let created: Value = serde_json::from_slice(server.respond(request).body()).unwrap();
        assert_eq!(created["name"], expected);
        let delete = format!("/v1/{expected}");
        let delete = http::Request::delete(delete).body(bytes::Bytes::new()).unwrap();
        assert_eq!(server.respond(delete).status(), 200);
    }
}
