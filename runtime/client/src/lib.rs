//! Runtime of clients generated from Google discovery documents.
#![deny(missing_docs)]

use std::future::Future;
use std::pin::Pin;

pub use discovery_json as json;

pub mod media;
pub mod auth;
pub mod clock;
pub mod reflect;
pub mod spec;

/// A boxed future that any thread may poll: what object-safe async traits return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
