//! Errors of decoding.

use std::borrow::Cow;
use std::fmt;

/// The kind of a [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON (RFC 8259), is not UTF-8, or continues after the value.
    Syntax,
    /// Objects and lists are nested more than 127 levels deep.
    Depth,
    /// The value has another JSON kind than its type, such as a list instead of a string.
    WrongKind,
    /// The value has the right kind but is out of range or malformed, such as `"12:61"` as a
    /// timestamp.
    Value,
}

/// The cause of an error; formatted on display only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    Syntax(&'static str),
    Depth,
    WrongKind { expected: &'static str, found: &'static str },
    Value(Box<str>),
}

/// An error of decoding.
///
/// The message names the field path, and line and column (both starting at 1, columns in bytes).
#[derive(Clone, PartialEq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    problem: Problem,
    offset: usize,
    position: Option<Position>,
}

/// Position of an error.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Position {
    pub(crate) path: String,
    pub(crate) pointer: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(problem: Problem, offset: usize) -> Self {
        Self(Box::new(Inner { problem, offset, position: None }))
    }

    #[cold]
    pub(crate) fn value(message: impl Into<Box<str>>, offset: usize) -> Self {
        let message: Box<str> = message.into();
        Self::new(Problem::Value(shortened(&message, MESSAGE_LIMIT).into()), offset)
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.0.problem {
            Problem::Syntax(_) => ErrorKind::Syntax,
            Problem::Depth => ErrorKind::Depth,
            Problem::WrongKind { .. } => ErrorKind::WrongKind,
            Problem::Value(_) => ErrorKind::Value,
        }
    }

    /// Returns the offset, in bytes, of the value or character that could not be read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Returns the field path, for example `matchingJobs[3].job.title`. Empty for the whole text,
    /// or if the error comes from a bare [`crate::Reader`] and has no position yet. Names of members
    /// of more than 100 bytes are cut, and end in `…`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.position.as_ref().map_or("", |position| &position.path)
    }

    /// Returns the JSON pointer ([RFC 6901]) of the value, for example
    /// `/matchingJobs/3/job/title`. Empty and cut in the same cases as [`path`](Self::path).
    ///
    /// [RFC 6901]: https://www.rfc-editor.org/rfc/rfc6901
    #[must_use]
    pub fn pointer(&self) -> &str {
        self.0.position.as_ref().map_or("", |position| &position.pointer)
    }

    /// Returns the cause without the position, for example `expected a boolean, found a string`.
    #[must_use]
    pub fn reason(&self) -> String {
        self.0.problem.to_string()
    }

    /// Returns `true` if the text is JSON, but a value does not fit its type.
    pub(crate) fn is_misfit(&self) -> bool {
        matches!(self.kind(), ErrorKind::WrongKind | ErrorKind::Value)
    }

    /// Returns the line, starting at 1; 0 without a position.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.position.as_ref().map_or(0, |position| position.line)
    }

    /// Returns the column, in bytes, starting at 1; 0 without a position.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.position.as_ref().map_or(0, |position| position.column)
    }

    /// Formats path and cause, for text that is unknown to the user.
    #[cfg(feature = "serde")]
    pub(crate) fn without_position(&self) -> String {
        match self.path() {
            "" => self.0.problem.to_string(),
            path => format!("{path}: {}", self.0.problem),
        }
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        self.0.position = Some(position);
    }
}

/// Maximum length of a message in bytes. Messages quote values, which may be of any length.
const MESSAGE_LIMIT: usize = 300;

/// Returns the start of a text that is longer than a number of bytes, with an ellipsis.
pub(crate) fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let start = (0..=limit).rev().find_map(|end| text.get(..end)).unwrap_or_default();
    Cow::Owned(format!("{start}…"))
}

/// Returns the end of a text, of a number of bytes at most.
fn end(text: &str, limit: usize) -> &str {
    let from = text.len().saturating_sub(limit);
    (from..=text.len()).find_map(|start| text.get(start..)).unwrap_or_default()
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            "" => {}
            path if path.len() <= MESSAGE_LIMIT => write!(f, "{path}: ")?,
            // The end tells more than the start.
            path => write!(f, "…{}: ", end(path, MESSAGE_LIMIT))?,
        }
        self.0.problem.fmt(f)?;
        match &self.0.position {
            Some(position) => write!(f, " at line {} column {}", position.line, position.column),
            None => write!(f, " at byte {}", self.0.offset),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(what) => f.write_str(what),
            Self::Depth => f.write_str("nested more than 127 deep"),
            Self::WrongKind { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Value(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({:?}: {self})", self.kind())
    }
}

impl std::error::Error for DecodeError {}

/// Error of text or a number that is not a value of its type.
///
/// Returned by `FromStr` and the checked constructors of the value types. The message states what
/// is wrong and what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(Box<str>);

impl ValueError {
    #[cold]
    pub(crate) fn new(message: impl Into<Box<str>>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}

impl From<ValueError> for Box<str> {
    fn from(error: ValueError) -> Self {
        error.0
    }
}

/// Conversions that cannot fail have no error to give.
impl From<std::convert::Infallible> for ValueError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use crate::Json;

    #[test]
    fn a_long_name_shows_little_of_itself() {
        let text = format!("{{\"{}\":x}}", "k".repeat(1 << 20));
        let error = crate::from_str::<Json>(&text).unwrap_err();
        let shown = format!("{error}{error:?}{error:#?}{}{}", error.path(), error.pointer());
        assert!(shown.len() < 1000, "{} bytes", shown.len());
        let nested = format!("{}{{\"{}\":x", "{\"kkkkkkkkkk\":".repeat(100), "k".repeat(1000));
        let error = crate::from_str::<Json>(&nested).unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
    }
}
