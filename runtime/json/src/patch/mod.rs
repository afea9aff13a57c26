//! Bodies of PATCH calls: what changed between two values.
//!
//! There are two ways to tell a server what changes, and each method takes one of them:
//!
//! - [`MaskedPatch`], for methods with an update mask ([AIP-134]): the mask names what changes, and
//!   the body has the new values. A named member that the body lacks is cleared. Maps and lists are
//!   replaced whole.
//! - [`MergePatch`], for methods without one ([RFC 7396]): the body alone tells. A member that it
//!   lacks stays as it is, so everything that goes, keys of maps too, is an explicit `null`; a
//!   [`Map`](crate::Map) cannot be left with a null in it. Lists are replaced whole.
//!
//! One in place of the other changes too much or too little, and the server does not notice. The
//! functions that generated crates have for such methods (`patch_between`, or `between` of the
//! request) choose the right one.
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

/// Why the difference of two values cannot be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchError {
    path: String,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq)]
enum Problem {
    /// A merge patch reads a null as "remove".
    Null,
    /// No field path can have this name.
    Name,
    /// A mask is for members of an object.
    NotAnObject,
    Unreadable(DecodeError),
}

impl PatchError {
    #[cold]
    fn new(path: &str, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem }
    }

    /// Path of the member; empty for the whole value.
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
                "a JSON merge patch (RFC 7396) cannot set this to null: it removes what is null"
            }
            Problem::Name => "a field mask cannot name this: the name has a backtick",
            Problem::NotAnObject => "only an object can be changed under a field mask",
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

/// A path, the last name in backticks if it is not an identifier (AIP-161).
fn join(prefix: &str, name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let name = if !name.is_empty() && name.bytes().all(plain) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("`{name}`"))
    };
    if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") }
}
