//! What tests of generated programs use: every place of a request, completion, random tokens.

mod fuzz;

use discovery_runtime::reflect::MethodInfo;
use serde_json::Value;

use crate::body::{self, Draft, Rules, Source};
use crate::issue::Issues;

pub use fuzz::{Fuzzed, fuzz_command_lines, fuzz_tokens};

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
