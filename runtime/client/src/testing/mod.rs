//! Tools for tests of programs that use a client.

mod cassette;
mod fault;
mod mock;
mod reply;
mod server;
mod store;

pub use self::cassette::Cassette;
pub use self::fault::{BadFault, Fault};
pub use self::mock::{Expectation, MockRequest, MockTransport, Unmet};
pub use self::reply::Reply;
pub use self::server::{Chaos, FaultServer, Head, Incoming, Recorded};
pub use self::store::{Object, ObjectStore};
pub use crate::clock::ManualClock;
