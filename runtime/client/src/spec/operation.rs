//! Operations that methods start.

use super::MethodSpec;

/// How to wait for an operation.
#[derive(Debug)]
pub struct OperationSpec {
    /// Method that gets the operation, or waits for it.
    pub poll: &'static MethodSpec,
    /// Path parameter of the poll for the operation's name.
    pub name: &'static str,
    /// Other path parameters of the poll: the scope of the operation, which the method that starts it
    /// has as well.
    pub shared: &'static [&'static str],
    /// Whether the operation ends with a `status`, as in Compute, instead of `done`
    /// ([AIP-151](https://google.aip.dev/151)).
    pub by_status: bool,
    /// The resource that the operation is about, if certain.
    pub target: Option<TargetSpec>,
}

impl OperationSpec {
    /// Creates an operation of [AIP-151](https://google.aip.dev/151), polled by its name alone.
    #[must_use]
    pub const fn new(poll: &'static MethodSpec, name: &'static str) -> Self {
        Self { poll, name, shared: &[], by_status: false, target: None }
    }
}

/// How to get the resource that an operation is about.
#[derive(Clone, Copy, Debug)]
pub struct TargetSpec {
    /// Method that gets the resource.
    pub get: &'static MethodSpec,
    /// Whether the arguments are parts of the operation's `targetLink`, instead of the arguments of the
    /// call that started the operation.
    pub from_link: bool,
}
