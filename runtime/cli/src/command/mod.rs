//! The command line as clap sees it.

mod args;
mod arguments;
mod build;
#[cfg(test)]
mod help_tests;
mod open_enum;
pub(crate) mod tools;

pub(crate) use arguments::Arguments;
pub(crate) use build::{Builder, color_word, flag_id, positional_id};
