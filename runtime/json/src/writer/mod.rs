//! Writer of compact JSON.

mod digits;
mod members;
mod text;

pub(crate) use text::quote;

use crate::error::ValueError;
use crate::extra::Extra;
use crate::traits::Encode;
use std::ops::Range;

/// A writer of JSON values into one text.
#[derive(Debug, Default)]
pub struct Writer {
    pub(crate) out: String,
    /// Ranges of objects that are not models, if tracked.
    opaque: Option<Vec<Range<usize>>>,
    /// The error of the first invalid value.
    refused: Option<ValueError>,
}

/// Start of an object, between [`Writer::begin`] and [`Writer::end`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Start(usize);

impl Writer {
    /// Creates an empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a writer that tracks which objects are maps or `any` rather than models.
    pub(crate) fn tracking_opaque() -> Self {
        Self { opaque: Some(Vec::new()), ..Self::default() }
    }

    /// Returns the text and the ranges of objects that are not models, in text order and disjoint.
    pub(crate) fn into_parts(self) -> (String, Vec<Range<usize>>) {
        (self.out, self.opaque.unwrap_or_default())
    }

    /// Returns the text written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Returns the text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.out
    }

    /// Records that an invalid value was written.
    #[cold]
    pub(crate) fn refuse(&mut self, error: ValueError) {
        self.refused.get_or_insert(error);
    }

    /// Returns the text if all values in it are valid.
    pub(crate) fn finish(self) -> Result<String, ValueError> {
        self.refused.map_or(Ok(self.out), Err)
    }

    /// Opens the object of a model.
    #[inline]
    pub fn begin(&mut self) -> Start {
        self.out.push('{');
        Start(self.out.len())
    }

    /// Writes one member. The name needs no escapes, as ensured by the generator.
    #[inline]
    pub fn member<T: Encode + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.name(name);
        value.encode(self);
    }

    /// Writes one member if it has a value. The name includes quotes and colon.
    #[doc(hidden)]
    pub fn optional<T: Encode>(&mut self, quoted: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.separate(b'{');
            self.out.push_str(quoted);
            value.encode(self);
        }
    }

    fn name(&mut self, name: &str) {
        self.separate(b'{');
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// Closes the object of a model after its unknown fields and nulls.
    #[inline]
    pub fn end(&mut self, start: Start, extra: &Extra) {
        if !extra.is_empty() {
            self.extra_members(start.0, extra);
        }
        self.out.push('}');
    }

    /// Closes the object of a model with these declared names: only they can have been written
    /// already.
    #[inline]
    pub fn end_of(&mut self, start: Start, extra: &Extra, declared: &[&str]) {
        if !extra.is_empty() {
            let known = extra.raw_members().any(|(name, _)| declared.contains(&name));
            self.extra_members(if known { start.0 } else { self.out.len() }, extra);
        }
        self.out.push('}');
    }

    /// Writes a separator before a member or item, unless it is the first.
    #[inline]
    pub(crate) fn separate(&mut self, open: u8) {
        if self.out.as_bytes().last() != Some(&open) {
            self.out.push(',');
        }
    }

    /// Opens a map. Write each entry as [`Writer::key`] and a value, then call
    /// [`Writer::close_map`].
    pub fn open_map(&mut self) {
        // Values within a map may be models.
        self.record_opaque(1);
        self.out.push('{');
    }

    /// Writes the key of a map's entry.
    pub fn key(&mut self, key: &str) {
        self.separate(b'{');
        self.string(key);
        self.out.push(':');
    }

    /// Closes a map.
    pub fn close_map(&mut self) {
        self.out.push('}');
    }

    /// Opens a list. Write each item as [`Writer::item`] and a value, then call
    /// [`Writer::close_list`].
    #[inline]
    pub fn open_list(&mut self) {
        self.out.push('[');
    }

    /// Starts an item of a list.
    #[inline]
    pub fn item(&mut self) {
        self.separate(b'[');
    }

    /// Closes a list.
    #[inline]
    pub fn close_list(&mut self) {
        self.out.push(']');
    }

    /// Writes a string.
    #[inline]
    pub fn string(&mut self, text: &str) {
        quote(&mut self.out, text);
    }

    /// Writes an enum.
    #[inline]
    pub fn open_enum(&mut self, text: &str, declared: &[&str]) {
        let number = matches!(text.as_bytes().first(), Some(b'-' | b'0'..=b'9'));
        // Declared values are strings, even if numeric (`360`); an undeclared one may have been
        // read as a number.
        if number && !declared.contains(&text) {
            self.enum_text(text);
        } else {
            self.string(text);
        }
    }

    /// Writes `true` or `false`.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.out.push_str("null");
    }

    /// Writes compact JSON text.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.record_opaque(text.len());
        self.out.push_str(text);
    }

    /// Writes a string that needs no escapes.
    pub(crate) fn unescaped(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }

    /// Writes a value as a string that needs no escapes.
    pub(crate) fn display(&mut self, value: &dyn std::fmt::Display) {
        use std::fmt::Write as _;
        self.out.push('"');
        // Writing to a `String` cannot fail.
        let _ = write!(self.out, "{value}\"");
    }

    fn record_opaque(&mut self, length: usize) {
        if let Some(opaque) = &mut self.opaque {
            let at = self.out.len();
            opaque.push(at..at + length);
        }
    }
}
