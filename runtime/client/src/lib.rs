//! Runtime of clients that are generated from Google discovery documents.
//!
//! A generated crate holds models, tables and thin typed methods; everything that happens in a
//! call happens here, compiled once: [`Call`] builds the request, [`Client`] sends it, by way of
//! a [`transport`], with [credentials](auth), a deadline and [retries](retry), and [`Error`] says
//! what went wrong. Lists come in [`Pages`], content in [`media`] uploads and downloads, many
//! calls go in one [`batch`], and [`lro`] waits for operations.
//!
//! | feature | what it adds |
//! |---|---|
//! | `hyper` (default) | `HyperTransport`: HTTP/1.1 and HTTP/2, rustls on ring, proxies, gzip |
//! | `adc` (default) | Application Default Credentials |
//! | `serde` (default) | `Serialize` and `Deserialize` for models |
//! | `reqwest` | `ReqwestTransport`: the program's own `reqwest::Client` |
//! | `gzip` | compressed answers with any transport; part of `hyper` |
//! | `google-cloud-auth` | credentials of Google's own crate |
//! | `blocking` | `.blocking()` on every call |
//! | `tracing` | spans of calls and attempts, with OpenTelemetry's names |
//! | `testing` | fault server, mock transport, manual clock |
//!
//! A client is made by a builder, and every setting may be overridden by a call:
//!
//! ```
//! use std::time::Duration;
//! use discovery_runtime::retry::{DefaultRetry, RetryBudget};
//! # use discovery_runtime::{Client, ClientBuilder, Error, ServiceClient, spec::ServiceSpec};
//! # struct Jobs(Client);
//! # static JOBS: ServiceSpec = ServiceSpec {
//! #     id: "jobs:v3", root_url: "https://jobs.googleapis.com/", mtls_root_url: None,
//! #     service_path: "", batch_path: None, data_wrapper: false, package: "google-jobs-v3",
//! #     package_version: "0.1.0",
//! # };
//! # impl ServiceClient for Jobs {
//! #     const SERVICE: &'static ServiceSpec = &JOBS;
//! #     fn from_runtime(client: Client) -> Self { Self(client) }
//! # }
//! # impl Jobs { fn builder() -> ClientBuilder<Self> { ClientBuilder::new() } }
//! let client = Jobs::builder()
//!     .with_api_key("AIza…")
//!     .with_timeout(Duration::from_secs(20))
//!     .with_retry(DefaultRetry::new().with_max_attempts(3))
//!     .with_retry_budget(RetryBudget::with_capacity(100))
//!     .with_user_agent("inventory/2.1")
//!     .build()?;
//! # Ok::<(), Error>(())
//! ```
//!
//! Without features the crate needs a [`Transport`](transport::Transport) and a
//! [`Clock`](clock::Clock) of the program's own, and compiles for `wasm32-unknown-unknown`.
#![deny(missing_docs)]

use std::future::Future;
use std::pin::Pin;

pub use bytes::Bytes;
pub use discovery_json as json;

pub mod auth;
pub mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
pub mod client;
pub mod clock;
mod erased;
pub mod error;
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub mod file;
#[cfg(feature = "hyper")]
pub mod hyper;
pub mod lro;
pub mod media;
mod method;
mod multipart;
pub mod observe;
pub mod page;
pub mod path;
mod percent;
mod query;
mod random;
mod redact;
pub mod reflect;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod retry;
pub mod spec;
pub mod status;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transport;

pub use crate::call::{Call, Full, Head, Request, Response};
pub use crate::client::{Client, ClientBuilder, Options, ServiceClient};
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::lro::LongRunning;
pub use crate::method::{Download, HttpBody, Method, Paged, Reply, Upload};
pub use crate::page::{Items, Pages};

/// A boxed future that any thread may poll: what object-safe async traits return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
