//! Clocks.
//!
//! All delays, deadlines, and expiries of this crate use a [`Clock`], so that tests control time
//! and targets without a system clock can supply their own.

use crate::BoxFuture;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

#[cfg(all(feature = "fetch", target_family = "wasm"))]
mod host;
#[cfg(any(test, feature = "testing"))]
mod manual;
#[cfg(all(feature = "_tokio", not(target_family = "wasm")))]
mod system;
#[cfg(test)]
mod tests;

#[cfg(all(feature = "fetch", target_family = "wasm"))]
pub use host::SystemClock;
#[cfg(any(test, feature = "testing"))]
pub use manual::ManualClock;
#[cfg(all(feature = "_tokio", not(target_family = "wasm")))]
pub use system::SystemClock;

/// A source of time and delays.
///
/// A deadline is a value of [`Clock::now`], meaningful only to the same clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the time since a fixed start. Never decreases.
    fn now(&self) -> Duration;

    /// Returns the time since 1970-01-01T00:00:00Z by the calendar clock, which may be set forward
    /// or back.
    fn unix(&self) -> Duration;

    /// Waits for `duration`. Dropping the future cancels the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Returns `true` if every wait ends at once, as in some tests. Calls then do all of their work
    /// on one thread without a break, since work that is pending would time out.
    fn jumps(&self) -> bool {
        false
    }
}

/// Error of a passed deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline passed")
    }
}

impl std::error::Error for Elapsed {}

/// Returns the time left until `deadline`: `None` without a deadline, zero if it has passed.
#[must_use]
pub fn remaining(clock: &dyn Clock, deadline: Option<Duration>) -> Option<Duration> {
    deadline.map(|at| at.saturating_sub(clock.now()))
}

/// Runs `work` until `deadline`, a value of [`Clock::now`]; `None` disables the deadline.
///
/// Work that is ready on its first poll completes even if the deadline has passed.
///
/// # Errors
/// [`Elapsed`] if the deadline passes first; `work` is dropped.
pub async fn timeout_at<F: Future>(
    clock: &dyn Clock,
    deadline: Option<Duration>,
    work: F,
) -> Result<F::Output, Elapsed> {
    let Some(at) = deadline else { return Ok(work.await) };
    let mut work = pin!(work);
    let mut timer = None;
    poll_fn(|cx| {
        if let Poll::Ready(value) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(value));
        }
        // The timer of a busy runtime may be late.
        let left = at.saturating_sub(clock.now());
        if left.is_zero() {
            return Poll::Ready(Err(Elapsed));
        }
        // Created on the first pending poll, so that immediate work needs no timer.
        let timer = timer.get_or_insert_with(|| clock.sleep(left));
        timer.as_mut().poll(cx).map(|()| Err(Elapsed))
    })
    .await
}
