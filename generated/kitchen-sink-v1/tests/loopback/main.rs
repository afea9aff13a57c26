//! Media, batches, operations and updates of the generated crate, against servers on loopback.

mod batch;
mod endpoints;
mod lists;
mod media;
mod operations;
mod required;
mod updates;

use discovery_runtime::testing::FaultServer;
use google_kitchen_sink_v1::Client;
use std::time::Duration;

/// A client of `server` that waits only briefly before it tries again.
fn client(server: &FaultServer) -> Client {
    let (first, longest) = (Duration::from_millis(1), Duration::from_millis(5));
    let retry = discovery_runtime::retry::DefaultRetry::new().with_backoff(first, longest);
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    builder.with_retry(retry).build().unwrap()
}
