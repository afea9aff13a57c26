//! Tools for tests of programs that use a client.

mod fault;
mod reply;
mod server;
mod store;

pub use self::fault::{BadFault, Fault};
pub use self::reply::Reply;
pub use self::server::{Chaos, FaultServer, Head, Incoming, Recorded};
pub use self::store::{Object, ObjectStore};
pub use crate::clock::ManualClock;
