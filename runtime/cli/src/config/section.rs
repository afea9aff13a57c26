//! Settings of a configuration file.

use std::path::Path;

use serde_json::{Map, Value};

use crate::app::App;
use crate::suggest;

use super::MethodPatterns;

/// Settings that apply together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// Whether calls may only read.
    pub(crate) read_only: bool,
    /// Methods that may be called; `None` is all.
    pub(crate) allow: Option<MethodPatterns>,
    /// Methods that may not be called.
    pub(crate) deny: Option<MethodPatterns>,
    /// POST methods that only read, besides those that the program recognizes.
    pub(crate) reads: Option<MethodPatterns>,
}

/// Keys of a section.
const KEYS: &[&str] = &["read-only", "allow", "deny", "reads"];

impl Section {
    /// Reads the members of a map.
    pub(super) fn read(
        app: &App,
        _folder: &Path,
        members: &Map<String, Value>,
    ) -> Result<Self, String> {
        let mut section = Self::default();
        for (key, value) in members {
            match key.as_str() {
                "read-only" => section.read_only = boolean(key, value)?,
                "allow" => section.allow = Some(patterns(app, key, value)?),
                "deny" => section.deny = Some(patterns(app, key, value)?),
                "reads" => section.reads = Some(patterns(app, key, value)?),
                _ => return Err(unknown(key, KEYS)),
            }
        }
        Ok(section)
    }
}

fn unknown(key: &str, known: &[&str]) -> String {
    match suggest::closest(key, known.iter().copied()) {
        Some(meant) => format!("there is no setting '{key}', did you mean '{meant}'?"),
        None => format!("there is no setting '{key}'; there are: {}", known.join(", ")),
    }
}

fn boolean(key: &str, value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("'{key}' must be true or false"))
}

/// Reads a list of texts; one text is a list of one.
fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("'{key}' must be a list of texts");
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

fn patterns(app: &App, key: &str, value: &Value) -> Result<MethodPatterns, String> {
    MethodPatterns::parse(app.api, &texts(key, value)?).map_err(|why| format!("'{key}': {why}"))
}
