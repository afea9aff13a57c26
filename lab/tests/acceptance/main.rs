//! The thirteen acceptance checks of the runtime, in order, each in a module of its own: what a
//! user of a generated crate must be able to rely on. Most go from the generated client of the
//! Jobs API to a real server on loopback; where time matters, a clock is moved by hand.
//!
//! The thirteenth counts dependencies, which is a matter of cargo: `lab/tests/dependencies.rs`. They are
//! here because they need a generated crate, which needs the runtime.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod c01_hung_token_endpoint;
mod c02_server_delays;
mod c03_one_token_request;
mod c04_two_runtimes;
mod c05_path_table;
mod c06_uploads;
mod c07_never_created_twice;
mod c08_page_loop;
mod c09_null_zero_unset;
mod c10_unknown_survives;
mod c11_no_secret;
mod c12_proto_json;

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

/// A builder of clients that call `server`, without credentials.
fn jobs(server: &FaultServer) -> ClientBuilder<Client> {
    Client::builder().with_endpoint(server.url()).with_anonymous()
}

/// Credentials of a user whose tokens `server` gives.
fn user(server: &FaultServer) -> Cached<AuthorizedUser> {
    let user = AuthorizedUser::new("client", Some("s3cr3t-client".into()), "s3cr3t-refresh");
    Cached::new(user.with_token_url(server.url()))
}

/// Returns when a server has seen a request.
async fn arrived(server: &FaultServer) {
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
}
