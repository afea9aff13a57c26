//! Telling the caller how far it is.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far an upload or download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Offset behind the last byte that was handed to the connection, or that came from it. Goes
    /// back where bytes must be sent again.
    pub transferred: u64,
    /// How many bytes are safe: the server said that it holds them, or they were given to the
    /// caller. Never goes back, unless an upload begins anew.
    pub confirmed: u64,
    /// How many there are, if that is known.
    pub total: Option<u64>,
}

type Callback = dyn Fn(Progress) + Send + Sync;

/// A callback and what it is to be told.
#[derive(Clone, Default)]
pub(super) struct Notify {
    callback: Option<Arc<Callback>>,
    state: Arc<State>,
}

struct State {
    transferred: AtomicU64,
    confirmed: AtomicU64,
    total: AtomicU64,
}

/// No content has this size: it is one more than the largest offset.
const UNKNOWN: u64 = u64::MAX;

impl Default for State {
    fn default() -> Self {
        let (transferred, confirmed) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { transferred, confirmed, total: AtomicU64::new(UNKNOWN) }
    }
}

impl Notify {
    pub(super) fn new(callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { callback: Some(Arc::new(callback)), state: Arc::default() }
    }

    pub(super) fn sent(&self, transferred: u64) {
        self.state.transferred.store(transferred, Ordering::Relaxed);
        self.report();
    }

    pub(super) fn confirmed(&self, confirmed: u64) {
        self.state.confirmed.store(confirmed, Ordering::Relaxed);
        self.sent(confirmed);
    }

    pub(super) fn total(&self, total: Option<u64>) {
        self.state.total.store(total.unwrap_or(UNKNOWN), Ordering::Relaxed);
    }

    fn report(&self) {
        if let Some(callback) = &self.callback {
            let total = self.state.total.load(Ordering::Relaxed);
            callback(Progress {
                transferred: self.state.transferred.load(Ordering::Relaxed),
                confirmed: self.state.confirmed.load(Ordering::Relaxed),
                total: (total != UNKNOWN).then_some(total),
            });
        }
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.callback.is_some() { "Notify" } else { "None" })
    }
}
