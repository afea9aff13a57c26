//! A limit on retries across all calls of a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::RetryClass;

/// Tokens that retries spend and successes earn, so that a service that is down does not get
/// many times its load. Clones share their tokens.
///
/// A retry costs 14 tokens, after throttling 5; a successful call gives 1 back. A client whose
/// calls mostly succeed may try every one again; when most fail, some 35 retries are made and
/// then about one for every 14 successes.
#[derive(Clone, Debug)]
pub struct RetryBudget {
    tokens: Option<Arc<AtomicU32>>,
    capacity: u32,
}

const COST: u32 = 14;
const THROTTLED_COST: u32 = 5;

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryBudget {
    /// 500 tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(500)
    }

    /// As many tokens, at first and at most.
    #[must_use]
    pub fn with_capacity(tokens: u32) -> Self {
        Self { tokens: Some(Arc::new(AtomicU32::new(tokens))), capacity: tokens }
    }

    /// No limit.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { tokens: None, capacity: u32::MAX }
    }

    /// Tokens left.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens.as_ref().map_or(u32::MAX, |tokens| tokens.load(Ordering::Relaxed))
    }

    /// Takes the price of a retry; `false` when there is not enough.
    pub(crate) fn spend(&self, class: RetryClass) -> bool {
        let cost = if class == RetryClass::Throttled { THROTTLED_COST } else { COST };
        let Some(tokens) = &self.tokens else { return true };
        tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost))
            .is_ok()
    }

    /// Gives back what a successful call earns.
    pub(crate) fn earn(&self) {
        let Some(tokens) = &self.tokens else { return };
        // The common case, a full budget, writes nothing: calls do not contend for the line.
        if tokens.load(Ordering::Relaxed) < self.capacity {
            let add = |left: u32| Some(left.saturating_add(1).min(self.capacity));
            let _ = tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}
