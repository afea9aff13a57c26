//! Progress of uploads and downloads.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Progress of an upload or download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Offset after the last byte sent or received. Decreases if bytes are sent again.
    pub transferred: u64,
    /// Number of bytes that the server confirmed, or that were delivered to the caller. Decreases
    /// only if an upload restarts.
    pub confirmed: u64,
    /// Total number of bytes, if known.
    pub total: Option<u64>,
}

type Callback = dyn Fn(Progress) + Send + Sync;

/// A callback and its latest values.
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

/// Stands for an unknown size; exceeds the largest possible one.
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
