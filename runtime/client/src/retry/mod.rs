//! Retries of failed attempts.
//!
//! A [`RetryPolicy`] decides about one failure, as a pure function. A [`RetryBudget`] limits the
//! load on a failing service. The runtime enforces limits that no policy can override, for calls,
//! uploads, downloads, and batches alike: delays end before the deadline (or within a day without
//! one), a consumed body is not sent again, and a request that the server may have executed is
//! repeated only if it is idempotent.

mod budget;
mod class;
mod delay;
mod policy;

mod retrier;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::budget::RetryBudget;
pub use self::class::RetryClass;
pub(crate) use self::delay::server_delay;
pub use self::policy::{DefaultRetry, NoRetry};
pub(crate) use self::retrier::{Attempt, Retrier, is_before_deadline};
use crate::error::Error;
use crate::spec::MethodSpec;

/// A failed attempt, as seen by a policy.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// Error of the attempt.
    pub error: &'a Error,
    /// Number of attempts so far, including this one.
    pub attempts: u32,
    /// Time since the start of the call.
    pub elapsed: Duration,
    /// Time left until the deadline; `None` without one.
    pub remaining: Option<Duration>,
    /// Whether the call is idempotent.
    pub idempotent: bool,
    /// Random number for jitter.
    pub random: u64,
}

impl<'a> Failure<'a> {
    /// Creates the first failure of a call that is not idempotent and has no deadline.
    #[must_use]
    pub const fn new(error: &'a Error) -> Self {
        let (elapsed, remaining) = (Duration::ZERO, None);
        Self { error, attempts: 1, elapsed, remaining, idempotent: false, random: 0 }
    }
}

/// Decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Retry after this delay.
    Retry(Duration),
    /// Return the error to the caller.
    Stop,
}

/// A policy for retries.
///
/// ```
/// use std::time::Duration;
/// use discovery_runtime::retry::{Decision, DefaultRetry, Failure, RetryPolicy};
///
/// /// Like the default, but also waits for a table that does not exist yet.
/// #[derive(Debug)]
/// struct Patient(DefaultRetry);
///
/// impl RetryPolicy for Patient {
///     fn decide(&self, failure: &Failure<'_>) -> Decision {
///         if failure.error.is_not_found() && failure.attempts < 10 {
///             return Decision::Retry(Duration::from_secs(1));
///         }
///         self.0.decide(failure)
///     }
/// }
/// ```
pub trait RetryPolicy: fmt::Debug + Send + Sync {
    /// Decides what follows `failure`. The result should depend on nothing else.
    fn decide(&self, failure: &Failure<'_>) -> Decision;

    /// Returns whether a call of `method` may be repeated even if the server may have executed it.
    ///
    /// `known` is what the method and the arguments of the call say: its verb, a request ID, or a
    /// precondition. A policy can know more, for example that no other program changes these
    /// resources. [`CallOptions::with_idempotent`](crate::CallOptions::with_idempotent) takes
    /// precedence.
    fn is_idempotent(&self, method: &'static MethodSpec, known: bool) -> bool {
        let _ = method;
        known
    }
}

impl<T: RetryPolicy + ?Sized> RetryPolicy for Arc<T> {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        (**self).decide(failure)
    }

    fn is_idempotent(&self, method: &'static MethodSpec, known: bool) -> bool {
        (**self).is_idempotent(method, known)
    }
}

/// Returns whether an error may be the effect of an earlier attempt: the resource that it deleted is
/// gone, the one that it created exists, the version that it changed is another one.
pub(crate) fn is_own_effect(deletes: bool, error: &Error) -> bool {
    match error.http_status().map(|status| status.as_u16()) {
        Some(404 | 410) => deletes,
        Some(409 | 412) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
