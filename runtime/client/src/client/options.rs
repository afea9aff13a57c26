//! What a client, and each call, may be told beside the arguments.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Result};
use crate::retry::RetryPolicy;

/// Settings of a call; those of the client are where it starts from.
#[derive(Clone, Default)]
pub struct Options {
    pub(crate) timeout: Limit,
    pub(crate) attempt_timeout: Limit,
    pub(crate) stall_timeout: Limit,
    pub(crate) idempotent: Option<bool>,
    pub(crate) retry: Option<Arc<dyn RetryPolicy>>,
    pub(crate) scopes: Option<Arc<[String]>>,
    pub(crate) headers: HeaderMap,
}

/// A time limit: not said, none, or so long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Whatever applies otherwise.
    #[default]
    Inherit,
    /// As long as it takes.
    None,
    /// At most this long.
    At(Duration),
}

impl Limit {
    fn or(self, fallback: Option<Duration>) -> Option<Duration> {
        match self {
            Self::Inherit => fallback,
            Self::None => None,
            Self::At(duration) => Some(duration),
        }
    }
}

/// The time limits of a call: each its own, else the client's, else the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// For the whole call.
    pub(crate) call: Option<Duration>,
    /// For one attempt.
    pub(crate) attempt: Option<Duration>,
    /// For a streamed body, without a byte.
    pub(crate) stall: Option<Duration>,
}

impl From<Option<Duration>> for Limit {
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::None, Self::At)
    }
}

impl Options {
    /// Time for a whole call: credentials, every attempt, the waits between them.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
    /// Time for one attempt.
    pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
    /// Time without a single byte, in a body that is streamed.
    pub const DEFAULT_STALL_TIMEOUT: Duration = Duration::from_secs(30);

    /// Options that say nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The limits of a call with these options, by a client with those of `client`.
    pub(crate) fn limits(&self, client: &Self) -> TimeLimits {
        let of = |own: Limit, inherited: Limit, default| own.or(inherited.or(Some(default)));
        TimeLimits {
            call: of(self.timeout, client.timeout, Self::DEFAULT_TIMEOUT),
            attempt: of(
                self.attempt_timeout,
                client.attempt_timeout,
                Self::DEFAULT_ATTEMPT_TIMEOUT,
            ),
            stall: of(self.stall_timeout, client.stall_timeout, Self::DEFAULT_STALL_TIMEOUT),
        }
    }

    /// The time for a whole transfer of media. The client's timeout is meant for small calls: only
    /// the call's own one counts.
    pub(crate) fn transfer_timeout(&self) -> Option<Duration> {
        self.timeout.or(None)
    }

    /// Sets the time for a whole call; `None` for as long as it takes. Default: 60 s.
    pub fn set_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.timeout = timeout.into().into();
    }

    /// Sets the time for one attempt; `None` for as long as the call has. Default: 30 s.
    pub fn set_attempt_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.attempt_timeout = timeout.into().into();
    }

    /// Sets how long a streamed body may rest without a byte; `None` for ever. Default: 30 s.
    pub fn set_stall_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.stall_timeout = timeout.into().into();
    }

    /// Says whether a second execution does no harm, in place of what the method's descriptor
    /// says. Only then is a request sent again that the server may have executed.
    pub fn set_idempotent(&mut self, idempotent: bool) {
        self.idempotent = Some(idempotent);
    }

    /// Sets the policy that decides on further attempts.
    pub fn set_retry(&mut self, policy: impl RetryPolicy + 'static) {
        self.retry = Some(Arc::new(policy));
    }

    /// Sets the OAuth scopes that tokens are asked for, in place of the least of the method's.
    pub fn set_scopes(&mut self, scopes: impl IntoIterator<Item = impl Into<String>>) {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
    }

    /// Adds a request header; an earlier value of that name is replaced.
    ///
    /// # Errors
    ///
    /// When `name` or `value` cannot be a header, or the header is one that the client itself
    /// must set (`host`, `content-length`, `transfer-encoding`, `connection`).
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        let (name, value) = header(name, value)?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Headers that the call sends.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// Checks a header of the caller's.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    const RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];
    let parsed = HeaderName::try_from(name)
        .map_err(|_| Error::invalid(format!("{name:?} cannot be the name of a header")))?;
    if RESERVED.contains(&parsed.as_str()) {
        return Err(Error::invalid(format!("header {parsed} is set by the client itself")));
    }
    // The value may be a secret: it is not shown.
    let mut value = HeaderValue::try_from(value).map_err(|_| {
        Error::invalid(format!("the value for header {parsed} holds a control character"))
    })?;
    value.set_sensitive(crate::redact::secrets::is_secret_header(parsed.as_str()));
    Ok((parsed, value))
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("stall_timeout", &self.stall_timeout)
            .field("idempotent", &self.idempotent)
            .field("retry", &self.retry)
            .field("scopes", &self.scopes)
            .field("headers", &names)
            .finish()
    }
}
