//! Random tokens and command lines, for tests.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use serde_json::Value;

use super::{leaves, request};
use crate::app::App;
use crate::host::{Host, Terminals};
use crate::run::{lean_agrees, run_on};
use crate::tree;

/// Results of random token streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fuzzed {
    /// Streams that produced a request or another result.
    pub accepted: u64,
    /// Streams that were rejected with a message.
    pub refused: u64,
    /// Streams that panicked, were parsed in two ways, or printed anything but data to standard
    /// output; the first few of them.
    pub panicked: Vec<Vec<String>>,
}

impl Fuzzed {
    fn note(&mut self, result: Option<bool>, stream: Vec<String>) {
        match result {
            Some(true) => self.accepted += 1,
            Some(false) => self.refused += 1,
            None if self.panicked.len() < 10 => self.panicked.push(stream),
            None => {}
        }
    }
}

/// Feeds `count` random streams of `-r` tokens to random methods. The same seed gives the same
/// streams.
#[must_use]
pub fn fuzz_tokens(api: &'static ApiInfo, seed: u64, count: u64) -> Fuzzed {
    let with_body: Vec<&'static MethodInfo> =
        api.methods.iter().copied().filter(|method| method.request.is_some()).collect();
    let mut random = Random(seed | 1);
    let mut fuzzed = Fuzzed::default();
    if with_body.is_empty() {
        return fuzzed;
    }
    let words: Vec<Vec<String>> = with_body.iter().map(|method| words(method)).collect();
    for _ in 0..count {
        let at = random.below(with_body.len());
        let tokens = stream(&mut random, &words[at]);
        let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let run = || !request(with_body[at], &texts).1.has_errors();
        let result = catch_unwind(AssertUnwindSafe(run)).ok();
        fuzzed.note(result, tokens);
    }
    fuzzed
}

/// Runs `count` random command lines without network access: each is a dry run against an address
/// without a listener. Commands that sign in or write files are excluded. A failed run must leave
/// standard output empty; one that shows a request must write exactly one JSON document to it. The
/// commands built for a line alone must parse it as the complete ones do.
#[must_use]
pub fn fuzz_command_lines(app: &App, seed: u64, count: u64) -> Fuzzed {
    let mut random = Random(seed | 1);
    let mut fuzzed = Fuzzed::default();
    let methods = app.api.methods;
    if methods.is_empty() {
        return fuzzed;
    }
    let fields: Vec<Vec<String>> = methods.iter().map(|method| words(method)).collect();
    for _ in 0..count {
        let at = random.below(methods.len());
        let line = command_line(&mut random, methods[at], &fields[at]);
        let result = catch_unwind(AssertUnwindSafe(|| answer(app, &line))).ok().flatten();
        fuzzed.note(result, line);
    }
    fuzzed
}

/// Returns whether a command line was accepted; `None` if standard output is invalid.
fn answer(app: &App, line: &[String]) -> Option<bool> {
    let name = |end: &str| format!("{}_{end}", discovery_describe::names::env_prefix(app.name));
    let nobody = "http://127.0.0.1:9".to_owned();
    let mut stdout = Vec::new();
    let mut host = Host {
        env: [(name("ENDPOINT"), nobody), (name("ACCESS_TOKEN"), "fuzz".to_owned())].into(),
        folder: PathBuf::from("no-such-folder"),
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: Arc::new(Mutex::new(std::io::sink())),
        // Now and then, there is a terminal, whose input has ended.
        terminals: Terminals {
            stdin: matches!(line.len(), 4 | 8),
            stderr: matches!(line.len(), 4 | 8),
            ..Terminals::default()
        },
    };
    let args = [OsString::from("--dry-run")].into_iter().chain(line.iter().map(OsString::from));
    if !lean_agrees(app, args.clone()) {
        return None;
    }
    let status = run_on(app, args, &mut host);
    let other = line.iter().any(|word| OTHER_ANSWERS.iter().any(|other| word.starts_with(other)));
    match status {
        0 if other => Some(!stdout.is_empty()).filter(|some| *some),
        0 => serde_json::from_slice::<Value>(&stdout).ok().map(|_| true),
        _ => stdout.is_empty().then_some(false),
    }
}

/// Words whose result is not a request: help, forms, and inspection commands.
const OTHER_ANSWERS: &[&str] = &[
    "-h",
    "--help",
    "-V",
    "--ver",
    "--skeleton",
    "help",
    "methods",
    "schema",
    "search",
    "docs",
    "config",
    "completions",
    "man",
];

/// Flags and words allowed anywhere.
const FLAGS: &[&str] = &[
    "--",
    "--help",
    "-h",
    "--help-all",
    "--version",
    "--format",
    "yaml",
    "--format=table",
    "--select",
    "a[].b,c",
    "--scope",
    "jobs",
    "--all",
    "--wait",
    "--wait=x",
    "--limit",
    "5",
    "--max-pages=x",
    "--page-size",
    "-3",
    "--json",
    "{}",
    "{\"job\":{\"title\":1}}",
    "job: {title: x}",
    "@none",
    "--unset",
    "job.title",
    "--strict",
    "--allow-unknown",
    "--skeleton",
    "--skeleton=args",
    "--color=always",
    "--error-format=json",
    "-v",
    "-vv",
    "--debug",
    "--endpoint",
    "http://127.0.0.1:9",
    "--timeout",
    "1",
    "--config-dir",
    "x",
    "--quota-project",
    "-o",
    "-",
    "-u",
    "-f",
    "-m",
    "key=K",
    "fields=a",
    "xgafv=2",
    "page-size=3",
    "access-token=T",
    "help",
    "methods",
    "schema",
    "--format=json-schema",
    "search",
    "create job",
    "--jmespath",
    "--query=jobs[].name",
    "docs",
    "config",
    "completions",
    "bash",
    "projects/p1",
    "..",
];

/// Returns a command with its arguments; sometimes omits, inserts, or corrupts a word.
fn command_line(
    random: &mut Random,
    method: &'static MethodInfo,
    fields: &[String],
) -> Vec<String> {
    let mut line: Vec<String> = if random.below(2) == 0 {
        tree::words(method).split(' ').map(str::to_owned).collect()
    } else {
        method
            .resource
            .iter()
            .chain([&method.name])
            .map(|name| discovery_describe::names::kebab(name))
            .collect()
    };
    for _ in method.params.iter().filter(|param| param.required) {
        line.push("projects/p1/companies/c1".to_owned());
    }
    if !fields.is_empty() && random.below(8) > 0 {
        line.push("-r".to_owned());
        line.extend(stream(random, fields));
    }
    if random.below(4) == 0 {
        line.push("-p".to_owned());
        line.push(FLAGS[random.below(FLAGS.len())].to_owned());
    }
    for _ in 0..random.below(3) {
        let word = match random.below(4) {
            0 => sign(random),
            _ => FLAGS[random.below(FLAGS.len())],
        };
        line.insert(random.below(line.len() + 1), word.to_owned());
    }
    if random.below(10) == 0 && !line.is_empty() {
        line.remove(random.below(line.len()));
    }
    line
}

/// Returns valid tokens, the building blocks of streams.
fn words(method: &MethodInfo) -> Vec<String> {
    let leaves = leaves(method).into_iter();
    leaves.map(|leaf| format!("{}={}", leaf.path, leaf.value)).collect()
}

/// Signs, values and odd letters.
const SIGNS: &[&str] = &[
    ".",
    "..",
    "...",
    "....",
    "=",
    ":=",
    "@=",
    ":@=",
    "[",
    "]",
    "[]",
    "[0]",
    "[-1]",
    "[a.b]",
    "+",
    "-",
    "-1",
    "0",
    "1",
    "99",
    "true",
    "null",
    "{}",
    "[1]",
    "\"",
    "{\"a\":1}",
    "5",
    "1e3",
    "0x1",
    " ",
    "é",
    "\u{0}",
    "\n",
    "😀",
    "a",
    "_",
    "--",
    "@",
    ":",
    "\\",
    "9223372036854775808",
    "",
];

fn stream(random: &mut Random, words: &[String]) -> Vec<String> {
    let length = 1 + random.below(6);
    (0..length).map(|_| token(random, words)).collect()
}

/// Returns a valid token, a cursor move, a token with an inserted sign, or random fragments.
fn token(random: &mut Random, words: &[String]) -> String {
    let Some(word) = words.get(random.below(words.len())) else { return String::new() };
    match random.below(8) {
        0..4 => format!(".{word}"),
        4 => word.clone(),
        5 => {
            let path = word.split('=').next().unwrap_or_default();
            let names: Vec<&str> = path.split('.').collect();
            format!(".{}", names[..random.below(names.len())].join("."))
        }
        6 => {
            let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
            let mut word = word.clone();
            word.insert_str(ends[random.below(ends.len())], sign(random));
            word
        }
        _ => (0..=random.below(4))
            .map(|_| match random.below(2) {
                0 => sign(random),
                _ => word.split(['.', '=']).nth(random.below(3)).unwrap_or_default(),
            })
            .collect(),
    }
}

fn sign(random: &mut Random) -> &'static str {
    SIGNS[random.below(SIGNS.len())]
}

/// Xorshift: sufficient to mix words, and the same on all platforms.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.0 % end).unwrap_or(0)
    }
}
