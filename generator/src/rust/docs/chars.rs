//! Characters that must not reach a comment, a help text or a terminal.

use crate::shown::{is_hidden, is_unprintable};
use std::borrow::Cow;

/// Text whose only control character is `\n`, and whose only whitespace is `\n` and the space.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() || c.is_whitespace() && c != ' ' || is_hidden(c);
    // Without an early exit this loop vectorizes, and nearly all texts pass it.
    let usual =
        text.bytes().fold(true, |usual, b| usual & ((b.wrapping_sub(b' ') < 95) | (b == b'\n')));
    if usual || !text.contains(|c| c != '\n' && odd(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() || is_hidden(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A wire name inside a code span.
pub(crate) fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !is_unprintable(*c) && *c != '`').collect()
}

/// A page of a book: its only control character is `\n`, and mdBook executes nothing in it. mdBook
/// reads `{{#include file}}` in code as well, and prints `\{{#include file}}` without the backslash.
pub(crate) fn clean_page(page: String) -> String {
    let page = match page.contains(|c| c != '\n' && is_unprintable(c)) {
        true => page.chars().filter(|c| *c == '\n' || !is_unprintable(*c)).collect(),
        false => page,
    };
    let mut out = String::with_capacity(page.len());
    let mut rest = page.as_str();
    while let Some(at) = rest.find("{{") {
        let (before, after) = rest.split_at(at);
        let name = after[2..].trim_start();
        out.push_str(before);
        if name.starts_with('#') {
            out.push_str(if out.ends_with('\\') { "{{" } else { "\\{{" });
            rest = name;
        } else {
            out.push('{');
            rest = &after[1..];
        }
    }
    out + rest
}

/// Trims a text and collapses every run of white space to one space.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A set of bytes, with or without those beyond ASCII.
pub(super) const fn table(members: &[u8], beyond: bool) -> [bool; 256] {
    let mut out = [false; 256];
    let mut at = 0;
    while at < members.len() {
        out[members[at] as usize] = true;
        at += 1;
    }
    at = 128;
    while at < 256 {
        out[at] = beyond;
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::clean_page;

    #[test]
    fn pages_execute_nothing() {
        for (page, clean) in [
            ("# {{#include a}}\n", "# \\{{#include a}}\n"),
            ("`{{ #a}}` {{\n#b}}", "`\\{{#a}}` \\{{#b}}"),
            ("{{{#a}}", "{\\{{#a}}"),
            ("\\{{#a}} {{name}} {{", "\\{{#a}} {{name}} {{"),
            ("a\u{1b}[1m\u{202e}\u{2028}\u{85}b\n", "a[1mb\n"),
        ] {
            assert_eq!(clean_page(page.to_owned()), clean);
        }
    }
}
