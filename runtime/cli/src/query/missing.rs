//! `--query` of a program built without it.

use serde_json::Value;

use super::QueryError;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum Query {}

impl Query {
    pub(crate) fn parse(_: &str) -> Result<Self, QueryError> {
        let message = "this program was built without JMESPath (feature 'query')";
        Err(QueryError(message.to_owned()))
    }

    pub(crate) fn apply(&self, _: &Value) -> Result<Value, QueryError> {
        match *self {}
    }
}
