//! Why a call could not be authorised.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What kind of failure it was, which tells what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// There are no credentials: none were configured and none were found.
    NotFound,
    /// Credentials, a key or a file cannot be used as they are.
    Invalid,
    /// The token service refused: the grant was revoked, has expired or lacks rights.
    Refused,
    /// The token service could not be reached or had a failure of its own. May pass.
    Unavailable,
    /// The deadline of the call passed while waiting for a token.
    Timeout,
    /// The answer of the token service made no sense.
    Malformed,
    /// The secret would have travelled in the clear, or to another universe.
    Insecure,
}

/// A failure to authorise a call. Cheap to clone; holds no secret.
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
    /// A failure of this kind. The message says what happened and what to do next; it must not
    /// hold a secret.
    #[must_use]
    pub fn new(kind: AuthErrorKind, message: impl Into<String>) -> Self {
        Self::build(kind, message.into(), None)
    }

    /// The same with what caused it. The cause is printed too, so it must not hold a secret.
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

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> AuthErrorKind {
        self.inner.kind
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.inner.kind == AuthErrorKind::Unavailable
    }

    /// How long the failure is remembered: asking earlier gives the same answer unasked.
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
