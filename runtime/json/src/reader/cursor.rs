//! Iteration over members of objects and items of lists.

use super::Reader;
use crate::error::DecodeError;
use crate::extra::Extra;
use crate::scan::string_end;
use std::borrow::Cow;

/// Position in an object, created by [`Reader::object`].
#[derive(Debug)]
pub struct Object {
    first: bool,
    /// Depth of its members.
    pub(super) depth: u32,
    /// Offset of the current member's value.
    pub(super) value: usize,
}

/// Position in a list, created by [`Reader::array`].
#[derive(Debug)]
pub struct Array {
    first: bool,
}

impl<'a> Reader<'a> {
    /// Opens an object.
    ///
    /// # Errors
    /// If the next value has another kind or is nested too deeply.
    #[inline]
    pub fn object(&mut self) -> Result<Object, DecodeError> {
        if self.peek() != b'{' {
            return Err(self.wrong_kind("an object"));
        }
        self.enter()?;
        Ok(Object { first: true, depth: self.depth, value: self.pos })
    }

    /// Opens a list.
    ///
    /// # Errors
    /// If the next value has another kind or is nested too deeply.
    #[inline]
    pub fn array(&mut self) -> Result<Array, DecodeError> {
        if self.peek() != b'[' {
            return Err(self.wrong_kind("a list"));
        }
        self.enter()?;
        Ok(Array { first: true })
    }

    /// Takes a name in the usual notation: no whitespace, no escapes, followed by a colon.
    /// Otherwise takes nothing.
    #[inline]
    fn plain_key(&mut self, first: bool) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.pos..)?;
        let opening = if first { "\"" } else { ",\"" };
        if !rest.starts_with(opening.as_bytes()) {
            return None;
        }
        let start = self.pos + opening.len();
        let end = string_end(bytes, start);
        if !bytes.get(end..)?.starts_with(b"\":") {
            return None;
        }
        self.pos = end + 2;
        Some(self.slice(start, end))
    }

    fn key(&mut self, first: &mut bool) -> Result<Option<Cow<'a, str>>, DecodeError> {
        if let Some(key) = self.plain_key(*first) {
            *first = false;
            return Ok(Some(Cow::Borrowed(key)));
        }
        match self.peek() {
            b'}' => {
                self.leave();
                return Ok(None);
            }
            b',' if !*first => {
                self.pos += 1;
                if self.peek() == b'}' {
                    return Err(self.syntax("trailing comma"));
                }
            }
            _ if *first => {}
            _ => return Err(self.syntax("expected `,` or `}`")),
        }
        *first = false;
        if self.byte() != b'"' {
            return Err(self.syntax("expected a member name in double quotes"));
        }
        let key = self.string()?;
        if self.peek() != b':' {
            return Err(self.syntax("expected `:`"));
        }
        self.pos += 1;
        Ok(Some(key))
    }

    /// Takes a member that is an explicit null.
    #[cold]
    fn take_null(&mut self, key: &str, extra: &mut Extra) -> bool {
        let null = self.literal("null");
        if null {
            extra.push(key, "null");
        }
        null
    }
}

impl Object {
    /// Returns the name of the next member, whose value has to be read next; `None` after the last.
    ///
    /// Members that are `null` go to `extra` and are skipped.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn next<'a>(
        &mut self,
        r: &mut Reader<'a>,
        extra: &mut Extra,
    ) -> Result<Option<Cow<'a, str>>, DecodeError> {
        while let Some(key) = r.key(&mut self.first)? {
            if r.peek() != b'n' || !r.take_null(&key, extra) {
                self.value = r.pos;
                return Ok(Some(key));
            }
        }
        extra.sort();
        if self.depth == 1 {
            r.end_outermost(extra);
        }
        Ok(None)
    }

    /// Returns the key of the next entry of a map, whose value, possibly `null`, has to be read
    /// next.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn entry<'a>(&mut self, r: &mut Reader<'a>) -> Result<Option<Cow<'a, str>>, DecodeError> {
        r.key(&mut self.first)
    }
}

impl Array {
    /// Returns whether another item follows, which has to be read next.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn next(&mut self, r: &mut Reader<'_>) -> Result<bool, DecodeError> {
        match r.peek() {
            b']' => {
                r.leave();
                return Ok(false);
            }
            b',' if !self.first => {
                r.pos += 1;
                if r.peek() == b']' {
                    return Err(r.syntax("trailing comma"));
                }
            }
            _ if self.first => {}
            _ => return Err(r.syntax("expected `,` or `]`")),
        }
        self.first = false;
        Ok(true)
    }
}
