//! The one decision about another attempt.

use std::time::Duration;

use super::{Decision, Failure, RetryBudget, RetryClass, RetryPolicy};
use crate::clock::{Clock, remaining};
use crate::error::{Error, Result};
use crate::random;

/// The longest wait where no deadline bounds one: a day. Longer than that, the caller is better
/// served by an error that says how long.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a wait ends in time: before the deadline, or within a day if there is none.
pub(crate) fn is_before_deadline(wait: Duration, remaining: Option<Duration>) -> bool {
    remaining.map_or(wait <= LONGEST_WAIT, |left| wait < left)
}

/// Decides what follows a failed attempt, for calls, uploads, downloads and batches alike.
///
/// The policy proposes. Nothing that a policy says sends a body again that is spent, repeats what
/// the server may have executed and is not idempotent, waits past the deadline, or spends more
/// than the budget has.
pub(crate) struct Retrier<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) policy: &'a dyn RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    /// When the call must be over, by the clock.
    pub(crate) deadline: Option<Duration>,
    /// When the call began, or last made progress.
    pub(crate) since: Duration,
}

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// Attempts so far, this one included.
    pub(crate) number: u32,
    /// Whether a second execution does no harm.
    pub(crate) idempotent: bool,
    /// Whether the request can be sent again.
    pub(crate) replayable: bool,
}

impl Attempt {
    /// An attempt of what may always be repeated.
    pub(crate) const fn repeatable(number: u32) -> Self {
        Self { number, idempotent: true, replayable: true }
    }
}

impl Retrier<'_> {
    /// The wait before the next attempt; `None` to give up.
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
                self.budget.spend(RetryClass::of(error)).then_some(wait)
            }
            _ => None,
        }
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    ///
    /// `error` itself if there is to be none.
    pub(crate) async fn wait(&self, error: Error, attempt: Attempt) -> Result<()> {
        let Some(wait) = self.decide(&error, attempt) else { return Err(error) };
        self.clock.sleep(wait).await;
        Ok(())
    }
}
