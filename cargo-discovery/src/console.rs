//! Output. The macros of the standard library panic if it cannot be written.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// The first error of standard output.
static FAILED: OnceLock<String> = OnceLock::new();

/// Prints a line on standard output.
pub(crate) fn say(line: impl Display) {
    print(&format!("{line}\n"));
}

/// Prints a text on standard output. If the reader has closed the pipe, nothing is printed; other
/// errors fail the program at its end.
pub(crate) fn print(text: &str) {
    match io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            FAILED.get_or_init(|| format!("standard output: {e}"));
        }
        _ => {}
    }
}

/// Prints a line on standard error, if that is possible.
pub(crate) fn note(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Returns the error of standard output.
pub(crate) fn failure() -> Option<&'static str> {
    let error = io::stdout().flush().err().filter(|e| e.kind() != ErrorKind::BrokenPipe);
    if let Some(e) = error {
        FAILED.get_or_init(|| format!("standard output: {e}"));
    }
    FAILED.get().map(String::as_str)
}
