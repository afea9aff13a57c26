//! Tools for tests of programs that use a client.

mod fault;
mod reply;
mod server;

pub use self::fault::{BadFault, Fault};
pub use self::reply::Reply;
pub use self::server::{Chaos, FaultServer, Head, Incoming, Recorded};
pub use crate::clock::ManualClock;
