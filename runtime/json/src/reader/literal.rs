//! `true`, `false` and `null`.

use super::Reader;
use crate::error::DecodeError;

impl Reader<'_> {
    /// Returns `true` if the rest of the text starts with a literal.
    #[inline]
    pub(super) fn starts_with(&self, word: &str) -> bool {
        self.text.as_bytes().get(self.pos..).is_some_and(|here| here.starts_with(word.as_bytes()))
    }

    /// Takes a literal if it is next.
    #[inline]
    pub(crate) fn literal(&mut self, word: &str) -> bool {
        let found = self.starts_with(word);
        if found {
            self.pos += word.len();
        }
        found
    }

    /// Reads a boolean.
    ///
    /// # Errors
    /// If the next value is not a boolean; `"true"` in quotes is a string.
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        match self.peek() {
            b't' if self.literal("true") => Ok(true),
            b'f' if self.literal("false") => Ok(false),
            b't' | b'f' => Err(self.syntax("expected a value")),
            _ => Err(self.wrong_kind("a boolean")),
        }
    }

    /// Takes a `null` if one is next.
    ///
    /// # Errors
    /// If the literal is malformed.
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        if self.literal("null") { Ok(true) } else { Err(self.syntax("expected a value")) }
    }
}
