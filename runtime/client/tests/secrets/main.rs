//! Where secrets may be sent and shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod canary;
#[allow(dead_code, reason = "shared with the tests of media")]
#[path = "../media/common.rs"]
mod common;
mod destinations;
#[allow(dead_code, reason = "shared with the fault matrix")]
#[path = "../../examples/fault_matrix/matrix/api.rs"]
mod matrix_api;
mod sources;
#[allow(dead_code, reason = "shared with the tests of calls")]
#[path = "../calls/traced.rs"]
mod traced;
