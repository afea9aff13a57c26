//! Environment of a run: variables, files, and streams.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::body::Source;
use crate::failure::{Failure, exit};
use crate::text;

/// Environment of a run.
///
/// Tests provide their own; [`run`](crate::run) uses the process's.
pub struct Host<'a> {
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Folder that relative paths start from.
    pub folder: PathBuf,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output: data and nothing else.
    pub stdout: &'a mut dyn Write,
    /// Standard error: everything else.
    pub stderr: Arc<Mutex<dyn Write + Send>>,
    /// Streams that are terminals.
    pub terminals: Terminals,
}

/// Streams that are terminals, and their capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Whether help on standard output may be colored.
    pub color: bool,
    /// Width of the terminal; 0 without one.
    pub columns: usize,
}

impl Terminals {
    /// Returns the width of help texts: the terminal's, up to a readable maximum.
    pub(crate) fn width(self) -> usize {
        match self.columns {
            0 => USUAL_WIDTH,
            columns => columns.clamp(40, WIDEST),
        }
    }
}

/// Width of help texts in files and pipes.
const USUAL_WIDTH: usize = 80;

/// Maximum width of help texts.
const WIDEST: usize = 100;

impl Host<'_> {
    /// Returns an environment variable, if it is not empty.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Resolves a file name against the folder of the run.
    pub(crate) fn path(&self, typed: impl AsRef<Path>) -> PathBuf {
        self.folder.join(typed)
    }

    /// Prints a message to standard error. Control characters are made visible, since messages quote
    /// servers.
    pub(crate) fn print_message(&self, message: &str) {
        self.print_styled(&text::printable_lines(message));
    }

    /// Prints a message after a word in color.
    pub(crate) fn print_tagged(&self, tag: &str, message: &str) {
        self.print_styled(&format!("{tag}: {}", text::printable_lines(message)));
    }

    /// Prints text of this program's own with its colors.
    pub(crate) fn print_styled(&self, line: &str) {
        // If standard error is closed, there is nowhere to report it.
        if let Ok(mut stderr) = self.stderr.lock() {
            let _ = writeln!(stderr, "{line}");
        }
    }

    /// Asks a question on standard error and reads a line from standard input. `None` is an empty
    /// line, or the end of input.
    pub(crate) fn ask(&mut self, question: &str) -> Option<String> {
        if let Ok(mut stderr) = self.stderr.lock() {
            let _ = write!(stderr, "{question}");
            let _ = stderr.flush();
        }
        let mut bytes = Vec::new();
        let mut byte = [0; 1];
        while matches!(self.stdin.read(&mut byte), Ok(1)) && byte != *b"\n" {
            bytes.push(byte[0]);
        }
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// Files and standard input as a source of values; standard input can be read once.
pub(crate) struct Files<'h, 'a> {
    host: &'h mut Host<'a>,
    stdin_taken: bool,
}

impl<'h, 'a> Files<'h, 'a> {
    pub(crate) fn new(host: &'h mut Host<'a>) -> Self {
        Self { host, stdin_taken: false }
    }

    fn stdin(&mut self) -> Result<Vec<u8>, String> {
        if std::mem::replace(&mut self.stdin_taken, true) {
            return Err("Standard input can be read once only.".to_owned());
        }
        let mut bytes = Vec::new();
        match self.host.stdin.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(format!("Standard input cannot be read: {error}.")),
        }
    }
}

impl Source for Files<'_, '_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        if path == "-" {
            return self.stdin();
        }
        if path.is_empty() {
            return Err("The name of a file is missing.".to_owned());
        }
        std::fs::read(self.host.path(path))
            .map_err(|error| format!("'{path}' cannot be read: {}.", reason(&error)))
    }
}

/// Describes a file error without the system's error number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

/// Returns the environment variables of the process that are Unicode.
pub(crate) fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::new(exit::SERVER, "runtime", format!("the network cannot be used: {error}"))
    })
}
