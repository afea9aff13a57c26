//! Why text could not be decoded, and where.

use std::fmt;

/// What is wrong with the text, for programs that decide on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON (RFC 8259), is not UTF-8, or goes on after the value.
    Syntax,
    /// Objects and lists are nested more than 127 deep.
    Depth,
    /// The value is of another JSON kind than its type: a list where text is expected.
    WrongKind,
    /// The value is of the right kind, but out of range or malformed: `"12:61"` as a timestamp.
    Value,
}

/// The problem as the reader met it; texts are made only when an error is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    Syntax(&'static str),
    Depth,
    WrongKind { expected: &'static str, found: &'static str },
    Value(Box<str>),
}

/// An error of decoding: what is wrong, and where.
///
/// The message names the path of the field, and line and column (both from 1, columns in bytes).
#[derive(Clone, PartialEq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    problem: Problem,
    offset: usize,
    position: Option<Position>,
}

/// Where an error is, in the terms of a reader of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Position {
    pub(crate) path: String,
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
        Self::new(Problem::Value(message.into()), offset)
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.0.problem {
            Problem::Syntax(_) => ErrorKind::Syntax,
            Problem::Depth => ErrorKind::Depth,
            Problem::WrongKind { .. } => ErrorKind::WrongKind,
            Problem::Value(_) => ErrorKind::Value,
        }
    }

    /// Offset in bytes of the value or character that could not be read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Path of the field, for example `matchingJobs[3].job.title`; empty for the whole text, or
    /// when the error comes from a bare [`crate::Reader`] and was not located yet.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.position.as_ref().map_or("", |position| &position.path)
    }

    /// Line from 1; 0 if not located.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.position.as_ref().map_or(0, |position| position.line)
    }

    /// Column from 1, in bytes; 0 if not located.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.position.as_ref().map_or(0, |position| position.column)
    }

    /// Path and problem; for text that the user has not seen.
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

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path().is_empty() {
            write!(f, "{}: ", self.path())?;
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

/// A text or number that is not a value of the type it was given to.
///
/// Returned by `FromStr` and the checked constructors of the value types. The message says what is
/// wrong and what is expected.
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
