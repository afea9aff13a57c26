//! The tool of generated workspaces: documents in, crates out, and what changed for users.

#[cfg(feature = "fetch")]
pub mod add;
pub mod catalog;
mod commit;
pub mod diff;
mod edits;
#[cfg(feature = "fetch")]
pub mod fetch;
mod git;
mod lines;
mod lock;
mod manifests;
mod members;
pub mod paths;
pub mod regen;
mod release;
pub mod remove;
#[cfg(feature = "fetch")]
pub mod search;
pub mod surface;
pub mod sync;
pub mod workspace;

use std::process::ExitCode;

/// Ends a program with the result of a command.
pub fn finish(result: Result<ExitCode, String>) -> ExitCode {
    result.unwrap_or_else(|message| {
        print_error(&message);
        ExitCode::FAILURE
    })
}

/// Prints what went wrong. A report of the generator says itself what is an error.
pub(crate) fn print_error(message: &str) {
    let sign = if message.starts_with("error") { "" } else { "error: " };
    eprintln!("{sign}{}", message.trim_end());
}
