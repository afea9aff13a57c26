//! Options of clients and calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Result};
use crate::retry::RetryPolicy;

/// Options of a call. Unset options default to those of the client.
#[derive(Clone, Default)]
pub struct Options {
    pub(crate) timeout: Limit,
    pub(crate) attempt_timeout: Limit,
    pub(crate) stall_timeout: Limit,
    pub(crate) idempotent: Option<bool>,
    pub(crate) request_ids: Option<bool>,
    pub(crate) strict_responses: Option<bool>,
    pub(crate) retry: Option<Arc<dyn RetryPolicy>>,
    pub(crate) scopes: Option<Arc<[String]>>,
    pub(crate) headers: HeaderMap,
}

/// A timeout that can be unset, disabled, or limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Uses the inherited timeout.
    #[default]
    Inherit,
    /// Disables the timeout.
    None,
    /// Limits the time.
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

/// The timeouts of a call: its own, else the client's, else the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// Timeout of the whole call.
    pub(crate) call: Option<Duration>,
    /// Timeout of one attempt.
    pub(crate) attempt: Option<Duration>,
    /// Longest pause of a streamed body.
    pub(crate) stall: Option<Duration>,
}

impl From<Option<Duration>> for Limit {
    fn from(limit: Option<Duration>) -> Self {
        limit.map_or(Self::None, Self::At)
    }
}

impl Options {
    /// Default timeout of a whole call, including credentials, all attempts, and the delays between
    /// them.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
    /// Default timeout of one attempt.
    pub const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
    /// Default timeout of a whole call whose server holds the request
    /// ([`MethodSpec::holds`](crate::spec::MethodSpec::holds)).
    pub const DEFAULT_HELD_TIMEOUT: Duration = Duration::from_secs(10 * 60);
    /// Default timeout of one attempt of such a call. Compute holds a request for two minutes.
    pub const DEFAULT_HELD_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3 * 60);
    /// Default limit of a pause in a streamed body.
    pub const DEFAULT_STALL_TIMEOUT: Duration = Duration::from_secs(30);

    /// Creates options without any setting.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the timeouts of a call with these options, by a client with the options `client`.
    /// `held` is whether the server holds the request.
    pub(crate) fn limits(&self, client: &Self, held: bool) -> TimeLimits {
        let (call, attempt) = match held {
            true => (Self::DEFAULT_HELD_TIMEOUT, Self::DEFAULT_HELD_ATTEMPT_TIMEOUT),
            false => (Self::DEFAULT_TIMEOUT, Self::DEFAULT_ATTEMPT_TIMEOUT),
        };
        let of = |own: Limit, inherited: Limit, default| own.or(inherited.or(Some(default)));
        TimeLimits {
            call: of(self.timeout, client.timeout, call),
            attempt: of(self.attempt_timeout, client.attempt_timeout, attempt),
            stall: of(self.stall_timeout, client.stall_timeout, Self::DEFAULT_STALL_TIMEOUT),
        }
    }

    /// Returns the timeout of a media transfer. The client's timeout is meant for small calls, so
    /// only the call's own timeout applies.
    pub(crate) fn transfer_timeout(&self) -> Option<Duration> {
        self.timeout.or(None)
    }

    /// Sets the timeout of a whole call; `None` disables it. Defaults to 60 s.
    pub fn set_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.timeout = timeout.into().into();
    }

    /// Sets the timeout of one attempt; `None` leaves it to the call's timeout. Defaults to 30 s.
    pub fn set_attempt_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.attempt_timeout = timeout.into().into();
    }

    /// Sets the longest pause of a streamed body; `None` disables the limit. Defaults to 30 s.
    pub fn set_stall_timeout(&mut self, timeout: impl Into<Option<Duration>>) {
        self.stall_timeout = timeout.into().into();
    }

    /// Overrides whether the call is idempotent. Only idempotent calls are repeated if the server
    /// may have executed them.
    pub fn set_idempotent(&mut self, idempotent: bool) {
        self.idempotent = Some(idempotent);
    }

    /// Sets whether calls get IDs by which servers recognize repetitions, where the method takes
    /// one and the caller set none ([AIP-155](https://google.aip.dev/155)). Defaults to true.
    pub fn set_request_ids(&mut self, on: bool) {
        self.request_ids = Some(on);
    }

    /// Sets whether values of responses that do not fit their types are errors. Defaults to false:
    /// they are set aside in the `extra` of their models.
    pub fn set_strict_responses(&mut self, strict: bool) {
        self.strict_responses = Some(strict);
    }

    /// Returns whether a call with these options is strict, by a client with the options `client`.
    pub(crate) fn is_strict(&self, client: &Self) -> bool {
        self.strict_responses.or(client.strict_responses).unwrap_or(false)
    }

    /// Sets the retry policy.
    pub fn set_retry(&mut self, policy: impl RetryPolicy + 'static) {
        self.retry = Some(Arc::new(policy));
    }

    /// Sets the OAuth scopes of the token, instead of the method's default scope.
    pub fn set_scopes(&mut self, scopes: impl IntoIterator<Item = impl Into<String>>) {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
    }

    /// Sets a request header, replacing an earlier value.
    ///
    /// # Errors
    ///
    /// If `name` or `value` is invalid in a header, or the client sets the header itself (`host`,
    /// `content-length`, `transfer-encoding`, `connection`).
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        let (name, value) = header(name, value)?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Returns the headers of the call.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// Validates a header set by the caller.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    const RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];
    let parsed = HeaderName::try_from(name)
        .map_err(|_| Error::invalid(format!("{name:?} cannot be the name of a header")))?;
    if RESERVED.contains(&parsed.as_str()) {
        return Err(Error::invalid(format!("header {parsed} is set by the client itself")));
    }
    // The value may be a secret, so it is not shown.
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
            .field("request_ids", &self.request_ids)
            .field("strict_responses", &self.strict_responses)
            .field("retry", &self.retry)
            .field("scopes", &self.scopes)
            .field("headers", &names)
            .finish()
    }
}
