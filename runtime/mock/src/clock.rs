//! Source of the time in `createTime` and similar fields.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use discovery_runtime::json::{Duration, Timestamp};

/// A clock.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> Timestamp;
}

/// The system clock, with millisecond precision.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::from(SystemTime::now());
        let millis = now.subsec_nanos() / 1_000_000;
        Timestamp::new(now.seconds(), millis * 1_000_000).unwrap_or(now)
    }
}

/// A clock that advances only when told to, for deterministic tests.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
}

impl ManualClock {
    /// Creates a clock that returns `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: Mutex::new(now) }
    }

    /// Advances the clock, or moves it back for a negative span. It saturates at the limits of
    /// [`Timestamp`].
    pub fn advance(&self, span: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(span).unwrap_or(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}
