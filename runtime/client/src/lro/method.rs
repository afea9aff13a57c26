//! What a generated crate says of methods that start operations.

use super::Operation;
use crate::json::Decode;
use crate::method::Method;

/// A method that starts a long-running operation
/// ([AIP-151](https://google.aip.dev/151)), in an API that can be asked how far it is.
pub trait LongRunning: Method<Response: Operation> {
    /// What comes of the operation: [`Json`](crate::json::Json) where the document does not tell.
    type Result: Decode + Send + 'static;
    /// The method that gives the operation of a name, `operations.get`.
    type Poll: Method<Response = Self::Response>;
    /// Its path parameter that takes the name.
    const NAME: &'static str;
}
