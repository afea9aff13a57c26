//! YAML 1.2 (core schema) to JSON values; numbers keep their text.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use crate::body::number_text;

/// Maximum nesting.
const DEPTH_LIMIT: usize = 128;

/// Maximum weight of the values that anchors and aliases copy, in addition to [`COPIES`] times the
/// length of the document: they could expand a few lines to billions.
const COPY_LIMIT: usize = 1_000_000;

/// See [`COPY_LIMIT`]. The weight of a document without aliases is at most 16 times its length.
const COPIES: usize = 64;

/// Weight of a value in addition to the length of its text.
const VALUE_WEIGHT: usize = 32;

/// The value of a document.
///
/// # Errors
/// Returns the error and its position, without a final period.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let left = COPY_LIMIT + COPIES * text.len();
    let mut reader = Reader { left, ..Reader::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            format!("{} at line {} column {}", error.info(), mark.line(), mark.col() + 1)
        })?;
        reader
            .event(event)
            .map_err(|message| format!("{message} at line {}", span.start.line()))?;
    }
    Ok(reader.done.unwrap_or(Value::Null))
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    done: Option<Value>,
    /// Anchored values, with their weights.
    anchors: BTreeMap<usize, (Value, usize)>,
    /// Weight of the values so far.
    weight: usize,
    /// Weight that anchors and aliases may still copy.
    left: usize,
}

/// Collection that is still open.
struct Open {
    anchor: usize,
    weight_before: usize,
    items: Items,
}

enum Items {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

impl Reader {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) if self.done.is_some() => {
                Err("there is a second document".to_owned())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref())?;
                let weight_before = self.weight;
                self.weight += text.len();
                self.end_value(anchor, value, weight_before)
            }
            Event::Alias(anchor) => {
                let (value, weight) = self
                    .anchors
                    .get(&anchor)
                    .ok_or("an alias refers to something that has not ended")?;
                self.left = copied(self.left, *weight)?;
                self.weight += weight;
                let value = value.clone();
                self.add(value)
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, Items::List(Vec::new())),
            Event::MappingStart(anchor, _) => self.start(anchor, Items::Map(Map::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, items: Items) -> Result<(), String> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(format!("nested deeper than {DEPTH_LIMIT} levels"));
        }
        self.open.push(Open { anchor, weight_before: self.weight, items });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.items {
            Items::List(elements) => Value::Array(elements),
            Items::Map(members, _) => Value::Object(members),
        };
        self.end_value(open.anchor, value, open.weight_before)
    }

    /// Adds a value, and keeps it if it has an anchor.
    fn end_value(
        &mut self,
        anchor: usize,
        value: Value,
        weight_before: usize,
    ) -> Result<(), String> {
        self.weight += VALUE_WEIGHT;
        if anchor != 0 {
            let weight = self.weight - weight_before;
            self.left = copied(self.left, weight)?;
            self.anchors.insert(anchor, (value.clone(), weight));
        }
        self.add(value)
    }

    fn add(&mut self, value: Value) -> Result<(), String> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.done = Some(value),
            Some(Items::List(elements)) => elements.push(value),
            Some(Items::Map(members, key)) => match key.take() {
                None => *key = Some(key_text(value)?),
                Some(name) => {
                    if members.contains_key(&name) {
                        return Err(format!("duplicate key '{name}'"));
                    }
                    members.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

/// Returns what is left of a weight after a copy.
fn copied(left: usize, weight: usize) -> Result<usize, String> {
    left.checked_sub(weight).ok_or_else(|| "anchors and aliases make the document too large".into())
}

fn key_text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok("null".to_owned()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(_) | Value::Object(_) => Err("a key is not a text".to_owned()),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let tag = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let plain = style == ScalarStyle::Plain;
    match tag {
        Some("str") => Ok(Value::String(text.to_owned())),
        Some("binary") => Ok(Value::String(text.split_whitespace().collect())),
        None if !plain => Ok(Value::String(text.to_owned())),
        _ => Ok(plain_scalar(text)),
    }
}

/// A plain scalar by the core schema.
fn plain_scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Value::String("Infinity".to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return Value::String("-Infinity".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return Value::String("NaN".to_owned()),
        _ => {}
    }
    if let Some(number) = radix(text) {
        return number_text(&number.to_string());
    }
    // `0123` is more likely a postal code than a number: it remains a string, and the schema
    // decides.
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let leading_zero =
        digits.strip_prefix('0').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !numeric || leading_zero {
        return Value::String(text.to_owned());
    }
    // JSON has no plus sign; as a float, a long integer would lose digits.
    match number_text(if text.starts_with('+') { digits } else { text }) {
        Value::String(_) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => number_text(&serde_json::json!(number).to_string()),
            _ => Value::String(text.to_owned()),
        },
        number => number,
    }
}

fn radix(text: &str) -> Option<u64> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok();
    }
    u64::from_str_radix(text.strip_prefix("0o")?, 8).ok()
}
