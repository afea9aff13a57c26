//! Replaces secrets of a printed request by the names of environment variables.

use std::borrow::Cow;

use crate::text::HIDDEN;
use discovery_runtime::observe::secrets::{hide_members, is_secret_param};

use crate::plan::Plan;
use discovery_describe::names::kebab;

/// Delimiters around a variable's name: private-use characters, which do not occur in input, and
/// their percent-encoded form.
const MARKS: [(&str, &str); 2] = [("\u{e000}", "\u{e001}"), ("%EE%80%80", "%EE%80%81")];

/// Part of a text with secrets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// The value of a variable.
    Variable(&'a str),
}

/// Replaces the plan's secrets by names of variables.
pub(super) fn plan(plan: &Plan) -> Plan {
    let mut shown = plan.clone();
    for (name, values) in &mut shown.values.query {
        if is_secret_param(name) {
            values.iter_mut().for_each(|value| *value = marked(name));
        }
    }
    if let Some(body) = &mut shown.body {
        hide_members(body, &marked);
    }
    shown
}

fn marked(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let variable: String = kebab(name).chars().map(plain).collect();
    let [(open, close), _] = MARKS;
    format!("{open}{}{close}", variable.trim_matches('_'))
}

/// Splits a text at its variables.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, variable, after)) = first(rest) {
        out.push(Piece::Text(before));
        out.push(Piece::Variable(variable));
        rest = after;
    }
    out.push(Piece::Text(rest));
    out.retain(|piece| *piece != Piece::Text(""));
    out
}

fn first(text: &str) -> Option<(&str, &str, &str)> {
    let found = MARKS.iter().filter_map(|(open, close)| {
        let (before, rest) = text.split_once(open)?;
        let (variable, after) = rest.split_once(close)?;
        Some((before, variable, after))
    });
    found.min_by_key(|(before, _, _)| before.len())
}

/// Returns the variables in a text, without duplicates.
pub(crate) fn variables(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Variable(name) if !out.contains(&name) => out.push(name),
            _ => {}
        }
    }
    out
}

/// Formats a text as a Rust expression; `literal` formats literals, and secrets are read from
/// variables.
pub(super) fn expression(text: &str, literal: fn(&str) -> String) -> String {
    let pieces = pieces(text);
    if let [Piece::Variable(name)] = pieces.as_slice() {
        return format!("std::env::var({name:?})?");
    }
    let place = |name: &str| format!("<{name}>");
    let word = |piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Variable(name) => place(name),
    };
    let replaced = |name: &str| format!(".replace({:?}, &std::env::var({name:?})?)", place(name));
    let out = literal(&pieces.into_iter().map(word).collect::<String>());
    out + &variables(text).into_iter().map(replaced).collect::<String>()
}

/// Replaces secrets by `[hidden]`.
pub(crate) fn hidden(text: &str) -> Cow<'_, str> {
    if !MARKS.iter().any(|(open, _)| text.contains(open)) {
        return Cow::Borrowed(text);
    }
    let word = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Variable(_) => HIDDEN,
    };
    Cow::Owned(pieces(text).into_iter().map(word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_by_names() {
        let text = format!("a{}b%EE%80%80KEY%EE%80%81", marked("clientSecret"));
        let want = [
            Piece::Text("a"),
            Piece::Variable("CLIENT_SECRET"),
            Piece::Text("b"),
            Piece::Variable("KEY"),
        ];
        assert_eq!(pieces(&text), want);
        assert_eq!(hidden(&text), "a[hidden]b[hidden]");
        assert_eq!(variables(&text), ["CLIENT_SECRET", "KEY"]);
        assert_eq!(hidden("plain"), "plain");
    }
}
