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
mod reply;
mod server;
mod status;
mod store;

pub use self::fault::{BadFault, Fault};
pub use self::multipart::{Part, split_head, split_multipart};
pub use self::query::query_pairs;
pub use self::reply::{Content, Reply};
pub use self::server::{Chaos, FaultServer, Head, Incoming, Recorded};
pub use self::store::{Object, ObjectStore};
