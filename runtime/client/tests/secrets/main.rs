//! Where secrets may go, and where they may be shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[allow(dead_code, reason = "shared with the tests of media")]
#[path = "../media/common.rs"]
mod common;
mod destinations;
mod sources;
