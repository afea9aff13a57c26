//! YAML, as far as JSON values need it.

mod read;
mod write;

pub(crate) use read::parse;
pub(crate) use write::{plain_key, to_string, write_scalar};

#[cfg(test)]
mod tests;
