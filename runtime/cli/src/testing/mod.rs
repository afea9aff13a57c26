//! Helpers for tests of generated programs: leaves of a request, completion, and random tokens.

mod fuzz;

use discovery_runtime::reflect::MethodInfo;
use serde_json::Value;

use crate::body::{self, Draft, Rules, Source};
use crate::issue::Issues;

pub use fuzz::{Fuzzed, fuzz_command_lines, fuzz_tokens};

/// Place of a request that accepts `-r path=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Path from the request, with `+` for a list's element and `KEY` for a map's key.
    pub path: String,
    /// Valid value.
    pub value: String,
}

/// Returns every leaf of a method's request; recursive schemas are entered once.
#[must_use]
pub fn leaves(method: &MethodInfo) -> Vec<Leaf> {
    let Some(request) = method.request else { return Vec::new() };
    let leaf =
        |leaf: body::Leaf| Leaf { path: leaf.names.join("."), value: body::placeholder(leaf.ty) };
    body::leaves(request).into_iter().map(leaf).collect()
}

/// Returns the request that `-r` tokens build from an empty one, and the issues found.
#[must_use]
pub fn request(method: &'static MethodInfo, tokens: &[&str]) -> (Value, Issues) {
    let Some(request) = method.request else { return (Value::Null, Issues::default()) };
    let mut draft = Draft::new(request, Rules::default()).with_parameters(method.params);
    for token in tokens {
        draft.token(token, &mut Nothing);
    }
    draft.finish()
}

/// Returns completions of the last, partial `-r` token, after those in `before`.
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
