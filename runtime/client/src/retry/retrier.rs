//! Decision about another attempt.

use std::time::Duration;

use super::{Decision, Failure, RetryBudget, RetryClass, RetryPolicy};
use crate::clock::{Clock, remaining};
use crate::error::{Error, Result};
use crate::observe::{Interceptors, RetryReport};
use crate::random;
use crate::spec::MethodSpec;

/// Maximum delay without a deadline: a day. Beyond that, an error with the delay serves the caller
/// better.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns `true` if a delay ends before the deadline, or within a day without one.
pub(crate) fn is_before_deadline(wait: Duration, remaining: Option<Duration>) -> bool {
    remaining.map_or(wait <= LONGEST_WAIT, |left| wait < left)
}

/// Decides about retries of calls, uploads, downloads, and batches.
///
/// The policy proposes a delay. No policy can resend a consumed body, repeat a non-idempotent
/// request that the server may have executed, wait past the deadline, or exceed the budget.
pub(crate) struct Retrier<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) policy: &'a dyn RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) interceptors: &'a Interceptors,
    pub(crate) method: &'static MethodSpec,
    /// Deadline of the call, by the clock.
    pub(crate) deadline: Option<Duration>,
    /// Time when the call started, or last made progress.
    pub(crate) since: Duration,
}

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// Number of attempts so far, including this one.
    pub(crate) number: u32,
    /// Whether the call is idempotent.
    pub(crate) idempotent: bool,
    /// Whether the body can be sent again.
    pub(crate) replayable: bool,
}

impl Attempt {
    /// Creates an attempt that may always be repeated.
    pub(crate) const fn repeatable(number: u32) -> Self {
        Self { number, idempotent: true, replayable: true }
    }
}

impl Retrier<'_> {
    /// Returns the delay before the next attempt; `None` to stop.
    pub(crate) fn decide(&self, error: &Error, attempt: Attempt) -> Option<Duration> {
        let Attempt { number, idempotent, replayable } = attempt;
        if !replayable || (error.maybe_sent() && !idempotent) {
            return None;
        }
        let failure = Failure {
            error,
            attempts: number,
            elapsed: self.clock.now().saturating_sub(self.since),
            remaining: remaining(self.clock, self.deadline),
            idempotent,
            random: random::next(),
        };
        match self.policy.decide(&failure) {
            Decision::Retry(wait) if is_before_deadline(wait, failure.remaining) => {
                let class = RetryClass::of(error);
                if !self.budget.spend(class) {
                    return None;
                }
                let (method, reason) = (self.method, class.as_str());
                self.interceptors.retrying(&RetryReport { method, reason, error, wait });
                Some(wait)
            }
            _ => None,
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    ///
    /// Returns `error` if there is no further attempt.
    pub(crate) async fn wait(&self, error: Error, attempt: Attempt) -> Result<()> {
        let Some(wait) = self.decide(&error, attempt) else { return Err(error) };
        self.clock.sleep(wait).await;
        Ok(())
    }
}
