//! Limit on retries across all calls of a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::RetryClass;

/// A token bucket: retries spend tokens and successful calls earn them, so that a failing service
/// does not receive a multiple of its load. Clones share their tokens.
///
/// A retry costs 14 tokens, or 5 after throttling; a successful call earns 1. If most calls
/// succeed, each can be retried; if most fail, about 35 retries are made, then one per 14
/// successes.
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
    /// Creates a budget of 500 tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(500)
    }

    /// Creates a budget with an initial and maximum number of tokens.
    #[must_use]
    pub fn with_capacity(tokens: u32) -> Self {
        Self { tokens: Some(Arc::new(AtomicU32::new(tokens))), capacity: tokens }
    }

    /// Creates an unlimited budget.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { tokens: None, capacity: u32::MAX }
    }

    /// Returns the number of tokens left.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens.as_ref().map_or(u32::MAX, |tokens| tokens.load(Ordering::Relaxed))
    }

    /// Spends the cost of a retry; returns `false` if too few tokens are left.
    pub(crate) fn spend(&self, class: RetryClass) -> bool {
        let cost = if class == RetryClass::Throttled { THROTTLED_COST } else { COST };
        let Some(tokens) = &self.tokens else { return true };
        tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost))
            .is_ok()
    }

    /// Adds the token earned by a successful call.
    pub(crate) fn earn(&self) {
        let Some(tokens) = &self.tokens else { return };
        // A full budget, the common case, is not written, which avoids contention.
        if tokens.load(Ordering::Relaxed) < self.capacity {
            let add = |left: u32| Some(left.saturating_add(1).min(self.capacity));
            let _ = tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }
}
