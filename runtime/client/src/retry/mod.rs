//! Whether and when a failed attempt is followed by another.
//!
//! Three parts: a [`RetryPolicy`] decides from what is known of one failure, and is a pure
//! function; a [`RetryBudget`] keeps a client from multiplying its load on a service that is
//! down; and the runtime enforces what no policy may change, in calls, uploads, downloads and
//! batches alike: no wait goes past the deadline (without one, past a day), no spent body is sent,
//! and no request that the server may have executed is sent again unless its method is
//! idempotent.

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

/// What a policy knows of a failed attempt.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// What happened.
    pub error: &'a Error,
    /// How many attempts were made, this one included.
    pub attempts: u32,
    /// Time since the call began.
    pub elapsed: Duration,
    /// Time that the call has left; `None` without a deadline.
    pub remaining: Option<Duration>,
    /// Whether a second execution does no harm.
    pub idempotent: bool,
    /// A random number, for jitter.
    pub random: u64,
}

impl<'a> Failure<'a> {
    /// The first failure of a call that is not idempotent and has no deadline.
    #[must_use]
    pub const fn new(error: &'a Error) -> Self {
        let (elapsed, remaining) = (Duration::ZERO, None);
        Self { error, attempts: 1, elapsed, remaining, idempotent: false, random: 0 }
    }
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Try again after this wait.
    Retry(Duration),
    /// Give the error to the caller.
    Stop,
}

/// Decides on further attempts.
///
/// ```
/// use std::time::Duration;
/// use discovery_runtime::retry::{Decision, DefaultRetry, Failure, RetryPolicy};
///
/// /// As the default, but a table that is not there yet is waited for.
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
    /// Decides what follows `failure`. Should depend on nothing else.
    fn decide(&self, failure: &Failure<'_>) -> Decision;
}

impl<T: RetryPolicy + ?Sized> RetryPolicy for Arc<T> {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        (**self).decide(failure)
    }
}

#[cfg(test)]
mod tests;
