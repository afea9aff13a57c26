//! Methods that start operations.

use super::Operation;
use crate::json::Decode;
use crate::method::Method;
use crate::spec::OperationSpec;

/// A method that starts a long-running operation ([AIP-151](https://google.aip.dev/151), or with a
/// status, as in Compute), in an API with a method that gets it or waits for it.
pub trait LongRunning: Method<Response: Operation> {
    /// Result of the operation; [`Json`](crate::json::Json) if the document does not declare it.
    /// For operations with a status, the operation itself.
    type Result: Decode + Send + 'static;
    /// Method that gets an operation by name, `operations.get`, or waits for it.
    type Poll: Method<Response = Self::Response>;
    /// How to poll the operation. [`MethodSpec::operation`](crate::spec::MethodSpec::operation)
    /// has the same value.
    const OPERATION: &'static OperationSpec;
}

/// A method that starts an operation about a resource that another method gets
/// ([`OperationSpec::target`] is set).
pub trait Targeted: LongRunning {
    /// Method that gets the resource.
    type Get: Method;
}
