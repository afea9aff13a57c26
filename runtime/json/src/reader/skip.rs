//! Skipping of values, and their raw text.

use super::Reader;
use crate::error::DecodeError;
use crate::scan::{is_space, string_end};
use std::borrow::Cow;

impl<'a> Reader<'a> {
    /// Reads any value and returns its text without whitespace between tokens, borrowed from the
    /// input if it has none.
    ///
    /// # Errors
    /// If the value is not JSON or is nested too deeply.
    pub fn raw(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        self.peek();
        let start = self.pos;
        let spaced = self.skip()?;
        let text = self.slice(start, self.pos);
        Ok(if spaced { Cow::Owned(compact(text)) } else { Cow::Borrowed(text) })
    }

    /// Skips and validates any value; returns whether it has whitespace between tokens.
    ///
    /// # Errors
    /// If the value is not JSON or is nested too deeply.
    pub fn skip(&mut self) -> Result<bool, DecodeError> {
        let base = self.depth;
        let mut spaced = false;
        // One bit per open container, the innermost lowest: whether it is an object. At most 127
        // are open.
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

    /// After a value in a container: returns true after the container's end, false before another
    /// value.
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

    /// Skips a string, starting at its opening quote.
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

/// Removes whitespace between the tokens of valid JSON.
pub(crate) fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Quotes separate tokens and strings; an escaped quote is part of a string.
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

/// Returns the offset after the closing quote of the string whose content starts at `at`, or the
/// length if there is none.
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
