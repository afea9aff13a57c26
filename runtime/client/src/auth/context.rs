//! What credentials are told about the call that needs them.

use crate::clock::{Clock, remaining};
use std::sync::Arc;
use std::time::Duration;

/// The circumstances of one request for authorisation.
#[derive(Clone, Debug)]
pub struct AuthContext {
    clock: Arc<dyn Clock>,
    scopes: Arc<[String]>,
    deadline: Option<Duration>,
}

impl AuthContext {
    /// A context without scopes and without a deadline.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, scopes: Arc::from([]), deadline: None }
    }

    /// Sets the OAuth scopes that a token should carry. Order and repetition do not matter.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        scopes.sort_unstable();
        scopes.dedup();
        self.scopes = scopes.into();
        self
    }

    /// Sets the instant, on the context's clock, by which an answer is needed.
    #[must_use]
    pub fn with_deadline(mut self, at: Option<Duration>) -> Self {
        self.deadline = at;
        self
    }

    /// The clock that deadlines and expiries go by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The scopes that a token should carry: sorted, each once. Empty means the credentials' own.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// When an answer is needed, as a value of [`Clock::now`].
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Time left until the deadline; `None` without one.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        remaining(&*self.clock, self.deadline)
    }
}
