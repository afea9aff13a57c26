//! Runtime of clients generated from Google discovery documents.
//!
//! A generated crate holds models, tables, and thin typed methods. The runtime does the work of a
//! call and is compiled once: [`Call`] builds the request; [`Client`] sends it over a [`transport`]
//! with [credentials](auth), a deadline, and [retries](retry); [`Error`] describes failures.
//! [`Pages`] and [`Items`] iterate over lists, [`media`] uploads and downloads content, [`batch`]
//! combines many calls in one request, and [`lro`] waits for operations.
//!
//! | feature | effect |
//! |---|---|
//! | `hyper` (default) | `HyperTransport`: `http1`, `http2`, and `ring`, with proxies and gzip |
//! | `http1`, `http2` | `HyperTransport` with only this version of HTTP |
//! | `ring`, `aws-lc-rs`, `fips` | the crypto provider of TLS and credentials; see below |
//! | `adc` (default) | Application Default Credentials, with identity federation |
//! | `serde` (default) | `Serialize` and `Deserialize` for models |
//! | `reqwest` | `ReqwestTransport`: the program's own `reqwest::Client` |
//! | `gzip` | compressed responses with any transport; included in `hyper` |
//! | `google-cloud-auth` | credentials of Google's own crate |
//! | `blocking` | `.blocking()` on every call |
//! | `mime-guess` | media types of uploaded files, by their names |
//! | `platform-roots` | root certificates of the operating system, for `HyperTransport` |
//! | `fetch` | `FetchTransport`: browsers and Node, for `wasm32-unknown-unknown` |
//! | `tracing` | spans of calls and attempts, named as in OpenTelemetry |
//! | `opentelemetry-0_33` | metrics, and propagation of traces, with this version of OpenTelemetry |
//! | `testing` | fault server, mock transport, manual clock |
//!
//! A builder creates a client; calls can override every setting:
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
//! # Cryptography
//!
//! TLS and credentials use the crypto provider that the program installed in rustls, or else the one
//! of a feature: `fips`, `aws-lc-rs`, or `ring`, in this order. With `fips`, a provider that is not
//! approved is an error. Without any, building a transport is an error. An HTTP/1.1-only build
//! without the 8 crates of HTTP/2 needs `default-features = false` and these features:
//!
//! ```toml
//! discovery-runtime = { version = "0.1.0", default-features = false, features = ["http1", "ring", "adc", "serde"] }
//! ```
//!
//! # WebAssembly
//!
//! With the feature `fetch` and without the default features, the crate compiles for
//! `wasm32-unknown-unknown` and runs in browsers, workers, and Node 18 or later: calls, retries,
//! pages, batches, uploads, and downloads, with API keys, tokens, and token functions. There are no
//! files, and Application Default Credentials need a machine. Node 18 has no source of random bits,
//! so requests there have no request IDs.
//!
//! Without features, the crate compiles for this target as well; the program supplies a
//! [`Transport`](transport::Transport) and a [`Clock`](clock::Clock).
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
mod call_options;
pub mod client;
pub mod clock;
#[cfg(any(feature = "http1", feature = "http2", feature = "adc", feature = "google-cloud-auth"))]
mod crypto;
mod erased;
pub mod error;
#[cfg(all(feature = "fetch", target_family = "wasm"))]
pub mod fetch;
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub mod file;
#[cfg(all(feature = "fetch", target_family = "wasm"))]
mod host;
#[cfg(any(feature = "http1", feature = "http2"))]
pub mod hyper;
pub mod lro;
pub mod media;
mod method;
#[doc = include_str!("migration.md")]
pub mod migration {}
mod multipart;
pub mod observe;
pub mod page;
pub mod path;
mod percent;
mod query;
mod random;
mod redact;
pub mod reflect;
mod reply;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod retry;
pub mod spec;
mod splice;
pub mod status;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
pub mod transport;
pub mod wrapper;

pub use crate::batch::Batch;
pub use crate::call::{Call, Full, Head, Request, Response};
pub use crate::call_options::CallOptions;
pub use crate::client::{Client, ClientBuilder, Options, ServiceClient};
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::lro::LongRunning;
pub use crate::media::Source;
pub use crate::method::{Download, Method, Paged, Streaming, Upload};
pub use crate::page::{Items, Pages};
pub use crate::reply::{HttpBody, Reply};
pub use crate::stream::ResponseStream;

/// A boxed future that is `Send`, as returned by object-safe async traits.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
