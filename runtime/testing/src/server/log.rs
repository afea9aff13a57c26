//! What a server has seen.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::incoming::Head;
use crate::fault::Fault;

/// A request that a server got.
#[derive(Clone)]
pub struct Recorded {
    /// The head.
    pub head: Head,
    /// The body, at most 64 KiB of it.
    pub body: Bytes,
    /// How many bytes of the body arrived.
    pub body_len: u64,
    /// Whether the body arrived whole.
    pub complete: bool,
    /// The fault that it met.
    pub fault: Option<Fault>,
    /// When its head arrived, counted from the server's start.
    pub at: Duration,
}

impl Recorded {
    /// The most bytes of a body that are kept: 64 KiB.
    pub const BODY_LIMIT: usize = 64 * 1024;

    pub(crate) fn new(head: Head, fault: Option<Fault>, at: Duration) -> Self {
        Self { head, body: Bytes::new(), body_len: 0, complete: false, fault, at }
    }

    pub(crate) fn append(&mut self, chunk: &Bytes) {
        self.body_len += chunk.len() as u64;
        let room = Self::BODY_LIMIT.saturating_sub(self.body.len()).min(chunk.len());
        if room > 0 {
            let mut all = Vec::with_capacity(self.body.len() + room);
            all.extend_from_slice(&self.body);
            all.extend_from_slice(&chunk[..room]);
            self.body = all.into();
        }
    }

    /// Verb and path with query, as sent, for example `GET /v1/things?pageSize=2`.
    ///
    /// Holds what the request held, an API key too: for comparisons, not for logs.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.head.method, self.head.uri)
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// When it is not JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} bytes", self.head, self.body_len)?;
        if !self.complete {
            f.write_str(", cut off")?;
        }
        match self.fault {
            Some(fault) => write!(f, ", {fault}"),
            None => Ok(()),
        }
    }
}

/// The requests that a server remembers.
pub(super) struct Log {
    /// How many were forgotten: the number of the first that is kept.
    forgotten: usize,
    entries: VecDeque<Recorded>,
    most: usize,
}

impl Default for Log {
    fn default() -> Self {
        Self { forgotten: 0, entries: VecDeque::new(), most: 10_000 }
    }
}

impl Log {
    /// Remembers a request; gives its number.
    pub(super) fn push(&mut self, recorded: Recorded) -> usize {
        self.entries.push_back(recorded);
        let number = self.forgotten + self.entries.len() - 1;
        self.keep(self.most);
        number
    }

    /// Remembers no more than the last `most` requests.
    pub(super) fn keep(&mut self, most: usize) {
        self.most = most;
        while self.entries.len() > most {
            self.entries.pop_front();
            self.forgotten += 1;
        }
    }

    pub(super) fn get(&mut self, number: usize) -> Option<&mut Recorded> {
        self.entries.get_mut(number.checked_sub(self.forgotten)?)
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        self.entries.iter().cloned().collect()
    }

    pub(super) fn take(&mut self) -> Vec<Recorded> {
        self.forgotten += self.entries.len();
        std::mem::take(&mut self.entries).into()
    }
}
