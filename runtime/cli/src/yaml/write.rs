//! Formats JSON values as YAML: block style, two spaces, quotes only where necessary.
//!
//! The output has the same meaning in YAML 1.2 and YAML 1.1, which treats more texts as numbers,
//! dates, and Booleans, and fewer numbers as numbers.

use std::fmt::Write;

use serde_json::Value;

/// Maximum length of a key before a colon, in characters as written. YAML allows 1024 (section
/// 7.4.2), which parsers count from different positions; a longer key follows a question mark.
const KEY_LIMIT: usize = 1000;

/// Formats a value as a document with a final line break.
pub(crate) fn to_string(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => object(value, 0, &mut out),
        Value::Array(elements) if !elements.is_empty() => list(value, 0, &mut out),
        scalar => {
            write_scalar(scalar, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

fn object(value: &Value, level: usize, out: &mut String) {
    let Value::Object(members) = value else { return };
    for (i, (key, member)) in members.iter().enumerate() {
        if i > 0 {
            indent(level, out);
        }
        let key = plain_key(key);
        if is_long(&key) {
            out.push_str("? ");
            out.push_str(&key);
            out.push('\n');
            indent(level, out);
        } else {
            out.push_str(&key);
        }
        out.push(':');
        below(member, level, out);
    }
}

fn list(value: &Value, level: usize, out: &mut String) {
    let Value::Array(elements) = value else { return };
    for (i, element) in elements.iter().enumerate() {
        if i > 0 {
            indent(level, out);
        }
        out.push('-');
        match element {
            Value::Object(members) if !members.is_empty() => {
                out.push(' ');
                object(element, level + 1, out);
            }
            Value::Array(inner) if !inner.is_empty() => {
                out.push(' ');
                list(element, level + 1, out);
            }
            scalar => {
                out.push(' ');
                write_scalar(scalar, level, out);
                out.push('\n');
            }
        }
    }
}

fn below(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            indent(level + 1, out);
            object(value, level + 1, out);
        }
        Value::Array(elements) if !elements.is_empty() => {
            out.push('\n');
            indent(level + 1, out);
            list(value, level + 1, out);
        }
        scalar => {
            out.push(' ');
            write_scalar(scalar, level, out);
            out.push('\n');
        }
    }
}

fn indent(level: usize, out: &mut String) {
    for _ in 0..level {
        out.push_str("  ");
    }
}

/// Writes a scalar or an empty collection; `level` is that of the line it is on.
fn write_scalar(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::String(text) if is_block(text) => block(text, level, out),
        scalar => out.push_str(&inline(scalar)),
    }
}

/// Formats a value on one line: collections in flow style, strings in quotes.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        value => flow(value),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => decimal(&number.to_string()),
        Value::String(text) => quoted(text),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(flow).collect();
            format!("[{}]", elements.join(","))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let key = quoted(key);
                let mark = if is_long(&key) { "? " } else { "" };
                format!("{mark}{key}:{}", flow(value))
            };
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// Formats a key before its colon.
pub(crate) fn plain_key(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { quoted(key) }
}

fn is_long(key: &str) -> bool {
    key.chars().count() > KEY_LIMIT
}

/// Formats a number so that YAML 1.1 accepts it, too: an exponent requires a fraction and a sign.
fn decimal(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return number.to_owned() };
    let fraction = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{digits}{fraction}e{sign}{exponent}")
}

/// Formats a string in double quotes, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        let code = u32::from(c);
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            c if is_printable(c) => write!(out, "{c}"),
            _ if code <= 0xff => write!(out, "\\x{code:02x}"),
            _ if code <= 0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push('"');
    out
}

/// Returns `true` if a character can be written verbatim: printable in YAML (section 5.1), and
/// neither a line break nor a byte order mark in any version.
fn is_printable(c: char) -> bool {
    let is_noncharacter = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    !c.is_control() && !is_noncharacter && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Returns `true` if a multi-line text round-trips through a literal block.
fn is_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    body.contains('\n')
        && text.chars().all(|c| c == '\n' || is_printable(c))
        && !body.starts_with([' ', '\n'])
        && !body.lines().any(|line| line.ends_with(' '))
}

fn block(text: &str, level: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    let ends = text.len() - body.len();
    out.push('|');
    match ends {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(level + 1, out);
            out.push_str(line);
        }
    }
    for _ in 1..ends {
        out.push('\n');
    }
}

/// Returns `true` if an unquoted text parses as itself, also in YAML 1.1. Text that begins with
/// neither a letter, `/`, nor `_` (numbers, dates, times, `~`, `=`, `<<`, `.inf`) is always quoted.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let Some(first) = text.chars().next() else { return false };
    let safe = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | '@' | '+' | '(' | ')')
    };
    let starts_well = first.is_alphabetic() || matches!(first, '/' | '_');
    starts_well
        && text.chars().all(safe)
        && text.chars().all(is_printable)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_lowercase().as_str())
}
