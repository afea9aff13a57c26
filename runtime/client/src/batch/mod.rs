//! Batches: many calls in one request.
//!
//! ```no_run
//! # use discovery_runtime::{Call, Client, Result, batch::Batch};
//! # async fn f(client: Client, list: Call, get: Call) -> Result<()> {
//! let mut batch = Batch::new(&client);
//! let files = batch.add(list)?; // a call of a generated method gives a ticket of its own type
//! let file = batch.add(get)?;
//! let mut answers = batch.send().await?;
//! println!("{:?} {:?}", answers.take(files), answers.take(file));
//! # Ok(()) }
//! ```

mod entry;
mod parse;
mod responses;
mod send;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use self::entry::Entry;
pub use self::responses::BatchResponses;
use crate::call::Call;
use crate::client::{Client, Options};
use crate::error::{Error, Result};
use crate::json::Json;
use crate::method::Method;
use crate::random;
use crate::reply::Reply;

/// A call that can be part of a batch: a generated call, or an untyped [`Call`].
pub trait Part {
    /// Response type of the call.
    type Response: Reply;

    /// Converts into an untyped call.
    fn into_call(self) -> Call;
}

impl<M: Method> Part for M {
    type Response = M::Response;

    fn into_call(self) -> Call {
        self.into()
    }
}

impl Part for Call {
    type Response = Json;

    fn into_call(self) -> Call {
        self
    }
}

/// Calls sent in one `multipart/mixed` request to the API's `batchPath`.
///
/// The server executes them independently, in any order; each has its own response or error. Calls
/// that fail temporarily and are idempotent are sent again, without the others. Media uploads and
/// downloads cannot be part of a batch.
#[derive(Debug)]
pub struct Batch {
    client: Client,
    entries: Vec<Entry>,
    limit: usize,
    options: Options,
    id: u64,
}

/// Claim on the response of one call in [`BatchResponses`].
#[must_use = "without its ticket the response is lost"]
pub struct Ticket<T> {
    batch: u64,
    index: usize,
    reply: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Ticket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.index).finish()
    }
}

impl Batch {
    /// Default maximum number of calls in a batch: 100, the limit of most APIs.
    pub const DEFAULT_LIMIT: usize = 100;

    /// Creates an empty batch.
    #[must_use]
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            entries: Vec::new(),
            limit: Self::DEFAULT_LIMIT,
            options: Options::new(),
            id: random::next(),
        }
    }

    /// Sets the maximum number of calls in a batch, for example 1000 for `cloudidentity` or 50 for
    /// `calendar`.
    #[must_use]
    pub fn with_limit(mut self, calls: usize) -> Self {
        self.limit = calls;
        self
    }

    /// Sets the timeout of the whole batch; `None` disables it. Defaults to the client's, 60 s.
    /// Timeouts of the calls in the batch have no effect.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Returns the number of calls.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns `true` if the batch has no calls.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns `true` if the batch has reached its limit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// Adds a call. The ticket retrieves its response.
    ///
    /// # Errors
    ///
    /// If the batch is full, the call belongs to another API, or one of its arguments cannot be
    /// sent.
    pub fn add<P: Part>(&mut self, part: P) -> Result<Ticket<P::Response>> {
        let call = part.into_call();
        let id = call.method().id;
        self.check(&call).map_err(|error| error.with_method(id))?;
        self.entries.push(Entry::new(call)?);
        let index = self.entries.len() - 1;
        Ok(Ticket { batch: self.id, index, reply: PhantomData })
    }

    fn check(&self, call: &Call) -> Result<()> {
        if self.is_full() {
            let limit = self.limit;
            let message =
                format!("the batch is full with {limit} calls; send it and begin another");
            return Err(Error::invalid(message));
        }
        let (own, other) = (self.client.service().id, call.client().service().id);
        if own != other || self.client.root_url() != call.client().root_url() {
            let message = format!("a call of {other} cannot be in a batch of {own}");
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    /// Sends the calls and returns their responses. An empty batch sends nothing.
    ///
    /// # Errors
    ///
    /// As for any call, if the batch as a whole has no response, or if the API does not support
    /// batches.
    pub async fn send(self) -> Result<BatchResponses> {
        let Self { client, entries, options, id, .. } = self;
        let (slots, secrets) = send::send_all(&client, &entries, options).await?;
        let calls = entries.into_iter().map(|entry| (entry.method, entry.strict));
        Ok(BatchResponses::new(id, calls.zip(slots).collect(), secrets))
    }
}
