//! The resumable upload protocol as a pure state machine.
//!
//! The machine holds no connection, clock, or bytes. The driver executes the next [`Step`] and
//! reports an [`Event`]. Three rules apply:
//!
//! 1. The server decides. An upload resumes at the offset confirmed by the server, never at the one
//!    sent.
//! 2. Doubt requires a query. After a lost response, the server is queried.
//! 3. Only progress resets failures. The failure count is cleared when the server holds more than
//!    ever before, so that an upload survives any number of faults but cannot loop.

use std::fmt;

/// The next step of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Open a session.
    Start,
    /// Query the number of bytes held by the session.
    Query,
    /// Send bytes from this offset on. At the end of the content, send none, which completes the
    /// session.
    Send {
        /// Offset of the first byte to send.
        offset: u64,
    },
}

/// Result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A session was opened.
    Started,
    /// The session holds this number of bytes.
    Holds(u64),
    /// No response, or a temporary failure: the bytes may or may not have arrived.
    Lost,
    /// The session is unknown or has expired.
    Gone,
}

/// Error of an upload that cannot continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum ProtocolError {
    /// Too many consecutive failures without progress.
    NoProgress {
        /// Number of failures.
        failures: u32,
        /// Bytes held by the server.
        held: u64,
    },
    /// The session expired and the content cannot be read from its beginning again.
    Expired {
        /// Number of restarts so far.
        restarts: u32,
        /// Offset of the earliest readable byte.
        earliest: u64,
    },
    /// The server holds fewer bytes than confirmed, and the content cannot be read again.
    Rewound {
        /// Bytes held by the server now.
        held: u64,
        /// Offset of the earliest readable byte.
        earliest: u64,
    },
    /// The server reports more bytes than the content has.
    Overrun {
        /// Bytes reported by the server.
        held: u64,
        /// Size of the content.
        total: u64,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgress { failures, held } => {
                write!(f, "the upload made no progress at byte {held} after {failures} attempts")
            }
            Self::Expired { restarts: 0, earliest } => write!(
                f,
                "the upload session has expired, and the content cannot be read again from its \
                 beginning (only from byte {earliest})"
            ),
            Self::Expired { .. } => f.write_str("the upload session has expired more than once"),
            Self::Rewound { held, earliest } => write!(
                f,
                "the server went back to byte {held}, but the content can only be read from byte \
                 {earliest} on; upload it from a source that can be read again"
            ),
            Self::Overrun { held, total } => write!(
                f,
                "the server holds {held} bytes, but the content has {total}: the session belongs to \
                 other content"
            ),
        }
    }
}

impl std::error::Error for ProtocolError {}

/// Limits of an upload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Maximum number of consecutive failures without progress; zero fails on the first.
    pub failures: u32,
    /// Maximum number of replaced sessions.
    pub restarts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { failures: 5, restarts: 1 }
    }
}

/// State of an upload.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    step: Step,
    total: Option<u64>,
    /// Offset of the earliest readable byte; zero for content that can be read again.
    earliest: u64,
    held: u64,
    best: u64,
    failures: u32,
    restarts: u32,
    limits: Limits,
}

impl Machine {
    /// Starts a new upload.
    #[must_use]
    pub(crate) const fn new(total: Option<u64>, limits: Limits) -> Self {
        let step = Step::Start;
        Self { step, total, earliest: 0, held: 0, best: 0, failures: 0, restarts: 0, limits }
    }

    /// Resumes an upload in an open session, starting with a query.
    #[must_use]
    pub(crate) const fn resume(total: Option<u64>, limits: Limits) -> Self {
        let mut this = Self::new(total, limits);
        this.step = Step::Query;
        this
    }

    /// The next step of an upload.
    #[must_use]
    pub(crate) const fn step(&self) -> Step {
        self.step
    }

    /// Returns the number of bytes held by the server.
    #[must_use]
    pub(crate) const fn held(&self) -> u64 {
        self.held
    }

    /// Returns the number of failures since the last progress.
    #[must_use]
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// Sets the total, once a stream has ended.
    pub(crate) const fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// Returns the size of the content, if known.
    #[must_use]
    pub(crate) const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Records that bytes before `offset` are no longer readable.
    pub(crate) const fn discard_before(&mut self, offset: u64) {
        if offset > self.earliest {
            self.earliest = offset;
        }
    }

    /// Processes the result of the current step and returns the next step.
    ///
    /// # Errors
    ///
    /// [`ProtocolError`] if the upload cannot continue.
    pub(crate) fn handle(&mut self, event: Event) -> Result<Step, ProtocolError> {
        self.step = match event {
            Event::Started => Step::Send { offset: 0 },
            Event::Holds(held) => self.on_holds(held)?,
            Event::Lost => {
                self.count_failure()?;
                if self.step == Step::Start { Step::Start } else { Step::Query }
            }
            Event::Gone => self.on_gone()?,
        };
        Ok(self.step)
    }

    fn on_holds(&mut self, held: u64) -> Result<Step, ProtocolError> {
        if let Some(total) = self.total.filter(|&total| held > total) {
            return Err(ProtocolError::Overrun { held, total });
        }
        if held < self.earliest {
            return Err(ProtocolError::Rewound { held, earliest: self.earliest });
        }
        self.held = held;
        if held > self.best {
            self.best = held;
            self.failures = 0;
        } else if matches!(self.step, Step::Send { .. }) {
            // The bytes were accepted but not stored. A query does not count as a failure.
            self.count_failure()?;
        }
        Ok(Step::Send { offset: held })
    }

    fn on_gone(&mut self) -> Result<Step, ProtocolError> {
        if self.restarts >= self.limits.restarts || self.earliest > 0 {
            return Err(ProtocolError::Expired {
                restarts: self.restarts,
                earliest: self.earliest,
            });
        }
        self.restarts += 1;
        self.held = 0;
        // A new session holds nothing, so its first bytes are progress again. This cannot loop:
        // restarts are counted and never reset.
        self.best = 0;
        Ok(Step::Start)
    }

    const fn count_failure(&mut self) -> Result<(), ProtocolError> {
        self.failures += 1;
        if self.failures > self.limits.failures {
            return Err(ProtocolError::NoProgress { failures: self.failures, held: self.held });
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
