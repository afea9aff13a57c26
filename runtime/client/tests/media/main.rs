//! Media, batches and operations, against a real server that fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod batch;
mod common;
mod download;
mod sessions;
mod sources;
mod upload;
