//! Passing over a value while checking it, and its text as it is.

use super::Reader;
use crate::error::DecodeError;
use crate::scan::{is_space, string_end};
use std::borrow::Cow;

impl<'a> Reader<'a> {
    /// Takes any value and returns its text without whitespace between tokens; borrowed from the
    /// input when there is none.
    ///
    /// # Errors
    /// When it is not JSON or too deep.
    pub fn raw(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        self.peek();
        let start = self.pos;
        let spaced = self.skip()?;
        let text = self.slice(start, self.pos);
        Ok(if spaced { Cow::Owned(compact(text)) } else { Cow::Borrowed(text) })
    }

    /// Passes over any value, checking it; tells whether there was whitespace between its tokens.
    ///
    /// # Errors
    /// When it is not JSON or too deep.
    pub fn skip(&mut self) -> Result<bool, DecodeError> {
        let base = self.depth;
        let mut spaced = false;
        // One bit for each open container, the innermost lowest: whether it is an object. 127 at
        // most are open.
        let mut objects: u128 = 0;
        self.peek();
        loop {
            match self.byte() {
                b'{' => {
                    self.enter()?;
                    objects = objects << 1 | 1;
                    if self.peek_tracking_space(&mut spaced) != b'}' {
                        self.skip_key(&mut spaced)?;
                        continue;
                    }
                }
                b'[' => {
                    self.enter()?;
                    objects <<= 1;
                    if self.peek_tracking_space(&mut spaced) != b']' {
                        continue;
                    }
                }
                _ => self.skip_scalar()?,
            }
            while self.depth != base && self.skip_end(&mut objects, &mut spaced)? {}
            if self.depth == base {
                return Ok(spaced);
            }
        }
    }

    /// Behind a value inside a container: true after its end, false where another value starts.
    fn skip_end(&mut self, objects: &mut u128, spaced: &mut bool) -> Result<bool, DecodeError> {
        let object = *objects & 1 == 1;
        match (self.peek_tracking_space(spaced), object) {
            (b'}', true) | (b']', false) => {
                self.leave();
                *objects >>= 1;
                return Ok(true);
            }
            (b',', true) => {
                self.pos += 1;
                self.peek_tracking_space(spaced);
                self.skip_key(spaced)?;
            }
            (b',', false) => {
                self.pos += 1;
                self.peek_tracking_space(spaced);
            }
            (_, true) => return Err(self.syntax("expected `,` or `}`")),
            (_, false) => return Err(self.syntax("expected `,` or `]`")),
        }
        Ok(false)
    }

    fn skip_key(&mut self, spaced: &mut bool) -> Result<(), DecodeError> {
        match self.byte() {
            b'"' => self.skip_string()?,
            b'}' => return Err(self.syntax("trailing comma")),
            _ => return Err(self.syntax("expected a member name in double quotes")),
        }
        if self.peek_tracking_space(spaced) != b':' {
            return Err(self.syntax("expected `:`"));
        }
        self.pos += 1;
        self.peek_tracking_space(spaced);
        Ok(())
    }

    fn skip_scalar(&mut self) -> Result<(), DecodeError> {
        match self.byte() {
            b'"' => self.skip_string(),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b't' if self.literal("true") => Ok(()),
            b'f' if self.literal("false") => Ok(()),
            b'n' if self.literal("null") => Ok(()),
            b']' => Err(self.syntax("trailing comma")),
            _ => Err(self.syntax("expected a value")),
        }
    }

    /// Passes over a string, the cursor being on its first quote.
    fn skip_string(&mut self) -> Result<(), DecodeError> {
        self.pos += 1;
        loop {
            self.pos = string_end(self.text.as_bytes(), self.pos);
            match self.byte() {
                b'"' => {
                    self.pos += 1;
                    return Ok(());
                }
                b'\\' => {
                    let at = self.pos;
                    self.pos += 1;
                    self.escape(at)?;
                }
                _ => return Err(self.syntax("control character in a string")),
            }
        }
    }

    #[inline]
    fn peek_tracking_space(&mut self, spaced: &mut bool) -> u8 {
        let from = self.pos;
        let byte = self.peek();
        *spaced |= self.pos != from;
        byte
    }
}

/// Valid JSON without the whitespace between its tokens.
pub(crate) fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Quotes split the text into tokens and strings in turn; an escaped quote is inside a string.
    let (mut from, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' {
            at = close_quote(bytes, at + 1);
        } else if is_space(byte) {
            out.push_str(text.get(from..at).unwrap_or_default());
            at += 1;
            from = at;
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Offset behind the quote that ends the string whose content starts at `at`; the length if none.
pub(crate) fn close_quote(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = string_end(bytes, at);
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}
