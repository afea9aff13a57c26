//! HTTP servers for tests.
//!
//! | type | replaces | for tests of |
//! |---|---|---|
//! | [`FaultServer`] | any server | clients whose connections break, stall, and return damaged data |
//! | [`ObjectStore`] | a media server | uploads and downloads |
//!
//! A [`Fault`] specifies what fails. The crate does not depend on any client, and parses headers,
//! checksums, and multipart bodies with its own code, so that a bug in a client is not repeated on
//! the other side of the wire.
#![deny(missing_docs)]

mod fault;
mod multipart;
mod query;
mod range;
mod reply;
mod server;
mod status;
mod store;
mod upload;

pub use self::fault::{BadFault, Fault, FaultRule};
pub use self::multipart::{Part, split_head, split_multipart};
pub use self::query::query_pairs;
pub use self::range::{ByteRange, byte_range};
pub use self::reply::{Content, Reply};
pub use self::server::{
    Chaos, Cut, FaultServer, Head, Incoming, Recorded, ResponseStream, Service, TruncatedBody,
};
pub use self::store::{Object, ObjectStore};
pub use self::upload::{Chunk, Sessions, Uploaded, crc32c_base64};
