//! Errors below HTTP.

use std::error::Error as StdError;
use std::fmt;

use super::BoxError;

/// The kind of a [`TransportError`], as relevant for retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: DNS, TCP, proxy, or TLS failed. Nothing was sent.
    Connect,
    /// The server's certificate is not trusted, expired, or for another host. Nothing was sent, and a
    /// retry would not help.
    Certificate,
    /// The server has not processed the request: it was never written, or the server reported so
    /// (HTTP/2 `REFUSED_STREAM`, `GOAWAY`).
    NotSent,
    /// A timeout while waiting for bytes. The request may have been executed.
    Timeout,
    /// The connection broke before the response was complete. The request may have been executed.
    Interrupted,
    /// The content encoding of the response is corrupt.
    Decode,
    /// The source of the request body failed, so the request is incomplete.
    RequestBody,
    /// Any other error; a retry would not help.
    Other,
}

impl TransportErrorKind {
    /// Returns `true` if the server may have received the request.
    #[must_use]
    pub const fn maybe_sent(self) -> bool {
        !matches!(self, Self::Connect | Self::Certificate | Self::NotSent)
    }

    /// Returns a short name for logs, for example `connect`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Certificate => "certificate",
            Self::NotSent => "not_sent",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Decode => "decode",
            Self::RequestBody => "request_body",
            Self::Other => "other",
        }
    }
}

/// An error below HTTP, with its kind and cause.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<BoxError>,
}

impl TransportError {
    /// Creates an error; `message` completes "the exchange failed: …".
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

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns the message, without the cause.
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
