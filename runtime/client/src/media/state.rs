//! The resumable upload protocol as a pure state machine.
//!
//! It holds no connection, no clock and no bytes. The driver asks for the next [`Step`], does it,
//! and reports an [`Event`]. Three rules carry the weight:
//!
//! 1. The server's word counts. The offset to go on from is what the server says it holds, never
//!    what was sent.
//! 2. After any doubt, ask. A lost answer is followed by a query, not by a guess.
//! 3. Only progress forgives. The count of failures is cleared when the server holds more than it
//!    ever did, so that an upload may survive any number of faults, yet cannot turn in circles.

use std::fmt;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Open a session.
    Start,
    /// Ask the session how many bytes it holds.
    Query,
    /// Send bytes from this offset on. At the end of the content, send none, to close the session.
    Send {
        /// Offset of the first byte to send.
        offset: u64,
    },
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A session was opened.
    Started,
    /// The session lives and holds so many bytes.
    Holds(u64),
    /// No answer, or one that says to try again: the bytes may or may not have arrived.
    Lost,
    /// The session is unknown to the server, or expired.
    Gone,
}

/// Why an upload cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum ProtocolError {
    /// Too many failures in a row without a single byte of progress.
    NoProgress {
        /// How many.
        failures: u32,
        /// What the server holds.
        held: u64,
    },
    /// The session expired and the content cannot be sent from its beginning again.
    Expired {
        /// How many times the upload was begun anew.
        restarts: u32,
        /// Offset of the earliest byte that can still be read.
        earliest: u64,
    },
    /// The server holds fewer bytes than it confirmed, and the content cannot be read again.
    Rewound {
        /// What it says it holds now.
        held: u64,
        /// Offset of the earliest byte that can still be read.
        earliest: u64,
    },
    /// The server claims more bytes than the content has.
    Overrun {
        /// What it says it holds.
        held: u64,
        /// The size of the content.
        total: u64,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgress { failures, held } => {
                write!(f, "the upload stands still at byte {held}: {failures} failures in a row")
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
                 {earliest} on; upload it again from a source that can be read twice"
            ),
            Self::Overrun { held, total } => write!(
                f,
                "the server holds {held} bytes of a content of {total}: the session belongs to \
                 another content"
            ),
        }
    }
}

impl std::error::Error for ProtocolError {}

/// Bounds of a machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Failures in a row, without progress, before it gives up. Zero gives up at the first.
    pub failures: u32,
    /// How often an expired session may be replaced.
    pub restarts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { failures: 5, restarts: 1 }
    }
}

/// The state of one upload.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    step: Step,
    total: Option<u64>,
    /// Offset of the earliest byte that can still be read; zero for content that can be reread.
    earliest: u64,
    held: u64,
    best: u64,
    failures: u32,
    restarts: u32,
    limits: Limits,
}

impl Machine {
    /// A new upload.
    #[must_use]
    pub(crate) const fn new(total: Option<u64>, limits: Limits) -> Self {
        let step = Step::Start;
        Self { step, total, earliest: 0, held: 0, best: 0, failures: 0, restarts: 0, limits }
    }

    /// An upload whose session is open already: it begins with a query.
    #[must_use]
    pub(crate) const fn resume(total: Option<u64>, limits: Limits) -> Self {
        let mut this = Self::new(total, limits);
        this.step = Step::Query;
        this
    }

    /// What to do next.
    #[must_use]
    pub(crate) const fn step(&self) -> Step {
        self.step
    }

    /// How many bytes the server said it holds.
    #[must_use]
    pub(crate) const fn held(&self) -> u64 {
        self.held
    }

    /// Failures since the last progress.
    #[must_use]
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// Sets the total, once the end of a stream has been seen.
    pub(crate) const fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// The size of the content, if it is known.
    #[must_use]
    pub(crate) const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Says that bytes before `offset` cannot be read any more.
    pub(crate) const fn discard_before(&mut self, offset: u64) {
        if offset > self.earliest {
            self.earliest = offset;
        }
    }

    /// Takes in what came of the current step and gives the next one.
    ///
    /// # Errors
    ///
    /// [`ProtocolError`] if there is no way on.
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
            // The bytes were taken and not kept. A query counts nothing: it moves nothing.
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
        // The new session holds nothing yet, so its first bytes are progress again. That cannot
        // go on for ever: restarts are counted and never forgiven.
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
