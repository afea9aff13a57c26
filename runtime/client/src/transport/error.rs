//! Failures of an exchange below HTTP.

use std::error::Error as StdError;
use std::fmt;

use super::BoxError;

/// What went wrong below HTTP, as far as it matters for trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: name resolution, TCP, proxy or TLS failed. Nothing was sent.
    Connect,
    /// There was a connection, but the server certainly has not processed the request: it was
    /// never written, or the server said so (HTTP/2 `REFUSED_STREAM`, `GOAWAY`).
    NotSent,
    /// Time ran out while waiting for bytes. The request may have been executed.
    Timeout,
    /// The connection broke before the answer was complete. The request may have been executed.
    Interrupted,
    /// The answer's content encoding is damaged.
    Decode,
    /// The source of the request body failed, so the request is incomplete.
    RequestBody,
    /// Anything else: trying again would not help.
    Other,
}

impl TransportErrorKind {
    /// Whether the server may have seen the request.
    #[must_use]
    pub const fn maybe_sent(self) -> bool {
        !matches!(self, Self::Connect | Self::NotSent)
    }

    /// A short name for logs, for example `connect`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::NotSent => "not_sent",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Decode => "decode",
            Self::RequestBody => "request_body",
            Self::Other => "other",
        }
    }
}

/// A failure below HTTP: its kind, what happened, and the cause.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<BoxError>,
}

impl TransportError {
    /// A failure of `kind`; `message` completes "the exchange failed: …".
    #[must_use]
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// What happened, without the cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
