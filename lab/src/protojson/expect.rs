//! Expected JSON of a message in text format.

use super::textproto::{Fields, Text, parse};
use discovery_json::{Bytes, Duration, FieldMask, Timestamp, ValueError};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Values of the test message's enums, and their numbers. Servers accept both, and aliases.
const ENUM_NUMBERS: &[(&str, i64)] = &[
    ("FOO", 0),
    ("BAR", 1),
    ("BAZ", 2),
    ("ALIAS_FOO", 0),
    ("ALIAS_BAR", 1),
    ("ALIAS_BAZ", 2),
    ("MOO", 2),
    ("moo", 2),
    ("bAz", 2),
];

/// Checks that the output represents the message in text format.
pub(super) fn message(textproto: &str, input: &str, written: &Value) -> Result<(), String> {
    let input: Value = serde_json::from_str(input).map_err(|error| error.to_string())?;
    let mut groups: BTreeMap<String, Vec<Text>> = BTreeMap::new();
    for (name, value) in parse(textproto)? {
        groups.entry(json_name(&name)).or_default().push(value);
    }
    for (name, values) in &groups {
        let found = written.get(name).ok_or_else(|| format!("{name} is missing in {written}"))?;
        // An Any is preserved, whatever its type.
        let same = if name == "optionalAny" {
            input.get(name) == Some(found)
        } else {
            member(name, values, found)?
        };
        if !same {
            return Err(format!("{name} expected {values:?}, got {found}"));
        }
    }
    let is_extra = |(name, value): (&String, &Value)| {
        name != "unknown" && !value.is_null() && !groups.contains_key(name)
    };
    match written.as_object().and_then(|members| members.iter().find(|member| is_extra(*member))) {
        Some((name, value)) => Err(format!("{name} expected not set, got {value}")),
        None => Ok(()),
    }
}

/// Returns the JSON name of a field, in camel case.
fn json_name(name: &str) -> String {
    let mut out = String::new();
    let mut capital = false;
    for character in name.chars() {
        match character {
            '_' => capital = true,
            _ if capital => {
                out.extend(character.to_uppercase());
                capital = false;
            }
            _ => out.push(character),
        }
    }
    out
}

fn member(name: &str, values: &[Text], found: &Value) -> Result<bool, String> {
    if let Some(kinds) = name.strip_prefix("map") {
        let value_kind = kinds.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let value_kind = value_kind.get(value_kind.find(char::is_uppercase).unwrap_or(0)..);
        return map(value_kind.unwrap_or_default(), values, found);
    }
    if let Some(kind) = name.strip_prefix("repeated") {
        let Some(items) = found.as_array().filter(|items| items.len() == values.len()) else {
            return Ok(false);
        };
        let mut same = true;
        for (value, item) in values.iter().zip(items) {
            same &= single(kind, value, item)?;
        }
        return Ok(same);
    }
    let kind = name.strip_prefix("optional").or_else(|| name.strip_prefix("oneof"));
    match values {
        [value] => single(kind.unwrap_or("Int32"), value, found),
        _ => Err(format!("textproto has {name} twice")),
    }
}

fn map(kind: &str, entries: &[Text], found: &Value) -> Result<bool, String> {
    let mut same = found.as_object().is_some_and(|members| members.len() == entries.len());
    for entry in entries {
        let key = match field(fields(entry)?, "key") {
            Some(Text::Word(key)) => key.clone(),
            Some(Text::Bytes(key)) => text(key),
            _ => return Err("textproto: an entry without a key".to_owned()),
        };
        let value = field(fields(entry)?, "value").ok_or("textproto: an entry without a value")?;
        same &= match found.get(&key) {
            Some(found) => single(kind, value, found)?,
            None => false,
        };
    }
    Ok(same)
}

/// Returns `true` if the output represents a single value of a kind of field.
fn single(kind: &str, value: &Text, found: &Value) -> Result<bool, String> {
    if let Some(inner) = kind.strip_suffix("Wrapper") {
        let value = field(fields(value)?, "value").ok_or("textproto: a wrapper without value")?;
        return single(inner, value, found);
    }
    Ok(match (kind, value) {
        ("Float", Text::Word(word)) => {
            floats(word).any(|float| float as f32 == number(found) as f32) || both_nan(word, found)
        }
        ("Double", Text::Word(word)) => {
            floats(word).any(|float| float == number(found)) || both_nan(word, found)
        }
        ("NestedEnum" | "AliasedEnum" | "Enum", Text::Word(word)) => {
            enum_number(&json!(word)) == enum_number(found)
        }
        ("Int64" | "Uint64" | "Sint64" | "Fixed64" | "Sfixed64", Text::Word(word)) => {
            *found == json!(word)
        }
        ("Bool", Text::Word(word)) => *found == json!(word == "true"),
        (_, Text::Word(word)) => format!("{found}") == *word,
        ("Bytes", Text::Bytes(bytes)) => read::<Bytes>(found)? == Bytes::from(bytes.as_slice()),
        (_, Text::Bytes(bytes)) => *found == json!(text(bytes)),
        ("Duration", Text::Message(fields)) => {
            let (seconds, nanos) = seconds_and_nanos(fields)?;
            read::<Duration>(found)? == Duration::new(seconds, nanos as i32).map_err(bad)?
        }
        ("Timestamp", Text::Message(fields)) => {
            let (seconds, nanos) = seconds_and_nanos(fields)?;
            read::<Timestamp>(found)? == Timestamp::new(seconds, nanos as u32).map_err(bad)?
        }
        (_, Text::Message(fields)) => *found == well_known(kind, fields)?,
    })
}

/// Returns the JSON of a well-known type with a special format; others are plain objects of
/// numbers.
fn well_known(kind: &str, fields: &Fields) -> Result<Value, String> {
    Ok(match kind {
        "FieldMask" => {
            let paths = fields.iter().map(|(_, path)| match path {
                Text::Bytes(path) => text(path),
                _ => String::new(),
            });
            json!(FieldMask::from_paths(paths).map_err(bad)?.to_string())
        }
        "Struct" | "Value" | "ListValue" => dynamic(kind, fields)?,
        _ => {
            let members =
                fields.iter().map(|(name, _)| Ok((json_name(name), json!(integer(fields, name)?))));
            Value::Object(members.collect::<Result<Map<_, _>, String>>()?)
        }
    })
}

fn seconds_and_nanos(fields: &Fields) -> Result<(i64, i64), String> {
    Ok((integer(fields, "seconds")?, integer(fields, "nanos")?))
}

fn integer(fields: &Fields, name: &str) -> Result<i64, String> {
    match field(fields, name) {
        Some(Text::Word(word)) => word.parse().map_err(|error| format!("textproto: {error}")),
        _ => Ok(0),
    }
}

/// Parses the output, which preserves the input's spelling.
fn read<T: FromStr<Err = ValueError>>(found: &Value) -> Result<T, String> {
    found.as_str().unwrap_or_default().parse().map_err(bad)
}

fn bad(error: ValueError) -> String {
    error.to_string()
}

/// Converts `google.protobuf.Struct`, `Value`, and `ListValue` to the JSON that they represent.
fn dynamic(kind: &str, all: &Fields) -> Result<Value, String> {
    if kind == "Struct" {
        let mut members = Map::new();
        for (_, entry) in all {
            let value = field(fields(entry)?, "value").ok_or("textproto: no value")?;
            if let Some(Text::Bytes(key)) = field(fields(entry)?, "key") {
                members.insert(text(key), dynamic("Value", fields(value)?)?);
            }
        }
        return Ok(Value::Object(members));
    }
    if kind == "ListValue" {
        return all.iter().map(|(_, item)| dynamic("Value", fields(item)?)).collect();
    }
    match all.first() {
        Some((name, Text::Message(inner))) if name == "struct_value" => dynamic("Struct", inner),
        Some((name, Text::Message(inner))) if name == "list_value" => dynamic("ListValue", inner),
        Some((_, Text::Bytes(bytes))) => Ok(json!(text(bytes))),
        Some((name, Text::Word(_))) if name == "null_value" => Ok(Value::Null),
        Some((_, Text::Word(word))) => {
            serde_json::from_str(word).map_err(|error| format!("textproto: {word}: {error}"))
        }
        _ => Err("textproto: a value without a kind".to_owned()),
    }
}

fn fields(value: &Text) -> Result<&Fields, String> {
    match value {
        Text::Message(fields) => Ok(fields),
        _ => Err(format!("textproto: expected a message, found {value:?}")),
    }
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Text> {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Parses numbers with the parser of the output, which may differ in the last bit, and words with
/// the standard library.
/// Returns a number as the standard library reads it, and as serde_json does. Unless a crate of the
/// build enables its `arbitrary_precision`, serde_json reads `found` too, and its last bit may differ.
fn floats(word: &str) -> impl Iterator<Item = f64> {
    word.parse().ok().into_iter().chain(serde_json::from_str(word).ok())
}

fn number(found: &Value) -> f64 {
    match found.as_str() {
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        _ => found.as_f64().unwrap_or(f64::NAN),
    }
}

fn both_nan(word: &str, found: &Value) -> bool {
    word == "nan" && *found == json!("NaN")
}

fn enum_number(value: &Value) -> Option<i64> {
    match value {
        Value::String(name) => {
            ENUM_NUMBERS.iter().find(|(known, _)| known == name).map(|(_, n)| *n)
        }
        _ => value.as_i64(),
    }
}
