//! Acceptance checks of the runtime: guarantees for users of generated crates. Most use the
//! generated client of the Jobs API with a real loopback server, and a manual clock where time
//! matters. They are part of the lab because they need a generated crate.
//!
//! The number of dependencies is checked in `lab/tests/dependencies.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod hung_token_endpoint;
mod never_created_twice;
mod no_secret;
mod null_zero_unset;
mod one_token_request;
mod page_loop;
mod path_table;
mod proto_json;
mod server_delays;
mod two_runtimes;
mod unknown_survives;
mod uploads;

#[path = "../../../runtime/client/tests/media/common.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod common;
#[path = "../../../runtime/client/tests/calls/direct.rs"]
mod direct;
#[path = "../../../runtime/client/tests/auth/support.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "../../../runtime/client/tests/calls/traced.rs"]
mod traced;

use discovery_runtime::ClientBuilder;
use discovery_runtime::auth::{AuthorizedUser, Cached};
use discovery_runtime::testing::FaultServer;
use google_jobs_v3::Client;

/// Returns a builder of clients of `server`, without credentials.
fn jobs(server: &FaultServer) -> ClientBuilder<Client> {
    Client::builder().with_endpoint(server.url()).with_anonymous()
}

/// Returns user credentials with tokens from `server`.
fn user(server: &FaultServer) -> Cached<AuthorizedUser> {
    let user = AuthorizedUser::new("client", Some("s3cr3t-client".into()), "s3cr3t-refresh");
    Cached::new(user.with_token_url(server.url()))
}

/// Waits until a server has received a request.
async fn arrived(server: &FaultServer) {
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
}
