//! Methods that start operations.

use super::Operation;
use crate::json::Decode;
use crate::method::Method;

/// A method that starts a long-running operation ([AIP-151](https://google.aip.dev/151)), in an API
/// with a method that gets it.
pub trait LongRunning: Method<Response: Operation> {
    /// Result of the operation; [`Json`](crate::json::Json) if the document does not declare it.
    type Result: Decode + Send + 'static;
    /// Method that gets an operation by name, `operations.get`.
    type Poll: Method<Response = Self::Response>;
    /// Path parameter of the operation's name.
    const NAME: &'static str;
}
