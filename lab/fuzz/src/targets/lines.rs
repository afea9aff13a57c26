//! Command lines: whole lines, `-r` tokens, completion.

use std::ffi::OsString;

use discovery_cli::testing::{self, Leaf, lean_agrees, leaves};
use discovery_cli::{App, Terminals};
use discovery_describe::names::kebab;
use discovery_runtime::reflect::MethodInfo;
use serde_json::Value;

use super::agree::ensure;
use super::program::{APPS, Run, read_line, write_line};
use crate::engine::{Bounds, Mutator, Target};

/// A search reads the texts of all methods for each of its words.
const BOUNDS: Bounds = Bounds { input: 4096, fixed: 16 << 20, per_byte: 64 << 10 };

/// A command line.
pub(super) const LINES: Target = Target::new(
    "lines",
    "a command line is refused with a message, or writes data; lean commands parse as full ones",
    line,
)
.make(make_line)
.bounds(BOUNDS);

/// `-r` tokens of a method.
pub(super) const TOKENS: Target = Target::new("tokens", "tokens make a request, or issues", tokens)
    .make(make_tokens)
    .bounds(BOUNDS);

/// A command line whose last word is not complete.
pub(super) const COMPLETION: Target = Target::new(
    "completion",
    "a line is completed by words without control characters",
    completion,
)
.make(make_line)
.bounds(Bounds { fixed: 64 << 20, ..BOUNDS });

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

fn line(input: &[u8]) -> Result<bool, String> {
    let Some((app, words)) = read_line(input) else { return Ok(false) };
    if writes(&words) {
        return Ok(false);
    }
    let words: Vec<String> = std::iter::once("--dry-run".to_owned()).chain(words).collect();
    let args = || words.iter().map(OsString::from);
    ensure(lean_agrees(app, args()), "lean", || format!("{words:?} is parsed in two ways"))?;
    // Now and then, there is a terminal, whose input has ended.
    let is_terminal = matches!(words.len(), 5 | 9);
    let terminals = Terminals { stdin: is_terminal, stderr: is_terminal, ..Terminals::default() };
    let output = Run { terminals, ..Run::new(app, words.clone()) }.go()?;
    let shown = || format!("{words:?} prints {:?}", String::from_utf8_lossy(&output.stdout));
    if output.status != 0 {
        ensure(output.stdout.is_empty(), "stdout", shown)?;
        return Ok(false);
    }
    let is_other =
        words.iter().any(|word| OTHER_ANSWERS.iter().any(|other| word.starts_with(other)));
    // A batch prints a line per line that it reads, so nothing for nothing.
    let is_batch = words.iter().any(|word| word.starts_with("batch"));
    if is_other {
        ensure(!output.stdout.is_empty() || is_batch, "empty", shown)?;
    } else if !is_batch {
        ensure(serde_json::from_slice::<Value>(&output.stdout).is_ok(), "json", shown)?;
    }
    Ok(true)
}

/// Returns `true` for lines that sign in or write files: changed words may contain them.
fn writes(words: &[String]) -> bool {
    words.iter().any(|word| matches!(&**word, "auth" | "man" | "--edit") || word.contains("--dir"))
}

fn tokens(input: &[u8]) -> Result<bool, String> {
    let Some((app, words)) = read_line(input) else { return Ok(false) };
    let Some((id, tokens)) = words.split_first() else { return Ok(false) };
    let Some(&method) = app.api.methods.iter().find(|method| method.spec.id == id) else {
        return Ok(false);
    };
    let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let (request, issues) = testing::request(method, &texts);
    let (before, current) = texts.split_at(texts.len().saturating_sub(1));
    for offer in testing::completions(method, before, current.first().unwrap_or(&"")) {
        ensure(!offer.chars().any(char::is_control), "control", || format!("{offer:?}"))?;
    }
    ensure(
        serde_json::from_str(&request.to_string()).ok() == Some(request.clone()),
        "json",
        || request.to_string(),
    )?;
    Ok(!issues.has_errors())
}

fn completion(input: &[u8]) -> Result<bool, String> {
    let Some((app, words)) = read_line(input) else { return Ok(false) };
    let offers = testing::completed(app, &words);
    for offer in &offers {
        ensure(!offer.chars().any(char::is_control), "control", || format!("{offer:?}"))?;
    }
    Ok(!offers.is_empty())
}

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
    "--profile",
    "--subject=a@b",
    "--read-only",
    "--yes",
    "--no-input",
    "--curl",
    "--code=rust",
    "batch",
    "--size=2",
    "--mock",
    "--page-delay=1",
    "--as-stored",
    "--no-request-id",
];

/// Signs, values, and odd letters.
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
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
];

fn make_line(m: &mut Mutator<'_>) -> Vec<u8> {
    if m.at_most(7) == 0 {
        return m.mutated();
    }
    let (app, method) = any_method(m);
    let mut line: Vec<String> = vec![kebab(method.resource.first().unwrap_or(&method.name))];
    let names: Vec<String> =
        method.resource.iter().chain([&method.name]).skip(1).map(|name| kebab(name)).collect();
    match m.at_most(1) {
        0 if !names.is_empty() => line.push(names.join("-")),
        _ => line.extend(names),
    }
    line.extend(
        method
            .params
            .iter()
            .filter(|param| param.required)
            .map(|_| "projects/p1/companies/c1".to_owned()),
    );
    let fields = fields(method);
    if !fields.is_empty() && m.at_most(7) > 0 {
        line.push("-r".to_owned());
        line.extend(stream(m, &fields));
    }
    if m.at_most(3) == 0 {
        line.extend(["-p".to_owned(), any(m, FLAGS).to_owned()]);
    }
    for _ in 0..m.at_most(2) {
        let word = if m.at_most(3) == 0 { any(m, SIGNS) } else { any(m, FLAGS) };
        line.insert(m.at_most(line.len()), word.to_owned());
    }
    if m.at_most(9) == 0 {
        line.remove(m.at_most(line.len() - 1));
    }
    write_line(app, &line)
}

fn make_tokens(m: &mut Mutator<'_>) -> Vec<u8> {
    let (app, method) = any_method(m);
    let mut words = vec![method.spec.id.to_owned()];
    words.extend(stream(m, &fields(method)));
    write_line(app, &words)
}

fn any_method(m: &mut Mutator<'_>) -> (&'static App, &'static MethodInfo) {
    let app = &APPS[m.at_most(APPS.len() - 1)];
    (app, app.api.methods[m.at_most(app.api.methods.len() - 1)])
}

fn any(m: &mut Mutator<'_>, list: &[&'static str]) -> &'static str {
    list[m.at_most(list.len() - 1)]
}

/// Returns valid tokens, the building blocks of streams.
fn fields(method: &MethodInfo) -> Vec<String> {
    leaves(method).into_iter().map(|Leaf { path, value, .. }| format!("{path}={value}")).collect()
}

fn stream(m: &mut Mutator<'_>, fields: &[String]) -> Vec<String> {
    (0..=m.at_most(5)).map(|_| token(m, fields)).collect()
}

/// Returns a valid token, a cursor move, a token with an inserted sign, or random fragments.
fn token(m: &mut Mutator<'_>, fields: &[String]) -> String {
    let Some(word) = fields.get(m.at_most(fields.len().saturating_sub(1))) else {
        return String::new();
    };
    match m.at_most(7) {
        0..4 => format!(".{word}"),
        4 => word.clone(),
        5 => {
            let path = word.split('=').next().unwrap_or_default();
            let names: Vec<&str> = path.split('.').collect();
            format!(".{}", names[..m.at_most(names.len() - 1)].join("."))
        }
        6 => {
            let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
            let mut word = word.clone();
            word.insert_str(ends[m.at_most(ends.len() - 1)], any(m, SIGNS));
            word
        }
        _ => (0..=m.at_most(3))
            .map(|_| match m.at_most(1) {
                0 => any(m, SIGNS),
                _ => word.split(['.', '=']).nth(m.at_most(2)).unwrap_or_default(),
            })
            .collect(),
    }
}
