//! YAML, as far as JSON values need it.

mod read;
mod write;

pub(crate) use read::parse;
pub(crate) use write::{inline, plain_key, to_string};

#[cfg(test)]
mod tests;
