//! Patches: bodies of PATCH calls, computed from an old and a new value.
//!
//! A method accepts one of two forms:
//!
//! - [`MaskedPatch`], for methods with an update mask ([AIP-134]): the mask names the changes, and
//!   the body has the new values. A field in the mask but not in the body is cleared. Maps and
//!   lists are replaced as a whole.
//! - [`MergePatch`], for methods without one ([RFC 7396]): absent fields stay as they are, so
//!   removed fields and map keys are explicit nulls, and no [`Map`](crate::Map) can store a null.
//!   Lists are replaced as a whole.
//!
//! The wrong form changes too much or too little without an error. The generated functions for such
//! methods (`patch_between`, or `between` of the request) choose the right one.
//!
//! [AIP-134]: https://google.aip.dev/134
//! [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396

mod mask;
mod merge;
mod null;
mod tree;

pub use mask::{MaskDepth, MaskedPatch};
pub use merge::MergePatch;
pub(crate) use null::{split_first, with_null};

use crate::error::DecodeError;
use std::borrow::Cow;
use std::fmt;

/// Error of a difference that cannot be expressed as a patch.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchError {
    path: String,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq)]
enum Problem {
    /// A merge patch interprets null as removal.
    Null,
    /// The name cannot be part of a field path.
    Name,
    /// Field masks apply to objects only.
    NotAnObject,
    Unreadable(DecodeError),
}

impl PatchError {
    #[cold]
    fn new(path: &str, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem }
    }

    /// Returns the path of the field; empty for the whole value.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl From<DecodeError> for PatchError {
    fn from(error: DecodeError) -> Self {
        Self { path: error.path().to_owned(), problem: Problem::Unreadable(error) }
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.problem {
            Problem::Unreadable(error) => return error.fmt(f),
            Problem::Null => {
                "a JSON merge patch (RFC 7396) cannot set a value to null: null removes it"
            }
            Problem::Name => "a field mask cannot contain this name: it has a backtick",
            Problem::NotAnObject => "only objects can be changed with a field mask",
        };
        if self.path.is_empty() { f.write_str(what) } else { write!(f, "{}: {what}", self.path) }
    }
}

impl std::error::Error for PatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Unreadable(error) => Some(error),
            Problem::Null | Problem::Name | Problem::NotAnObject => None,
        }
    }
}

/// Joins a path and a name, quoted in backticks if it is not an identifier (AIP-161).
fn join(prefix: &str, name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let name = if !name.is_empty() && name.bytes().all(plain) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("`{name}`"))
    };
    if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") }
}
