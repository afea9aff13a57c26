//! What a failure means for trying again.

use crate::error::{Error, ErrorKind};
use crate::status::{Code, Detail};

/// What a failure means for trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryClass {
    /// The server has seen nothing: no connection, no token for the moment.
    Unsent,
    /// The server refused before it did anything, because of load or rate.
    Throttled,
    /// The request went out and no complete answer came back.
    Interrupted,
    /// The server failed in a way that may pass: 408, 500, 502, 503, 504.
    Transient,
    /// Trying again would give the same.
    Permanent,
}

impl RetryClass {
    /// The class of `error`.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Service => Self::of_response(error),
            ErrorKind::Connect => Self::Unsent,
            ErrorKind::Auth if error.is_transient_auth() => Self::Unsent,
            ErrorKind::Transport if error.is_permanent() => Self::Permanent,
            ErrorKind::Transport | ErrorKind::Timeout => {
                if error.maybe_sent() {
                    Self::Interrupted
                } else {
                    Self::Unsent
                }
            }
            ErrorKind::Decode if error.is_truncated_success() => Self::Interrupted,
            _ => Self::Permanent,
        }
    }

    fn of_response(error: &Error) -> Self {
        match error.http_status().map(|status| status.as_u16()) {
            Some(429) if is_quota_exhausted(error) => Self::Permanent,
            Some(429) => Self::Throttled,
            Some(403) if is_rate_limit(error) => Self::Throttled,
            Some(408 | 500 | 502 | 503 | 504) => Self::Transient,
            _ if error.code() == Some(Code::ResourceExhausted) && error.retry_after().is_some() => {
                Self::Throttled
            }
            _ => Self::Permanent,
        }
    }
}

/// Old-style APIs answer 403 where newer ones answer 429.
fn is_rate_limit(error: &Error) -> bool {
    let rate = ["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"];
    error.reason().is_some_and(|reason| rate.contains(&reason))
}

/// A quota that will not refill while a call waits: the server names one and gives no delay.
fn is_quota_exhausted(error: &Error) -> bool {
    if error.retry_after().is_some() || is_rate_limit(error) {
        return false;
    }
    let spent = ["quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"];
    error.reason().is_some_and(|reason| spent.contains(&reason))
        || error.details().iter().any(|detail| matches!(detail, Detail::QuotaFailure { .. }))
}
