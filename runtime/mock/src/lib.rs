//! Engine of the mock servers generated from Google discovery documents.
//!
//! A mock server implements an API from its tables ([`ApiInfo`]): it routes requests, validates
//! them against the schema with Google's own error messages, runs the standard methods on a store,
//! and responds to every other method with a sample that fits its schema. API-specific behavior is
//! added with a [`Behavior`].
//!
//! ```no_run
//! # fn example(api: &'static discovery_runtime::reflect::ApiInfo) -> std::io::Result<()> {
//! let server = discovery_mock::Server::builder(api).build();
//! let running = server.spawn("127.0.0.1:0")?;
//! println!("{}", running.endpoint());
//! running.shutdown();
//! # Ok(())
//! # }
//! ```
//!
//! [`ApiInfo`]: discovery_runtime::reflect::ApiInfo
#![deny(missing_docs)]

mod app;
mod arguments;
mod auth;
mod batch;
mod behavior;
mod call;
mod clock;
mod engine;
mod error;
pub mod filter;
mod hosts;
mod incoming;
mod local;
mod log;
mod mask;
mod media;
mod names;
mod page;
mod partial;
mod render;
mod repeats;
mod router;
mod sample;
mod schema;
mod seed;
mod server;
mod service;
mod shared;
mod standard;
mod store;
pub mod text;
mod upload;

pub use app::{App, main};
pub use auth::Tokens;
pub use behavior::{Behavior, Rules, Select, Standard, Unmasked, Write};
pub use call::Call;
pub use clock::{Clock, ManualClock, SystemClock};
pub use discovery_testing::{BadFault, Fault, FaultRule};
pub use error::{ApiError, Code, Violation};
pub use log::Entry;
pub use mask::Mask;
pub use page::{Page, PageRules, Paging};
pub use partial::Selection;
pub use seed::SeedError;
pub use server::Running;
pub use shared::{Builder, Server};
pub use store::{Record, Store, StoreError, Txn};
