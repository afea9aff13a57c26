//! Record of received requests.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::incoming::Head;
use crate::fault::Fault;

/// A received request.
#[derive(Clone)]
pub struct Recorded {
    /// Request line and headers.
    pub head: Head,
    /// Body, truncated to 64 KiB.
    pub body: Bytes,
    /// Number of body bytes received.
    pub body_len: u64,
    /// Whether the body was complete.
    pub complete: bool,
    /// Fault applied to the exchange.
    pub fault: Option<Fault>,
    /// Time of arrival since the server's start.
    pub at: Duration,
}

impl Recorded {
    /// Maximum number of recorded body bytes: 64 KiB.
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

    /// Returns verb, path, and query as sent, for example `GET /v1/things?pageSize=2`.
    ///
    /// Includes secrets of the request such as an API key; use it for comparisons, not for logs.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.head.method, self.head.uri)
    }

    /// Parses the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON.
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

/// Requests recorded by a server.
pub(super) struct Log {
    /// Number of dropped requests, which is the number of the first recorded one.
    dropped: usize,
    entries: VecDeque<Recorded>,
    most: usize,
}

impl Default for Log {
    fn default() -> Self {
        Self { dropped: 0, entries: VecDeque::new(), most: 10_000 }
    }
}

impl Log {
    /// Records a request and returns its number.
    pub(super) fn push(&mut self, recorded: Recorded) -> usize {
        self.entries.push_back(recorded);
        let number = self.dropped + self.entries.len() - 1;
        self.keep(self.most);
        number
    }

    /// Keeps only the last `most` requests.
    pub(super) fn keep(&mut self, most: usize) {
        self.most = most;
        while self.entries.len() > most {
            self.entries.pop_front();
            self.dropped += 1;
        }
    }

    pub(super) fn get(&mut self, number: usize) -> Option<&mut Recorded> {
        self.entries.get_mut(number.checked_sub(self.dropped)?)
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        self.entries.iter().cloned().collect()
    }

    pub(super) fn take(&mut self) -> Vec<Recorded> {
        self.dropped += self.entries.len();
        std::mem::take(&mut self.entries).into()
    }
}
