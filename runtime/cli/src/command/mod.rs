//! The command line as clap sees it.

mod args;
mod build;
pub(crate) mod flags;
mod given;
mod loose;
pub(crate) mod tools;
pub(crate) mod tree;

pub(crate) use build::{Builder, color_word, command_line, flag_id, positional_id};
pub(crate) use given::Given;
