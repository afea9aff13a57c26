//! Methods that start operations.

use super::Operation;
use crate::json::Decode;
use crate::method::Method;

/// A method that starts a long-running operation ([AIP-151](https://google.aip.dev/151), or with a
/// status, as in Compute), in an API with a method that gets it or waits for it.
pub trait LongRunning: Method<Response: Operation> {
    /// Result of the operation; [`Json`](crate::json::Json) if the document does not declare it.
    /// For operations with a status, the operation itself.
    type Result: Decode + Send + 'static;
    /// Method that gets an operation by name, `operations.get`, or waits for it.
    type Poll: Method<Response = Self::Response>;
    /// Path parameter of the operation's name.
    const NAME: &'static str;
    /// Other path parameters of the poll: the scope of the operation, which both methods have.
    const SHARED: &'static [&'static str] = &[];
}
