//! Standard output that is a terminal.

use std::io::{self, Write};

use crate::text;

/// Makes control characters visible, so that an answer cannot command the terminal: they are escaped
/// as in JSON. Line breaks and tabs stay.
pub(crate) struct Screen<W: Write> {
    inner: W,
    /// Bytes of a character whose others have not arrived.
    tail: Vec<u8>,
}

impl<W: Write> Screen<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, tail: Vec::new() }
    }

    fn show(&mut self, bytes: &[u8]) -> io::Result<()> {
        let text = String::from_utf8_lossy(bytes);
        // Rows of CSV end in both.
        let text = text.replace("\r\n", "\n");
        self.inner.write_all(text::visible(&text).as_bytes())
    }

    /// Writes what is left of an incomplete character.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let tail = std::mem::take(&mut self.tail);
        self.show(&tail)?;
        self.inner.flush()
    }
}

/// Returns the length of the bytes that can be shown: without an incomplete character, or a carriage
/// return that a line feed may follow, at the end.
fn complete(bytes: &[u8]) -> usize {
    let start = bytes.len().saturating_sub(3);
    let lead = bytes[start..].iter().rposition(|byte| *byte >= 0xc0).map(|at| start + at);
    let end = match lead {
        Some(at) => match std::str::from_utf8(&bytes[at..]) {
            Err(error) if error.valid_up_to() == 0 && error.error_len().is_none() => at,
            _ => bytes.len(),
        },
        None => bytes.len(),
    };
    if bytes[..end].ends_with(b"\r") { end - 1 } else { end }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.tail);
        all.extend_from_slice(bytes);
        let end = complete(&all);
        self.tail = all.split_off(end);
        self.show(&all)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8], piece: usize) -> String {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out);
        for piece in bytes.chunks(piece) {
            screen.write_all(piece).unwrap();
        }
        screen.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn control_characters_are_visible_however_they_arrive() {
        for (text, want) in [
            ("plain ü 漢 😀\n\t.", "plain ü 漢 😀\n\t."),
            ("a\u{1b}[2J\u{7f}\u{9b}1m\u{0}", "a\\u001b[2J\\u007f\\u009b1m\\u0000"),
            ("a\r\nb\rc\r", "a\nb\\u000dc\\u000d"),
            ("\u{202e}x\u{2028}", "\\u202ex\\u2028"),
        ] {
            for piece in 1..=text.len() {
                assert_eq!(shown(text.as_bytes(), piece), want, "{piece}");
            }
        }
        assert_eq!(shown(b"a\xff\x9b\xe6\xbc", 1), "a\u{fffd}\u{fffd}\u{fffd}");
    }
}
