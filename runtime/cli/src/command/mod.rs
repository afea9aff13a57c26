//! The command line as clap sees it.

mod args;
mod build;
mod given;
mod loose;
pub(crate) mod tools;

pub(crate) use build::{Builder, color_word, flag_id, positional_id};
pub(crate) use given::Given;
