//! Time, as a value that a client holds.
//!
//! Every wait, deadline and expiry of this crate goes through a [`Clock`], so that tests move time
//! by hand and so that targets without a system clock can bring their own.

use crate::BoxFuture;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

#[cfg(any(test, feature = "testing"))]
mod manual;
#[cfg(all(any(feature = "hyper", feature = "reqwest"), not(target_family = "wasm")))]
mod system;
#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "testing"))]
pub use manual::ManualClock;
#[cfg(all(any(feature = "hyper", feature = "reqwest"), not(target_family = "wasm")))]
pub use system::SystemClock;

/// A source of time and a way to wait.
///
/// A deadline is a value of [`Clock::now`]; it means nothing to another clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Time since a start that is fixed for this clock. Never goes back.
    fn now(&self) -> Duration;

    /// Time since 1970-01-01T00:00:00Z by the calendar clock, which may be set forth and back.
    fn unix(&self) -> Duration;

    /// Waits for `duration`. Dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The deadline passed before the work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline passed")
    }
}

impl std::error::Error for Elapsed {}

/// Time left until `deadline` by `clock`: `None` without a deadline, zero when it has passed.
#[must_use]
pub fn remaining(clock: &dyn Clock, deadline: Option<Duration>) -> Option<Duration> {
    deadline.map(|at| at.saturating_sub(clock.now()))
}

/// Runs `work` until `deadline` (a value of [`Clock::now`]); without one, for as long as it takes.
///
/// Work that is ready at its first poll is returned even when the deadline has passed.
///
/// # Errors
/// [`Elapsed`] when the deadline comes first; `work` is dropped.
pub async fn timeout_at<F: Future>(
    clock: &dyn Clock,
    deadline: Option<Duration>,
    work: F,
) -> Result<F::Output, Elapsed> {
    let Some(left) = remaining(clock, deadline) else { return Ok(work.await) };
    let mut work = pin!(work);
    let mut timer = None;
    poll_fn(|cx| {
        if let Poll::Ready(value) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(value));
        }
        if left.is_zero() {
            return Poll::Ready(Err(Elapsed));
        }
        // Made at the first pending poll: work that needs no wait costs no timer.
        let timer = timer.get_or_insert_with(|| clock.sleep(left));
        timer.as_mut().poll(cx).map(|()| Err(Elapsed))
    })
    .await
}
