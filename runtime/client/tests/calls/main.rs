//! Calls like those of generated crates, with real servers and scripted transports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes helpers beside tests for production code"
)]

mod api;
#[path = "../common/collector.rs"]
mod collector;
mod direct;
#[path = "../common/front.rs"]
mod front;
mod script;
mod traced;

mod answers;
mod auth;
mod blocking;
mod deadline;
mod errors;
mod faults;
mod messages;
mod misfits;
mod observe;
mod operations;
mod paging;
mod redirects;
mod repeat;
mod request_ids;
mod requests;
mod retry;
mod streams;
mod telemetry;
mod tls;
mod transports;
