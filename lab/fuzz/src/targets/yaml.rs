//! YAML: requests in it, and results as it.

use discovery_cli::testing;
use serde_json::Value;

use super::agree::{ensure, same};
use crate::engine::{Bounds, Target};

const WORDS: &[&str] = &[
    "- ",
    ": ",
    "? ",
    "&a ",
    "*a",
    "!!str ",
    "!!int ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: *a",
    "'",
    "\"",
    "#",
    "\n  ",
    "\t",
    "~",
    "yes",
    "0o7",
    ".inf",
    ".NaN",
    "2001-12-14",
    "{a: ",
    "[a, ",
    "1:20",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\\x41",
    "\\N",
];

/// Text of YAML.
pub(super) const YAML_READ: Target =
    Target::new("yaml-read", "YAML is read or refused; JSON is read as serde_json reads it", read)
        .words(WORDS)
        .bounds(Bounds { input: 4096, fixed: 64 << 20, per_byte: 64 << 10 });

/// JSON.
pub(super) const YAML_WRITTEN: Target =
    Target::new("yaml-written", "a result written as YAML is read as the same", written)
        .words(WORDS)
        .bounds(Bounds { input: 4096, fixed: 1 << 20, per_byte: 8192 });

fn read(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let ours = testing::from_yaml(text);
    if let Err(error) = &ours {
        ensure(error.len() < 2000, "long error", || error.clone())?;
    }
    // YAML has no duplicate keys, its lines have no tabs before values, and it has other control
    // characters.
    let is_plain = !text.chars().any(|c| c.is_control() && c != '\n');
    if let (true, Ok(theirs), Ok(ours)) = (is_plain, serde_json::from_str::<Value>(text), &ours) {
        ensure(*ours == theirs, "json", || format!("{text}: {ours} is not {theirs}"))?;
    }
    Ok(ours.is_ok())
}

fn written(input: &[u8]) -> Result<bool, String> {
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return Ok(false) };
    let text = testing::to_yaml(&value);
    let odd = text.chars().find(|c| c.is_control() && *c != '\n');
    ensure(odd.is_none(), "control", || format!("{odd:?} in {text:?}"))?;
    let again = testing::from_yaml(&text).map_err(|error| format!("refused: {text}: {error}"))?;
    ensure(same(&again, &value), "value", || {
        format!("{value} is written as {text}, read as {again}")
    })?;
    Ok(true)
}
