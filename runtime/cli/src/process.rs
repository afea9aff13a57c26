//! The process as a host.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anstream::{AutoStream, ColorChoice};

use crate::app::App;
use crate::complete;
use crate::host::{self, Host, Terminals};
use crate::run::run_on;

/// Runs a generated program with the process's arguments, environment, and streams.
///
/// Exit status: 0 success, 1 rejected by the API, 2 usage, 3 configuration, 4 authentication, 5
/// server or network.
#[must_use]
pub fn run(app: App) -> ExitCode {
    if let Some(status) = complete::answer(&app) {
        return ExitCode::from(status);
    }
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let choice = color(&args);
    choice.write_global();
    let terminals = Terminals {
        stdin: io::stdin().is_terminal(),
        stdout: io::stdout().is_terminal(),
        stderr: io::stderr().is_terminal(),
        color: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        columns: columns(),
    };
    let mut host = Host {
        env: host::variables(),
        folder: std::env::current_dir().unwrap_or_default(),
        stdin: &mut io::stdin(),
        // Data is written unchanged: a stream that strips colors would also remove bytes from
        // files.
        stdout: &mut io::stdout(),
        stderr: Arc::new(Mutex::new(AutoStream::new(io::stderr(), choice))),
        terminals,
    };
    ExitCode::from(run_on(&app, args, &mut host))
}

/// Returns the width of the terminal: `COLUMNS`, or else the system's value.
fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .unwrap_or_default()
}

/// Applies `--color`; `anstream` handles the environment.
fn color(args: &[std::ffi::OsString]) -> ColorChoice {
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    match crate::command::color_word(&words) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
