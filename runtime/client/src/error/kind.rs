//! Kinds of failure, and where in a call they happen.

use std::fmt;

/// What kind of failure an [`Error`](super::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The arguments cannot be sent, for example a path value of `..`. Nothing was sent.
    InvalidRequest,
    /// Credentials could not be had, or must not be sent to this address.
    Auth,
    /// No connection to the server. Nothing was sent.
    Connect,
    /// The call's deadline, an attempt's timeout or a stall.
    Timeout,
    /// The connection broke during an attempt.
    Transport,
    /// The server answered with an error.
    Service,
    /// The server answered with success, but its body is not what the method gives.
    Decode,
    /// The server gave the same page token twice: following it would not end.
    PageLoop,
    /// An upload or download cannot go on, for example because its session expired.
    Media,
    /// A long-running operation ended with an error.
    Operation,
}

impl ErrorKind {
    /// A short name for logs, for example `timeout`.
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

/// What a call was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Building the request.
    Prepare,
    /// Getting credentials.
    Credentials,
    /// Connecting, sending the request, waiting for the answer's head.
    Send,
    /// Reading the answer's body.
    Body,
    /// Decoding the answer.
    Decode,
    /// Waiting before the next attempt.
    Backoff,
}

impl Phase {
    /// What the call was doing, as the end of "while …".
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
