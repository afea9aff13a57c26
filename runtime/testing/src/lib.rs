//! Stand-ins for HTTP servers.
//!
//! | type | stands in for | for tests of |
//! |---|---|---|
//! | [`FaultServer`] | any server | clients whose connections break, stall, and return damaged data |
//! | [`ObjectStore`] | a server of media | uploads and downloads |
//!
//! A [`Fault`] names what goes wrong. The crate does not depend on any client: it is the other side of
//! the wire, and reads headers, checksums, and multipart bodies with code of its own.
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
    BrokenOff, Chaos, Cut, FaultServer, Head, Incoming, Recorded, ResponseStream, Service,
};
pub use self::store::{Object, ObjectStore};
pub use self::upload::{Chunk, Sessions, Uploaded, crc32c_base64};
