//! Media, batches, and operations, with a failing server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod batch;
#[path = "../common/collector.rs"]
mod collector;
mod common;
mod download;
#[path = "../../examples/fault_matrix/matrix/mod.rs"]
mod matrix;
mod ranges;
mod sessions;
mod sources;
mod stored;
mod telemetry;
mod upload;
mod waits;

/// Every kind of method under every fault: checks the outcome, the number of requests, and that
/// nothing is executed twice unless it is idempotent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_under_every_fault() {
    let cells = matrix::all().await.unwrap();
    assert_eq!(cells.len(), matrix::size());
    let wrong: Vec<String> =
        cells.iter().filter(|cell| !cell.is_right()).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}\n{}", matrix::heading(), wrong.join("\n"));
}
