//! Characters that must not reach a comment, a help text or a terminal.

use std::borrow::Cow;

/// Text whose only control character is `\n`, and whose only whitespace is `\n` and the space.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() || c.is_whitespace() && c != ' ' || hidden(c);
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
            c if c.is_control() || hidden(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A wire name inside a code span.
pub(crate) fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control() && *c != '`').collect()
}

/// Returns `true` if a character is invisible but alters the display: bidirectional controls
/// (rustc's `text_direction_codepoint_in_comment`), zero-width marks, and Unicode tags.
///
/// The joiners U+200C and U+200D stay: Persian words and emoji need them.
fn hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
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
