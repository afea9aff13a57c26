//! Runtime of clients generated from Google discovery documents.
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
pub mod error;
#[cfg(feature = "hyper")]
pub mod hyper;
pub mod lro;
pub mod media;
mod method;
pub mod observe;
mod page;
pub mod path;
mod query;
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
pub use crate::client::{Client, ClientBuilder, Options};
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::method::{Download, HttpBody, Method, Paged, Reply, ServiceClient, Upload};
pub use crate::page::{Items, Pages};

/// A boxed future that any thread may poll: what object-safe async traits return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
