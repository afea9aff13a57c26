//! The engine of command lines generated from Google discovery documents.
#![deny(missing_docs)]

mod app;
mod body;
mod command;
mod help;
mod issue;
mod names;
mod outline;
mod params;
mod schema;
mod suggest;
mod text;
mod yaml;

pub use app::{App, Doc};
pub use issue::{Issue, Issues, Severity};
