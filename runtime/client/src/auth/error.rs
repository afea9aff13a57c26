//! Errors of authorization.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The kind of an [`AuthError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// No credentials were configured or found.
    NotFound,
    /// Credentials, a key, or a file are unusable.
    Invalid,
    /// The token service rejected the request: the grant was revoked, has expired, or lacks
    /// permission.
    Refused,
    /// The token service could not be reached or failed. May be temporary.
    Unavailable,
    /// The deadline of the call passed while waiting for a token.
    Timeout,
    /// The response of the token service was malformed.
    Malformed,
    /// The secret would have been sent unencrypted, or to another universe.
    Insecure,
}

impl AuthErrorKind {
    /// Returns a short name for logs, for example `refused`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Insecure => "insecure",
        }
    }
}

/// An authorization failure. Cheap to clone; contains no secret.
#[derive(Clone)]
pub struct AuthError {
    inner: Arc<Inner>,
    retry_after: Option<Duration>,
}

struct Inner {
    kind: AuthErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl AuthError {
    /// Creates an error. `message` must say what happened and what to do, and must not contain a
    /// secret.
    #[must_use]
    pub fn new(kind: AuthErrorKind, message: impl Into<String>) -> Self {
        Self::build(kind, message.into(), None)
    }

    /// Creates an error with a cause. The cause is printed as well, so it must not contain a
    /// secret.
    #[must_use]
    pub fn with_source(
        kind: AuthErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::build(kind, message.into(), Some(source.into()))
    }

    fn build(
        kind: AuthErrorKind,
        message: String,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { inner: Arc::new(Inner { kind, message, source }), retry_after: None }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> AuthErrorKind {
        self.inner.kind
    }

    /// Returns `true` if the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.inner.kind == AuthErrorKind::Unavailable
    }

    /// Returns how long the failure stays cached: until then, the same error is returned without a
    /// request.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn with_retry_after(&self, left: Duration) -> Self {
        Self { inner: Arc::clone(&self.inner), retry_after: Some(left) }
    }

    pub(crate) fn is_timeout(&self) -> bool {
        self.inner.kind == AuthErrorKind::Timeout
    }

    pub(crate) fn timeout(what: &str) -> Self {
        Self::new(
            AuthErrorKind::Timeout,
            format!(
                "the deadline passed while {what}; give the call more time or check the network"
            ),
        )
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("AuthError");
        out.field("kind", &self.inner.kind).field("message", &self.inner.message);
        if let Some(source) = &self.inner.source {
            out.field("source", source);
        }
        if let Some(left) = &self.retry_after {
            out.field("retry_after", left);
        }
        out.finish()
    }
}

impl StdError for AuthError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
