//! Media, batches and operations, against a real server that fails.

mod batch;
mod common;
mod download;
mod sessions;
mod sources;
mod upload;
