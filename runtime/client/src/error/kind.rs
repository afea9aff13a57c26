//! Kinds of errors and phases of calls.

use std::fmt;

/// The kind of an [`Error`](super::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is invalid, for example a path value of `..`. Nothing was sent.
    InvalidRequest,
    /// Credentials are unavailable, or must not be sent to this host.
    Auth,
    /// No connection could be established. Nothing was sent.
    Connect,
    /// The call, an attempt, or a pause in a body timed out.
    Timeout,
    /// The connection broke during an attempt.
    Transport,
    /// The server returned an error.
    Service,
    /// The server reported success, but the body does not match the method's response type.
    Decode,
    /// The server returned a page token twice, so the list would never end.
    PageLoop,
    /// An upload or download cannot continue, for example because its session expired.
    Media,
    /// A long-running operation ended with an error.
    Operation,
}

impl ErrorKind {
    /// Returns a short name for logs, for example `timeout`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Auth => "auth",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Service => "service",
            Self::Decode => "decode",
            Self::PageLoop => "page_loop",
            Self::Media => "media",
            Self::Operation => "operation",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The phase of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Building the request.
    Prepare,
    /// Getting credentials.
    Credentials,
    /// Connecting, sending the request, and waiting for the response head.
    Send,
    /// Reading the response body.
    Body,
    /// Decoding the response.
    Decode,
    /// Waiting before the next attempt.
    Backoff,
}

impl Phase {
    /// Returns a description that completes "while …".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "building the request",
            Self::Credentials => "getting credentials",
            Self::Send => "waiting for the answer",
            Self::Body => "reading the answer",
            Self::Decode => "decoding the answer",
            Self::Backoff => "waiting to try again",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
