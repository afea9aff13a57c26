//! A clock controlled by tests.

use super::Clock;
use crate::BoxFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// A clock for tests, which advances on request only.
///
/// Clones share their time. The calendar starts at 2030-01-01T00:00:00Z.
///
/// ```
/// use discovery_runtime::clock::{Clock, ManualClock};
/// use std::time::Duration;
/// let clock = ManualClock::new();
/// clock.advance(Duration::from_secs(3));
/// assert_eq!(clock.now(), Duration::from_secs(3));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    now: Duration,
    unix: Duration,
    jumps: bool,
    sleepers: Vec<(Duration, oneshot::Sender<()>)>,
    slept: Vec<Duration>,
}

/// 2030-01-01T00:00:00Z.
const CALENDAR: Duration = Duration::from_secs(1_893_456_000);

impl ManualClock {
    /// Creates a clock at zero. A wait ends when [`ManualClock::advance`] reaches its end.
    #[must_use]
    pub fn new() -> Self {
        Self::build(false)
    }

    /// Creates a clock on which every wait ends at once and advances time by its length.
    ///
    /// Retry loops run without delay, and [`ManualClock::slept`] returns their delays. Timeouts
    /// ([`super::timeout_at`]) are waits as well, so work that is pending once times out.
    #[must_use]
    pub fn jumping() -> Self {
        Self::build(true)
    }

    fn build(jumps: bool) -> Self {
        let (sleepers, slept) = (Vec::new(), Vec::new());
        let state = State { now: Duration::ZERO, unix: CALENDAR, jumps, sleepers, slept };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed: Notify::new() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances both clocks and ends the waits that are due.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state();
        state.now = state.now.saturating_add(by);
        state.unix = state.unix.saturating_add(by);
        let now = state.now;
        let (due, later) = state.sleepers.drain(..).partition(|(at, _)| *at <= now);
        state.sleepers = later;
        drop(state);
        let due: Vec<(Duration, oneshot::Sender<()>)> = due;
        for (_, sleeper) in due {
            // The waiting future may have been dropped.
            let _ = sleeper.send(());
        }
    }

    /// Sets the calendar clock only; waits are unaffected.
    pub fn set_unix(&self, unix: Duration) {
        self.state().unix = unix;
    }

    /// Returns the number of pending waits.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.state().sleepers.iter().filter(|(_, sleeper)| !sleeper.is_closed()).count()
    }

    /// Waits until at least `count` waits are pending.
    pub async fn wait_for_sleepers(&self, count: usize) {
        loop {
            let changed = self.shared.changed.notified();
            if self.sleepers() >= count {
                return;
            }
            changed.await;
        }
    }

    /// Returns the lengths of all waits so far, in order of their start.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn jumps(&self) -> bool {
        self.state().jumps
    }

    fn now(&self) -> Duration {
        self.state().now
    }

    fn unix(&self) -> Duration {
        self.state().unix
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let (jumps, end) = {
            let state = clock.state();
            (state.jumps, state.now.saturating_add(duration))
        };
        Box::pin(async move {
            clock.state().slept.push(duration);
            if jumps {
                return clock.advance(end.saturating_sub(clock.now()));
            }
            let (sleeper, wake) = oneshot::channel();
            {
                let mut state = clock.state();
                if state.now >= end {
                    return;
                }
                state.sleepers.push((end, sleeper));
            }
            clock.shared.changed.notify_waiters();
            let _ = wake.await;
        })
    }
}
