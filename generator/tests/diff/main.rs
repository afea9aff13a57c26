//! The semantic diff: single edits of a small document with their expected changes, and many random
//! ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod api;
mod edits;
mod methods;
mod params;
mod random;
mod renames;
mod rendering;
mod schemas;
mod selection;
mod support;
mod values;
