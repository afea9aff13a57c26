//! `--jmespath`: expressions over results.

#[cfg(feature = "query")]
mod expression;
#[cfg(not(feature = "query"))]
#[path = "missing.rs"]
mod expression;

pub(crate) use expression::Query;

/// Reason that an expression of `--jmespath` has no result.
#[derive(Debug)]
pub(crate) struct QueryError(pub(crate) String);

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "--jmespath: {}", self.0)
    }
}

impl std::error::Error for QueryError {}
