//! Tool for generated workspaces: generates crates from documents and reports changes for users.

#[cfg(feature = "fetch")]
pub mod add;
pub mod catalog;
mod commit;
mod console;
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

/// Converts the result of a command into an exit code.
pub fn finish(result: Result<ExitCode, String>) -> ExitCode {
    let failed = result.and_then(|code| match console::failure() {
        Some(error) => Err(error.to_owned()),
        None => Ok(code),
    });
    failed.unwrap_or_else(|message| {
        print_error(&message);
        ExitCode::FAILURE
    })
}

/// Prints an error. Reports of the generator already state what is an error.
pub(crate) fn print_error(message: &str) {
    let sign = if message.starts_with("error") { "" } else { "error: " };
    console::note(format!("{sign}{}", message.trim_end()));
}
