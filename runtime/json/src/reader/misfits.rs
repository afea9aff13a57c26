//! Values of responses that do not fit their types.

use super::aside::Asides;
use super::locate::locate_all;
use crate::error::DecodeError;
use std::collections::BTreeMap;

/// The values of a response that do not fit their types, and were set aside in the
/// [`Extra`](crate::Extra) of their models. Returned by [`read_response`](crate::read_response).
#[derive(Debug, Default)]
pub struct Misfits {
    count: usize,
    first: Option<DecodeError>,
    members: BTreeMap<Box<str>, DecodeError>,
    errorless: bool,
}

impl Misfits {
    pub(crate) fn new(text: &str, asides: Asides) -> Self {
        let (count, errorless) = (asides.len(), asides.errorless());
        if count == 0 {
            return Self { errorless, ..Self::default() };
        }
        let (mut errors, mut members) = asides.into_parts();
        locate_all(text, errors.iter_mut().take(1));
        locate_all(text, members.values_mut());
        Self { count, first: errors.into_iter().next(), members, errorless }
    }

    /// Returns `true` if the response certainly has no member `error` that its type does not
    /// declare.
    #[doc(hidden)]
    #[must_use]
    pub fn errorless(&self) -> bool {
        self.errorless
    }

    /// Returns `true` if all values fit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the number of members set aside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns the error of the first value, with its position.
    #[must_use]
    pub fn first(&self) -> Option<&DecodeError> {
        self.first.as_ref()
    }

    /// Returns the error of a member of the outermost object, if it was set aside.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&DecodeError> {
        self.members.get(name)
    }
}
