//! Parts of a program for tests: leaves of a request, tokens, completion, YAML.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use discovery_runtime::reflect::MethodInfo;
use serde_json::Value;

use crate::app::App;
use crate::body::{self, Draft, Rules, Source};
use crate::complete::{Place, Word};
use crate::issue::Issues;
use crate::{complete, run, yaml};

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
    complete::candidates(method, &before, current)
        .into_iter()
        .map(|(candidate, _)| candidate)
        .collect()
}

/// Returns the names that complete a positional argument, after the words before it.
#[must_use]
pub fn names(
    app: &App,
    env: BTreeMap<String, String>,
    folder: &Path,
    words: &[&str],
    typed: &str,
) -> Vec<String> {
    let before: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let found = (1..=before.len()).rev().find_map(|n| {
        let method = crate::tree::find(app.api, &before[..n])?;
        let param = method.params.iter().filter(|param| param.required).nth(before.len() - n)?;
        Some((method, param))
    });
    let Some((method, param)) = found else { return Vec::new() };
    let place = Place { env, folder: folder.to_owned() };
    complete::names(*app, Word { method, param, before, typed: typed.to_owned() }, place)
}

/// Returns completions of the last of the words of a command line.
#[must_use]
pub fn completed(app: &App, words: &[String]) -> Vec<String> {
    complete::completed(app, words)
}

/// Returns `true` if the commands that are built for a line alone reject it, or parse it as those of
/// the whole program do.
#[must_use]
pub fn lean_agrees(app: &App, args: impl IntoIterator<Item = OsString>) -> bool {
    run::lean_agrees(app, args)
}

/// Reads YAML, as of a request or a configuration.
///
/// # Errors
/// If the text is not YAML, or has no equivalent in JSON; the error is that of the command line.
pub fn from_yaml(text: &str) -> Result<Value, String> {
    yaml::parse(text)
}

/// Writes a result as YAML.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    yaml::to_string(value)
}

struct Nothing;

impl Source for Nothing {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("'{path}' is not read in tests."))
    }
}
