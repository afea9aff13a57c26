//! The reader and the writer of JSON, and patches.

use discovery_json::patch::{MaskDepth, MaskedPatch, MergePatch};
use discovery_json::{Decode, Encode, Json, from_response, from_slice, read_response, to_string};
use google_jobs_v3::models::SearchJobsResponse;
use google_kitchen_sink_v1::models::{ListsAndMapsNest, RecursionNode, ScalarsScalars};
use serde_json::{Map, Value};

use super::agree::{ensure, same};
use crate::engine::{Bounds, Target};

const WORDS: &[&str] = &[
    "{\"a\":",
    "[1,",
    "\":",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\/",
    "true",
    "null",
    "\u{feff}",
    "\"2012-06-04T12:00:00Z\"",
    "\"3.5s\"",
    "\"NaN\"",
    "1e400",
    "\"a\":1,",
    "[[[[[[[[",
];

/// Any bytes.
pub(super) const JSON: Target =
    Target::new("json", "our reader and serde_json accept the same texts, as the same values", any)
        .words(WORDS)
        .bounds(Bounds { input: 4096, fixed: 64 << 10, per_byte: 2048 });

/// A response.
pub(super) const ANSWER: Target = Target::new(
    "answer",
    "a response decodes if it is an object, and encodes as the same object",
    answer,
)
.words(WORDS)
.bounds(Bounds { input: 4096, fixed: 64 << 10, per_byte: 4096 });

/// Two values, one a line.
pub(super) const MASKED: Target = Target::new(
    "patch-masked",
    "a body with a field mask turns the old value into the new one",
    masked,
)
.words(WORDS);

/// Two values, one a line.
pub(super) const MERGED: Target =
    Target::new("patch-merge", "a JSON merge patch turns the old value into the new one", merged)
        .words(WORDS);

fn any(input: &[u8]) -> Result<bool, String> {
    let theirs = serde_json::from_slice::<Value>(input);
    let ours = from_slice::<Json>(input);
    let skipped = from_slice::<()>(input);
    ensure(ours.is_ok() == skipped.is_ok(), "skip", || format!("{ours:?} but {skipped:?}"))?;
    let (value, json) = match (theirs, ours) {
        (Ok(value), Ok(json)) => (value, json),
        (Err(_), Err(error)) => {
            // It names a place, and is short enough to show.
            let text = error.to_string();
            ensure(text.len() < 1000 + 4 * input.len(), "long error", || text)?;
            return Ok(false);
        }
        (theirs, ours) => return Err(format!("accepted: serde_json {theirs:?}, ours {ours:?}")),
    };
    let kept = json.to_value().map_err(|error| format!("kept: {error}"))?;
    ensure(kept == value, "value", || format!("{kept} is not {value}"))?;
    let again = Json::parse(json.as_str()).map_err(|error| format!("again: {error}"))?;
    ensure(again == json, "again", || format!("{again:?} is not {json:?}"))?;
    Ok(true)
}

fn answer(input: &[u8]) -> Result<bool, String> {
    let scalars = through::<ScalarsScalars>(input)?;
    let search = through::<SearchJobsResponse>(input)?;
    let nodes = through::<RecursionNode>(input)?;
    let nested = through::<ListsAndMapsNest>(input)?;
    ensure(scalars == search && nodes == nested && nodes == search, "accepted", || {
        format!("{scalars} {search} {nodes} {nested}")
    })?;
    Ok(scalars)
}

fn through<T: Decode + Encode>(input: &[u8]) -> Result<bool, String> {
    let theirs: Option<Map<String, Value>> = serde_json::from_slice(input).ok();
    let (value, misfits) = match (read_response::<T>(input), theirs.is_some()) {
        (Ok(read), true) => read,
        (Err(error), false) => {
            let text = format!("{error} {error:?}");
            ensure(text.len() < 2000 + 8 * input.len(), "long error", || text)?;
            return Ok(false);
        }
        (ours, _) => return Err(format!("accepted: {:?}, serde_json {theirs:?}", ours.err())),
    };
    let shown = format!("{misfits:?}");
    ensure(shown.len() < 20_000, "long misfits", || shown)?;
    let written = to_string(&value);
    let ours: Value =
        serde_json::from_str(&written).map_err(|e| format!("written: {written}: {e}"))?;
    let theirs = Value::Object(theirs.unwrap_or_default());
    // A null does not clear an earlier member of the same name.
    let colons = |text: &[u8]| text.iter().filter(|byte| **byte == b':').count();
    let has_doubles = colons(theirs.to_string().as_bytes()) < colons(input);
    let is_known = has_doubles && input.windows(4).any(|part| part == b"null");
    ensure(is_known || same(&ours, &theirs), "value", || format!("{written} is not {theirs}"))?;
    let again: T =
        from_response(written.as_bytes()).map_err(|e| format!("again: {written}: {e}"))?;
    let twice = to_string(&again);
    ensure(twice == written, "twice", || format!("{twice} is not {written}"))?;
    Ok(true)
}

/// The two values of an input.
fn two(input: &[u8]) -> Option<(ListsAndMapsNest, ListsAndMapsNest)> {
    let mut lines = input.splitn(2, |byte| *byte == b'\n');
    let old = from_slice(lines.next()?).ok()?;
    Some((old, from_slice(lines.next()?).ok()?))
}

fn value(encoded: &dyn Encode) -> Result<Value, String> {
    let text = to_string(encoded);
    serde_json::from_str(&text).map_err(|error| format!("written: {text}: {error}"))
}

fn masked(input: &[u8]) -> Result<bool, String> {
    let Some((old, new)) = two(input) else { return Ok(false) };
    let Ok(patch) = MaskedPatch::between(&old, &new, MaskDepth::Nested) else { return Ok(false) };
    let (mut target, wanted) = (value(&old)?, value(&new)?);
    match patch {
        None => ensure(same(&target, &wanted), "no patch", || format!("{target} is not {wanted}"))?,
        Some(patch) => {
            let body: Value =
                serde_json::from_str(patch.body.as_str()).map_err(|e| format!("body: {e}"))?;
            for path in patch.mask.paths() {
                update(&mut target, Some(&body), &split(path));
            }
            ensure(without_nulls(&target) == without_nulls(&wanted), "masked", || {
                format!("{body} with {:?} makes {target}, not {wanted}", patch.mask.paths())
            })?;
        }
    }
    Ok(true)
}

/// Updates a value as in AIP-134: masked fields are copied from the body, or cleared.
fn update(target: &mut Value, body: Option<&Value>, path: &[String]) {
    let Some((name, below)) = path.split_first() else { return };
    // A mask has `_x` as `X`; the body has each name as it is.
    let is_meant = |key: &&String| *key == name || camel(key) == *name;
    let name = body.and_then(Value::as_object).and_then(|body| body.keys().find(is_meant));
    let Some(name) = name else { return };
    let new = body.and_then(|body| body.get(name));
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    match new {
        _ if !below.is_empty() => {
            update(members.entry(name).or_insert_with(|| Map::new().into()), new, below);
        }
        Some(value) if !value.is_null() => {
            members.insert(name.clone(), value.clone());
        }
        _ => {
            members.shift_remove(name);
        }
    }
}

/// The spelling of a name in a mask.
fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(next) if letter == '_' && next.is_ascii_lowercase() => {
                out.push(next.to_ascii_uppercase());
                letters.next();
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Splits a path; names in backticks may contain periods.
fn split(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in path.chars() {
        match c {
            '`' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => parts.last_mut().map(|part| part.push(c)).unwrap_or_default(),
        }
    }
    parts
}

/// Removes nulls, which mean "not set".
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn merged(input: &[u8]) -> Result<bool, String> {
    let Some((old, new)) = two(input) else { return Ok(false) };
    let Ok(patch) = MergePatch::between(&old, &new) else { return Ok(false) };
    let (target, wanted) = (value(&old)?, value(&new)?);
    let Some(patch) = patch else {
        ensure(same(&target, &wanted), "no patch", || format!("{target} is not {wanted}"))?;
        return Ok(true);
    };
    let body: Value =
        serde_json::from_str(patch.body.as_str()).map_err(|e| format!("body: {e}"))?;
    let result = merge(target, &body);
    ensure(without_nulls(&result) == without_nulls(&wanted), "merged", || {
        format!("{body} makes {result}, not {wanted}")
    })?;
    Ok(true)
}

/// The algorithm of RFC 7396, section 2.
fn merge(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut target = match target {
        Value::Object(target) => target,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            target.shift_remove(name);
        } else {
            let old = target.shift_remove(name).unwrap_or_default();
            target.insert(name.clone(), merge(old, value));
        }
    }
    Value::Object(target)
}
