//! Strings and their escapes.

use super::Reader;
use super::skip::close_quote;
use crate::error::DecodeError;
use crate::scan::string_end;
use std::borrow::Cow;

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
        // Escapes are never shorter than their characters, so this capacity suffices.
        let mut out = String::with_capacity(close_quote(bytes, self.pos) - start);
        let mut from = start;
        loop {
            out.push_str(self.slice(from, self.pos));
            match self.byte() {
                b'"' => {
                    self.pos += 1;
                    return Ok(out);
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
