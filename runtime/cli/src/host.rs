//! The machine around a command line: arguments come in as values, bytes go out through here.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::body::Source;
use crate::failure::{Failure, exit};

/// What a run may see and touch.
///
/// Tests give their own; [`run`](crate::run) gives the process's.
pub struct Host<'a> {
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Where relative file names start.
    pub folder: PathBuf,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output: data and nothing else.
    pub stdout: &'a mut dyn Write,
    /// Standard error: everything else.
    pub stderr: Arc<Mutex<dyn Write + Send>>,
    /// Which of the streams are terminals.
    pub terminals: Terminals,
}

/// Which streams are terminals, and what they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Whether help on standard output may have colour.
    pub color: bool,
    /// How many columns the terminal has; 0 where there is none.
    pub columns: usize,
}

impl Terminals {
    /// The width of help texts: the terminal's, but no wider than reads well.
    pub(crate) fn width(self) -> usize {
        match self.columns {
            0 => USUAL_WIDTH,
            columns => columns.clamp(40, WIDEST),
        }
    }
}

/// The width of help texts that go into files and pipes.
const USUAL_WIDTH: usize = 80;

/// The widest help text.
const WIDEST: usize = 100;

impl Host<'_> {
    /// An environment variable that is set to something.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A file name as typed, from the folder of the run.
    pub(crate) fn path(&self, typed: impl AsRef<Path>) -> PathBuf {
        self.folder.join(typed)
    }

    /// Writes a line of talk.
    pub(crate) fn say(&self, line: &str) {
        // Nobody is left to tell when standard error is closed.
        if let Ok(mut stderr) = self.stderr.lock() {
            let _ = writeln!(stderr, "{line}");
        }
    }
}

/// Files and standard input as a source of values; standard input can be taken once.
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

/// What went wrong with a file, without the number of the system's error.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::new(exit::SERVER, "runtime", format!("the network cannot be used: {error}"))
    })
}
