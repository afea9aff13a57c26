//! Built-in retry policies.

use std::time::Duration;

use super::{Decision, Failure, RetryClass, RetryPolicy};

/// Exponential backoff with full jitter. Delays requested by the server are honored in full.
///
/// | failure | idempotent | other |
/// |---|---|---|
/// | no connection, request not processed, no token for the moment | retry | retry |
/// | 429, 403 `rateLimitExceeded`, `RESOURCE_EXHAUSTED` with a delay | retry | retry |
/// | reset, timeout of an attempt, incomplete response | retry | stop |
/// | 408, 500, 502, 503, 504 | retry | stop |
/// | exhausted quota without a delay, any other 4xx, 501, a response that is not JSON | stop | stop |
///
/// If the delay exceeds the call's deadline, the error is returned at once, with
/// [`retry_after`](crate::Error::retry_after) if the server requested a delay. Calls without a
/// deadline, such as most uploads, return the error if the server requests more than 10 minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultRetry {
    max_attempts: u32,
    base: Duration,
    throttled_base: Duration,
    cap: Duration,
    throttled: bool,
    longest_delay: Duration,
}

impl Default for DefaultRetry {
    fn default() -> Self {
        Self::new()
    }
}

impl DefaultRetry {
    /// Creates a policy with at most 5 attempts and delays of at most 0.1 s, 0.2 s, 0.4 s, … (1 s,
    /// 2 s, 4 s, … if throttled), up to 30 s.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_attempts: 5,
            base: Duration::from_millis(100),
            throttled_base: Duration::from_secs(1),
            cap: Duration::from_secs(30),
            throttled: true,
            longest_delay: Duration::from_secs(600),
        }
    }

    /// Sets the maximum number of attempts, including the first; 0 counts as 1.
    #[must_use]
    pub const fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the maximum first delay, and the maximum of all delays.
    #[must_use]
    pub const fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.base = first;
        self.cap = longest;
        self
    }

    /// Sets the maximum first delay after throttling.
    #[must_use]
    pub const fn with_throttled_backoff(mut self, first: Duration) -> Self {
        self.throttled_base = first;
        self
    }

    /// Sets the maximum delay a server may request in a call without a deadline, 10 minutes by
    /// default. A longer one is returned as an error at once. A deadline replaces this limit.
    #[must_use]
    pub const fn with_longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// Sets whether throttled requests are retried, as by default, or returned at once, for
    /// programs with their own scheduling.
    #[must_use]
    pub const fn with_throttled(mut self, retry: bool) -> Self {
        self.throttled = retry;
        self
    }

    fn permits(&self, class: RetryClass, idempotent: bool) -> bool {
        match class {
            RetryClass::Unsent => true,
            RetryClass::Throttled => self.throttled,
            RetryClass::Interrupted | RetryClass::Transient => idempotent,
            RetryClass::Permanent => false,
        }
    }

    fn max_backoff(&self, class: RetryClass, attempts: u32) -> Duration {
        let base = if class == RetryClass::Throttled { self.throttled_base } else { self.base };
        let doublings = attempts.saturating_sub(1).min(30);
        base.saturating_mul(1 << doublings).min(self.cap)
    }
}

impl RetryPolicy for DefaultRetry {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        let class = RetryClass::of(failure.error);
        let spent = failure.attempts >= self.max_attempts;
        if spent || !self.permits(class, failure.idempotent) {
            return Decision::Stop;
        }
        let jitter = scale(self.max_backoff(class, failure.attempts), failure.random);
        let wait = match failure.error.retry_after() {
            Some(delay) if failure.remaining.is_none() && delay > self.longest_delay => {
                return Decision::Stop;
            }
            Some(delay) => {
                // Spreads callers that received the same delay.
                let spread = scale(delay / 10, failure.random.rotate_left(32));
                let wait = delay.max(jitter).saturating_add(spread);
                failure.remaining.map_or(wait, |left| wait.min(left.max(delay)))
            }
            None => jitter,
        };
        match failure.remaining {
            Some(left) if wait >= left => Decision::Stop,
            _ => Decision::Retry(wait),
        }
    }
}

/// Returns a random part of `whole`, from 0 to all of it.
fn scale(whole: Duration, random: u64) -> Duration {
    // 94 bits of nanoseconds and 32 random bits fit into 128 bits.
    let part = whole.as_nanos() * u128::from(random >> 32) / u128::from(u32::MAX);
    let seconds = u64::try_from(part / 1_000_000_000).unwrap_or(u64::MAX);
    let nanos = u32::try_from(part % 1_000_000_000).unwrap_or_default();
    Duration::new(seconds, nanos)
}

/// A policy without retries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoRetry;

impl RetryPolicy for NoRetry {
    fn decide(&self, _: &Failure<'_>) -> Decision {
        Decision::Stop
    }
}
