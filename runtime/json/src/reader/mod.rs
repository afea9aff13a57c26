//! Pull parser over text in memory.

mod aside;
mod cursor;
mod literal;
mod locate;
mod misfits;
mod number;
mod skip;
mod string;
mod tag;

pub(crate) use aside::{Asides, Keep};
pub use cursor::{Array, Object};
pub(crate) use locate::{locate, locate_all};
pub use misfits::Misfits;
pub(crate) use number::is_number;
pub(crate) use skip::compact;

use crate::error::{DecodeError, Problem};
use crate::extra::Extra;
use crate::scan::is_space;
use crate::traits::{Decode, Members};
use crate::values::map::Map;
use std::borrow::Cow;

/// Maximum nesting of containers, as in `serde_json`.
pub(crate) const MAX_DEPTH: u32 = 127;

/// A reader of JSON values from text in memory.
///
/// Implements RFC 8259 strictly: no comments, trailing commas, byte order marks, or lone
/// surrogates. Text without escapes is borrowed from the input. Containers nest at most 127 levels
/// deep.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    pos: usize,
    depth: u32,
    /// Buffer of texts with escapes.
    buffer: String,
    /// Values set aside; `None` if the reader is strict.
    asides: Option<Asides>,
}

impl<'a> Reader<'a> {
    /// Creates a reader over UTF-8 bytes.
    ///
    /// # Errors
    /// If the bytes are not UTF-8; the error has the offset of the first invalid byte.
    pub fn new(input: &'a [u8]) -> Result<Self, DecodeError> {
        match std::str::from_utf8(input) {
            Ok(text) => Ok(Self::from_text(text)),
            Err(error) => {
                Err(DecodeError::new(Problem::Syntax("invalid UTF-8"), error.valid_up_to()))
            }
        }
    }

    /// Creates a reader over text.
    #[must_use]
    pub fn from_text(text: &'a str) -> Self {
        Self { text, pos: 0, depth: 0, buffer: String::new(), asides: None }
    }

    /// Creates a reader that sets aside members of models whose values do not fit their types.
    pub(crate) fn lenient(text: &'a str, asides: Asides) -> Self {
        Self { asides: Some(asides), ..Self::from_text(text) }
    }

    /// Returns what was set aside.
    pub(crate) fn into_asides(self) -> Asides {
        self.asides.unwrap_or_default()
    }

    /// Returns the current offset, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// Reads one value into a field.
    ///
    /// # Errors
    /// As for [`Reader::read`]; the field is then empty, since the value of an earlier member of the
    /// same name no longer counts.
    #[inline]
    pub fn set<T: Decode>(&mut self, field: &mut Option<T>) -> Result<(), DecodeError> {
        // The operator `?` would add two functions per type, here and in the decoding of models;
        // thousands of types are compiled.
        match T::decode(self) {
            Ok(value) => {
                *field = Some(value);
                Ok(())
            }
            Err(error) => {
                *field = None;
                Err(error)
            }
        }
    }

    /// Reads one value of any type.
    ///
    /// # Errors
    /// As documented by the type.
    #[inline]
    pub fn read<T: Decode>(&mut self) -> Result<T, DecodeError> {
        T::decode(self)
    }

    /// Reads an object into a model and returns its `extra`.
    ///
    /// # Errors
    /// If the value is not an object, or a member does not match its type and cannot be set aside.
    #[doc(hidden)]
    #[inline]
    pub fn members<M: Members>(&mut self, model: &mut M) -> Result<Extra, DecodeError> {
        let mut extra = Extra::new();
        let mut object = self.object()?;
        while let Some(name) = object.next(self, &mut extra)? {
            if let Err(error) = model.member(&name, &mut extra, self) {
                object.set_aside(error, &name, &mut extra, self)?;
            }
        }
        Ok(extra)
    }

    /// Reads one value into an entry of a map.
    ///
    /// # Errors
    /// As for [`Reader::read`]; the map is then unchanged.
    #[doc(hidden)]
    pub fn entry<T: Decode>(&mut self, map: &mut Map<T>, key: &str) -> Result<(), DecodeError> {
        self.mapped();
        map.insert(key.to_owned(), T::decode(self)?);
        Ok(())
    }

    /// Checks that only whitespace is left.
    ///
    /// # Errors
    /// If other text is left.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        self.peek();
        if self.pos == self.text.len() { Ok(()) } else { Err(self.syntax("trailing characters")) }
    }

    /// Reads the text of an enum. A number, which some servers send for values they do not know, is
    /// kept as its digits.
    ///
    /// # Errors
    /// If the value is neither a string nor an integer.
    #[doc(hidden)]
    pub fn enum_text(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        match self.peek() {
            b'-' | b'0'..=b'9' => self.enum_number().map(Cow::Borrowed),
            _ => self.string(),
        }
    }

    /// Skips whitespace and returns the next byte, or 0 at the end. NUL is never valid outside a
    /// string, so both cases lead to an error.
    #[inline]
    pub(crate) fn peek(&mut self) -> u8 {
        loop {
            let byte = self.byte();
            if !is_space(byte) {
                return byte;
            }
            self.pos += 1;
        }
    }

    /// Returns the current byte, or 0 at the end.
    #[inline]
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.pos).copied().unwrap_or(0)
    }

    /// Advances by one byte.
    pub(crate) fn advance(&mut self) {
        self.pos += 1;
    }

    /// Returns the text between two offsets of ASCII bytes.
    #[inline]
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or("")
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn syntax(&self, what: &'static str) -> DecodeError {
        let what = if self.pos >= self.text.len() { "unexpected end of the text" } else { what };
        DecodeError::new(Problem::Syntax(what), self.pos)
    }

    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), DecodeError> {
        if self.depth >= MAX_DEPTH {
            return Err(DecodeError::new(Problem::Depth, self.pos));
        }
        self.depth += 1;
        self.pos += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.pos += 1;
    }

    /// Returns the kind of the next value; `None` if there is no valid value.
    pub fn kind(&mut self) -> Option<Kind> {
        Some(match self.peek() {
            b'{' => Kind::Object,
            b'[' => Kind::List,
            b'"' => Kind::Text,
            b'-' | b'0'..=b'9' => Kind::Number,
            b't' if self.starts_with("true") => Kind::Boolean,
            b'f' if self.starts_with("false") => Kind::Boolean,
            b'n' if self.starts_with("null") => Kind::Null,
            _ => return None,
        })
    }

    /// Returns the error of a value of another kind, or of a missing value.
    #[cold]
    #[inline(never)]
    pub(crate) fn wrong_kind(&mut self, expected: &'static str) -> DecodeError {
        match self.kind() {
            None => self.syntax("expected a value"),
            // A null loses nothing if it is treated as absent.
            Some(Kind::Null) => {
                DecodeError::value(format!("expected {expected}, found null"), self.pos)
            }
            Some(found) => {
                DecodeError::new(Problem::WrongKind { expected, found: found.name() }, self.pos)
            }
        }
    }
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// Returns the name with an article: `a string`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}
