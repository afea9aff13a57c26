//! Discriminators of unions.

use super::Reader;
use crate::error::DecodeError;
use std::borrow::Cow;

impl<'a> Reader<'a> {
    /// Returns the text of a member of the next value, which stays to be read: `None` if the value
    /// is not an object, or the member is missing or not a string. Of several members with the same
    /// name, the last counts.
    ///
    /// # Errors
    /// If the value is not JSON or is nested too deeply.
    #[doc(hidden)]
    pub fn tag(&mut self, name: &str) -> Result<Option<Cow<'a, str>>, DecodeError> {
        if self.peek() != b'{' {
            return Ok(None);
        }
        let (pos, depth) = (self.pos, self.depth);
        let mut tag = None;
        let mut object = self.object()?;
        while let Some(key) = object.entry(self)? {
            let text = key == name && self.peek() == b'"';
            if text {
                tag = Some(self.string()?);
                continue;
            }
            self.skip()?;
            if key == name {
                tag = None;
            }
        }
        (self.pos, self.depth) = (pos, depth);
        Ok(tag)
    }
}
