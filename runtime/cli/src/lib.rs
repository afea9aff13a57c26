//! Engine of the command lines generated from Google discovery documents.
//!
//! A generated program consists of a table and one line:
//!
//! ```text
//! fn main() -> std::process::ExitCode {
//!     discovery_cli::run(discovery_cli::App { api: &google_jobs_v3::reflect::API, … })
//! }
//! ```
//!
//! This crate contains everything else: the commands of the API under two spellings, requests
//! written with `-r` tokens, output, paging, credentials, uploads, completion, and manual pages.
//!
//! The core is pure: it turns tokens and schemas into a request or a list of errors. Only the edges
//! access files, streams, and the network, through a [`Host`].
#![deny(missing_docs)]

mod access;
mod app;
mod body;
mod call;
mod command;
mod complete;
mod config;
mod confirm;
mod edit;
mod failure;
mod flags;
mod folder;
mod guard;
mod help;
mod host;
mod inspect;
mod issue;
mod keyring;
mod mime;
mod mock;
mod outline;
mod output;
mod params;
mod plan;
mod process;
mod progress;
mod prompt;
mod query;
mod run;
mod schema;
mod settings;
mod skeleton;
mod style;
mod suggest;
pub mod testing;
mod text;
mod transport;
mod tree;
mod yaml;

pub use app::{App, Doc, OpenMock};
pub use host::{Host, Terminals};
pub use issue::{Issue, Issues, Severity};
pub use process::run;
pub use run::run_on;
