//! JSON values as YAML: block style, two spaces, quotes only where they are needed.

use serde_json::Value;

/// The document of a value, with a line end.
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
        out.push_str(&plain_key(key));
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

/// Writes a scalar or an empty collection; `level` is that of the line it stands on.
pub(crate) fn write_scalar(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::String(text) if is_block(text) => block(text, level, out),
        Value::String(text) if is_plain(text) => out.push_str(text),
        // JSON strings, numbers and empty collections are YAML as they are.
        other => out.push_str(&other.to_string()),
    }
}

/// A key as it stands before its colon.
pub(crate) fn plain_key(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { Value::String(key.to_owned()).to_string() }
}

/// Text of several lines that a literal block gives back exactly.
fn is_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    let odd = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    body.contains('\n')
        && !text.contains(odd)
        && !body.starts_with([' ', '\n', '\t'])
        && !body.lines().any(|line| line.ends_with([' ', '\t']))
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

/// Whether a text is read as itself without quotes, by YAML 1.1 readers too.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let Some(first) = text.chars().next() else { return false };
    let safe = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | '@' | '+' | '(' | ')')
    };
    let starts_well = first.is_alphabetic() || matches!(first, '/' | '_');
    starts_well
        && text.chars().all(safe)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_lowercase().as_str())
}
