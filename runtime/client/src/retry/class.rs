//! Classification of errors for retries.

use crate::error::{Error, ErrorKind};
use crate::status::{Code, Detail};

/// Classification of errors for retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryClass {
    /// The server did not receive the request: no connection, or no token for the moment.
    Unsent,
    /// The server rejected the request because of load or rate, without executing it.
    Throttled,
    /// The request was sent, but no complete response arrived.
    Interrupted,
    /// The server failed temporarily: 408, 500, 502, 503, 504.
    Transient,
    /// A retry would fail the same way.
    Permanent,
}

impl RetryClass {
    /// Returns the name of the class, for example `throttled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsent => "unsent",
            Self::Throttled => "throttled",
            Self::Interrupted => "interrupted",
            Self::Transient => "transient",
            Self::Permanent => "permanent",
        }
    }

    /// Classifies an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Service => Self::of_response(error),
            ErrorKind::Connect | ErrorKind::Transport if error.is_permanent() => Self::Permanent,
            ErrorKind::Connect => Self::Unsent,
            ErrorKind::Auth if error.is_transient_auth() => Self::Unsent,
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
            // A stream that had begun could report a failure only within its answer of success.
            Some(200..=299) if is_transient(error.code()) => Self::Transient,
            _ if error.code() == Some(Code::ResourceExhausted) && error.retry_after().is_some() => {
                Self::Throttled
            }
            _ => Self::Permanent,
        }
    }
}

/// Returns `true` if a code stands for one of the statuses of temporary failures.
fn is_transient(code: Option<Code>) -> bool {
    matches!(code, Some(Code::Internal | Code::Unavailable | Code::DeadlineExceeded))
}

/// Old-style APIs respond with 403 instead of 429.
fn is_rate_limit(error: &Error) -> bool {
    let rate = ["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"];
    error.reason().is_some_and(|reason| rate.contains(&reason))
}

/// Returns `true` if a quota is exhausted for longer than a call waits: the server names it and
/// gives no delay.
fn is_quota_exhausted(error: &Error) -> bool {
    if error.retry_after().is_some() || is_rate_limit(error) {
        return false;
    }
    let spent = ["quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"];
    error.reason().is_some_and(|reason| spent.contains(&reason))
        || error.details().iter().any(|detail| matches!(detail, Detail::QuotaFailure { .. }))
}
