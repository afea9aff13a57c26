//! The semantic difference: single edits of a small document, each with all that must be said of
//! it, and many random ones.
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
