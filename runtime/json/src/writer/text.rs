//! Strings with their escapes.

use super::Writer;
use crate::scan::string_end;

impl Writer {
    /// Writes the text of an enum. An integer can only have been read as a number, and is written
    /// as one; the reader accepts no other numbers.
    pub(super) fn enum_text(&mut self, text: &str) {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.bytes().all(|byte| byte.is_ascii_digit()) && crate::reader::is_number(text) {
            self.out.push_str(text);
        } else {
            self.string(text);
        }
    }
}

/// Appends a quoted string.
#[inline]
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    let end = string_end(text.as_bytes(), 0);
    if end == text.len() {
        out.push_str(text);
    } else {
        escape(out, text, end);
    }
    out.push('"');
}

/// Appends text whose first character to escape is at `at`.
fn escape(out: &mut String, text: &str, mut at: usize) {
    let mut from = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        out.push_str(text.get(from..at).unwrap_or_default());
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xC => out.push_str("\\f"),
            _ => {
                const HEX: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
                ];
                out.push_str("\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
        }
        from = at + 1;
        at = string_end(text.as_bytes(), from);
    }
    out.push_str(text.get(from..).unwrap_or_default());
}
