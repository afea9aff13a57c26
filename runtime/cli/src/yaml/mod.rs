//! The subset of YAML that JSON values need.

mod read;
mod write;

pub(crate) use read::parse;
pub(crate) use write::{inline, plain_key, to_string};

#[cfg(test)]
mod tests;
