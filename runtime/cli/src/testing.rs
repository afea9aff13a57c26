//! What tests of generated programs use: every place of a request, completion, random tokens.

use std::panic::{AssertUnwindSafe, catch_unwind};

use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use serde_json::Value;

use crate::body::{self, Draft, Rules, Source};
use crate::issue::Issues;

/// A place of a request that takes a value with `-r path=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The path from the request; `+` stands for a list's element, `KEY` for a map's key.
    pub path: String,
    /// A value that fits.
    pub value: String,
}

/// Every leaf of a method's request; a schema inside itself is not entered again.
#[must_use]
pub fn leaves(method: &MethodInfo) -> Vec<Leaf> {
    let Some(request) = method.request else { return Vec::new() };
    let leaf =
        |leaf: body::Leaf| Leaf { path: leaf.names.join("."), value: body::placeholder(leaf.ty) };
    body::leaves(request).into_iter().map(leaf).collect()
}

/// The request that `-r` tokens make of nothing, and what is to be said of them.
#[must_use]
pub fn request(method: &'static MethodInfo, tokens: &[&str]) -> (Value, Issues) {
    let Some(request) = method.request else { return (Value::Null, Issues::default()) };
    let mut draft = Draft::new(request, Rules::default()).beside(method.params);
    for token in tokens {
        draft.token(token, &mut Nothing);
    }
    draft.finish()
}

/// What a shell is offered for the last, unfinished `-r` token, after those `before` it.
#[must_use]
pub fn completions(method: &'static MethodInfo, before: &[&str], current: &str) -> Vec<String> {
    let before: Vec<String> = before.iter().map(|token| (*token).to_owned()).collect();
    crate::complete::candidates(method, &before, current)
        .into_iter()
        .map(|(candidate, _)| candidate)
        .collect()
}

struct Nothing;

impl Source for Nothing {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("'{path}' is not read in tests."))
    }
}

/// What became of random token streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fuzzed {
    /// Streams that made a request.
    pub accepted: u64,
    /// Streams that were refused with a message.
    pub refused: u64,
    /// Streams that made the program panic; the first few of them.
    pub panicked: Vec<Vec<String>>,
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
        let run = || request(with_body[at], &texts).1.has_errors();
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(false) => fuzzed.accepted += 1,
            Ok(true) => fuzzed.refused += 1,
            Err(_) if fuzzed.panicked.len() < 10 => fuzzed.panicked.push(tokens),
            Err(_) => {}
        }
    }
    fuzzed
}

/// Tokens that are right, which streams are made of and spoilt with.
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

/// A right token, one that moves the cursor, one with a sign put in, or signs and pieces.
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

/// Xorshift: good enough to mix words, and the same everywhere.
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
