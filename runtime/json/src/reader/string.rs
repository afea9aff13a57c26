//! Strings and their escapes.

use super::Reader;
use super::skip::close_quote;
use crate::error::DecodeError;
use crate::scan::string_end;
use std::borrow::Cow;

/// Length of a text up to which its escapes are replaced in the reader's buffer.
const MOST_BUFFERED: usize = 64 * 1024;

/// Initial capacity of that buffer; shorter documents do without it.
const FIRST_BUFFER: usize = 16 * 1024;

impl<'a> Reader<'a> {
    /// Reads a string, borrowed from the input unless it has escapes.
    ///
    /// # Errors
    /// If the next value is not a string, or has an invalid escape or a raw control character.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        match self.scan_plain()? {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(start) => self.unescape(start).map(Cow::Owned),
        }
    }

    /// Reads an owned string.
    pub(crate) fn owned_string(&mut self) -> Result<String, DecodeError> {
        match self.scan_plain()? {
            Ok(text) => Ok(text.to_owned()),
            Err(start) => self.unescape(start),
        }
    }

    /// Returns the text up to the closing quote, or, if something else comes first, the offset of
    /// its start.
    #[inline]
    fn scan_plain(&mut self) -> Result<Result<&'a str, usize>, DecodeError> {
        if self.peek() != b'"' {
            return Err(self.wrong_kind("a string"));
        }
        let start = self.pos + 1;
        let end = string_end(self.text.as_bytes(), start);
        self.pos = end;
        if self.byte() != b'"' {
            return Ok(Err(start));
        }
        self.pos += 1;
        Ok(Ok(self.slice(start, end)))
    }

    /// Continues at an escape; `start` is the offset of the text.
    #[inline(never)]
    fn unescape(&mut self, start: usize) -> Result<String, DecodeError> {
        let bytes = self.text.as_bytes();
        // The length is known only at the end. Copying from a buffer that is used again takes less
        // time than searching for the end first, except that long texts would be in memory twice,
        // and that a small document is not worth a buffer.
        let mut out = std::mem::take(&mut self.buffer);
        out.clear();
        let mut own = out.capacity() == 0 && bytes.len() - start <= FIRST_BUFFER;
        if own {
            out.reserve_exact(close_quote(bytes, self.pos) - start);
        } else {
            out.reserve(FIRST_BUFFER);
        }
        let mut from = start;
        loop {
            out.push_str(self.slice(from, self.pos));
            if !own && out.len() > MOST_BUFFERED {
                own = true;
                // Escapes are never shorter than their characters, so this capacity suffices.
                out.reserve_exact(close_quote(bytes, self.pos) - self.pos);
            }
            match self.byte() {
                b'"' => {
                    self.pos += 1;
                    if own {
                        return Ok(out);
                    }
                    let text = out.as_str().to_owned();
                    self.buffer = out;
                    return Ok(text);
                }
                b'\\' => {
                    let at = self.pos;
                    self.pos += 1;
                    let character = self.escape(at)?;
                    out.push(character);
                }
                _ => return Err(self.syntax("control character in a string")),
            }
            from = self.pos;
            self.pos = string_end(bytes, from);
        }
    }

    /// Returns the character of the escape at `at`; the cursor is after the backslash.
    #[inline]
    pub(super) fn escape(&mut self, at: usize) -> Result<char, DecodeError> {
        let character = match self.byte() {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(at),
            _ => return Err(self.syntax("invalid escape")),
        };
        self.pos += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, at: usize) -> Result<char, DecodeError> {
        let first = self.hex4()?;
        let code = match first {
            0xD800..=0xDBFF if self.literal("\\") && self.byte() == b'u' => {
                let second = self.hex4()?;
                match second {
                    0xDC00..=0xDFFF => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => first,
                }
            }
            _ => first,
        };
        // `from_u32` rejects a lone surrogate.
        char::from_u32(code).ok_or_else(|| {
            self.pos = at;
            self.syntax("lone surrogate in an escape")
        })
    }

    /// Takes `u` and four hexadecimal digits.
    fn hex4(&mut self) -> Result<u32, DecodeError> {
        self.pos += 1;
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()).to_digit(16) else {
                return Err(self.syntax("expected four hexadecimal digits"));
            };
            code = code << 4 | digit;
            self.pos += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::MOST_BUFFERED;

    #[test]
    fn texts_with_escapes_are_exact_at_every_length() {
        let mut texts = Vec::new();
        for length in [0, 1, 100, MOST_BUFFERED - 2, MOST_BUFFERED, MOST_BUFFERED + 1, 300_000] {
            let plain = "é".repeat(length / 2);
            texts.push(format!("\n{plain}"));
            texts.push(format!("{plain}\"\\ \u{1F600} \u{1}"));
            texts.push(format!("{plain}\t{plain}"));
        }
        let list = serde_json::to_string(&texts).unwrap();
        let read: Vec<String> = crate::from_str(&list).unwrap();
        assert!(read == texts);
        for text in &texts {
            // Alone, a short text is read without the buffer.
            let alone = serde_json::to_string(text).unwrap();
            assert!(crate::from_str::<String>(&alone).is_ok_and(|read| read == *text));
        }
        for text in read.iter().filter(|text| text.len() <= MOST_BUFFERED) {
            assert_eq!(text.capacity(), text.len(), "no memory is wasted");
        }
    }
}
