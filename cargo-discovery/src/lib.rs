//! The tool of generated workspaces: documents in, crates out, and what changed for users.

pub mod catalog;
pub mod diff;
#[cfg(feature = "fetch")]
pub mod fetch;
mod git;
mod leftovers;
mod lines;
mod manifests;
pub mod paths;
pub mod regen;
mod release;
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
