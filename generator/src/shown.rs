//! Text of a document for people: messages, reports, and comments.

use std::borrow::Cow;

/// Returns a text on one line in which characters that control a terminal, end a line, or are
/// hidden are visible: `\u{1b}`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unprintable(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// As [`printable`], but keeps line breaks.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Returns `true` for characters that control a terminal, end a line, or are hidden.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_hidden(c)
}

/// Returns `true` if a character is invisible but alters the display: bidirectional controls
/// (rustc's `text_direction_codepoint_in_comment`), zero-width marks, and Unicode tags.
///
/// The joiners U+200C and U+200D stay: Persian words and emoji need them.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns `true` for a name of letters, digits, and the characters in `more`. Names are words of
/// commands, headings, paths, and shell scripts, where other characters would be markup.
pub(crate) fn is_name(name: &str, more: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || more.contains(c);
    !name.is_empty() && !name.contains("..") && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{is_name, printable, printable_lines};

    #[test]
    fn names_are_words() {
        for name in ["a", "$Thing", "é.b-c_1"] {
            assert!(is_name(name, "_-.$@"), "{name}");
        }
        for name in ["", "a b", "a..b", "../a", "`a`", "a\u{202e}", "a#"] {
            assert!(!is_name(name, "_-.$@"), "{name}");
        }
    }

    #[test]
    fn controls_are_visible() {
        assert_eq!(printable("é `x`"), "é `x`");
        assert_eq!(printable("a\u{1b}[1m\n\u{202e}b"), "a\\u{1b}[1m\\n\\u{202e}b");
        assert_eq!(printable_lines("a\r\nb"), "a\\r\nb");
    }
}
