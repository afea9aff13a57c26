//! Arguments that make it safe to repeat a call.

/// An argument that makes a call conditional on the version of its resource
/// ([AIP-154](https://google.aip.dev/154)). If a call with it has succeeded, its repetition fails
/// or changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// A query parameter of this name.
    Query(&'static str),
    /// A member of the request body, by the names from the top.
    Body(&'static [&'static str]),
}

/// Location of an ID by which the server recognizes a repeated request
/// ([AIP-155](https://google.aip.dev/155)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestIdIn {
    /// A query parameter of this name.
    Query(&'static str),
    /// A top-level member of the request body.
    Body(&'static str),
}

impl RequestIdIn {
    /// Returns the name of the parameter or member.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query(name) | Self::Body(name) => name,
        }
    }
}
