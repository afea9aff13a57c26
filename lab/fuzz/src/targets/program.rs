//! Runs of generated command lines in this process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use discovery_cli::{App, Doc, Host, Terminals, run_on};
use discovery_runtime::transport::Transport;

use super::agree::ensure;
use super::script::Script;

/// Command line of the Jobs API.
const JOBS: App = App {
    api: &google_jobs_v3::reflect::API,
    name: "jobs3",
    version: "0.1.0",
    crate_name: "google-jobs-v3",
    docs: &[],
    mock: Some(|_| Ok(server(google_jobs_v3_mock::builder))),
};

/// Command line of the API with every shape.
const SINK: App = App {
    api: &google_kitchen_sink_v1::reflect::API,
    name: "sink",
    version: "0.1.0",
    crate_name: "google-kitchen-sink-v1",
    docs: &[Doc { name: "about", text: "# About\n" }],
    mock: Some(|_| Ok(server(|| discovery_mock::Server::builder(SINK.api)))),
};

/// The server of `--mock` in the current run. Opening a server is a function without a context.
static SCRIPT: Mutex<Option<Script>> = Mutex::new(None);

/// Returns the script of the current run, or else a local server.
fn server(local: impl Fn() -> discovery_mock::Builder) -> Arc<dyn Transport> {
    match SCRIPT.lock().unwrap_or_else(PoisonError::into_inner).clone() {
        Some(script) => Arc::new(script),
        None => Arc::new(local().build()),
    }
}

/// The programs.
pub(super) const APPS: &[App] = &[JOBS, SINK];

/// Reads a command line: the program and its words, one a line; `\n`, `\\`, and `\0` are escapes.
pub(super) fn read_line(input: &[u8]) -> Option<(&'static App, Vec<String>)> {
    let text = std::str::from_utf8(input).ok()?;
    let mut words = text.split('\n').map(unescaped);
    let name = words.next()?;
    Some((APPS.iter().find(|app| app.name == name)?, words.collect()))
}

fn unescaped(word: &str) -> String {
    let mut out = String::new();
    let mut letters = word.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next().map(|escape| match escape {
                'n' => '\n',
                '0' => '\0',
                other => other,
            })),
            other => out.push(other),
        }
    }
    out
}

/// Writes a command line.
pub(super) fn write_line(app: &App, words: &[String]) -> Vec<u8> {
    let escaped =
        |word: &String| word.replace('\\', "\\\\").replace('\n', "\\n").replace('\0', "\\0");
    let lines: Vec<String> =
        std::iter::once(app.name.to_owned()).chain(words.iter().map(escaped)).collect();
    lines.join("\n").into_bytes()
}

/// Splits an input into a command line and what it reads.
pub(super) fn two_parts(input: &[u8]) -> (&[u8], &[u8]) {
    const BETWEEN: &[u8] = b"\n=====\n";
    match input.windows(BETWEEN.len()).position(|part| part == BETWEEN) {
        Some(at) => (&input[..at], &input[at + BETWEEN.len()..]),
        None => (input, &[]),
    }
}

/// A run.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    pub(super) words: Vec<String>,
    pub(super) stdin: &'a [u8],
    /// Answers of the server of `--mock`, in place of those of the local server.
    pub(super) server: Option<Script>,
    pub(super) folder: PathBuf,
    pub(super) terminals: Terminals,
}

/// Its result.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) status: u8,
    pub(super) stdout: Vec<u8>,
}

impl<'a> Run<'a> {
    /// A run without a server in a folder that does not exist.
    pub(super) fn new(app: &'a App, words: Vec<String>) -> Self {
        let folder = Path::new("no-such-folder").to_owned();
        Self { app, words, stdin: &[], server: None, folder, terminals: Terminals::default() }
    }

    /// Runs it, and checks what holds for every run.
    pub(super) fn go(self) -> Result<Output, String> {
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let mut stdout = Vec::new();
        let mut stdin = self.stdin;
        *SCRIPT.lock().unwrap_or_else(PoisonError::into_inner) = self.server;
        let status = {
            let mut host = Host {
                env: environment(self.app),
                folder: self.folder,
                stdin: &mut stdin,
                stdout: &mut stdout,
                stderr: Arc::clone(&stderr) as Arc<Mutex<dyn std::io::Write + Send>>,
                terminals: self.terminals,
            };
            run_on(self.app, self.words.into_iter().map(OsString::from), &mut host)
        };
        let stderr = std::mem::take(&mut *stderr.lock().unwrap_or_else(PoisonError::into_inner));
        let stderr = String::from_utf8(stderr).map_err(|error| format!("stderr: {error}"))?;
        ensure(status <= 5, "status", || format!("{status}: {stderr}"))?;
        let plain = without_colors(&stderr);
        let odd = plain.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        ensure(odd.is_none(), "stderr", || format!("{odd:?} in {stderr:?}"))?;
        ensure(status == 0 || !stderr.is_empty(), "silence", || format!("status {status}"))?;
        Ok(Output { status, stdout })
    }
}

fn environment(app: &App) -> BTreeMap<String, String> {
    let name = |end: &str| format!("{}_{end}", discovery_describe::names::env_prefix(app.name));
    let nobody = "http://127.0.0.1:9".to_owned();
    [(name("ENDPOINT"), nobody), (name("ACCESS_TOKEN"), "fuzz".to_owned())].into()
}

/// Removes the colors that programs use.
fn without_colors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        rest = match after[end..].strip_prefix('m') {
            Some(rest) => rest,
            None => {
                out.push('\u{1b}');
                after
            }
        };
    }
    out + rest
}
