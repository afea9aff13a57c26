//! Runtime of clients generated from Google discovery documents.
#![deny(missing_docs)]

pub use discovery_json as json;

pub mod media;
pub mod reflect;
pub mod spec;
