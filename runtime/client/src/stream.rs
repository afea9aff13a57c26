//! Streaming responses.
//!
//! Streaming methods (server streaming) respond with many messages of one type: as elements of a
//! JSON array, as consecutive JSON values (usually one per line), or as server-sent events, which
//! some APIs send for `alt=sse`. [`ResponseStream`] parses all three and returns messages as they
//! arrive; `send` of such a method waits for all of them.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use crate::BoxFuture;
use crate::call::Call;
use crate::call::messages::Opened;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Decode, DecodeError, Misfits};

/// The messages of a streaming response, as they arrive.
///
/// Nothing is sent until the first message is requested. [`next`](Self::next) needs no stream
/// library; the type also implements [`Stream`]. Dropping the stream ends it, and closes its
/// connection or HTTP/2 stream.
///
/// Only one message and one chunk of the body are in memory. The maximum size of a message is the
/// [client's limit](crate::ClientBuilder::with_response_limit) for responses, or that of
/// [`with_max_item_size`](Self::with_max_item_size).
///
/// A call is retried only until its first message has arrived, since the server might send other
/// messages the second time. The client's timeouts apply until the server responds; after that, the
/// response may take any time as long as no pause exceeds the stall timeout. A timeout set on the
/// call (`with_timeout`) applies to the whole stream.
#[must_use = "nothing is sent until `next` is awaited"]
pub struct ResponseStream<T> {
    // A trait object keeps the drop glue out of the user's crate.
    texts: Box<dyn Texts>,
    item: PhantomData<fn() -> T>,
}

impl<T: Decode> ResponseStream<T> {
    /// Creates the stream of a call.
    pub fn new(call: Call) -> Self {
        Self { texts: texts(call), item: PhantomData }
    }

    /// Limits the size of a message, in bytes of JSON text.
    pub fn with_max_item_size(mut self, bytes: usize) -> Self {
        self.texts.set_limit(bytes);
        self
    }

    /// Sets the longest pause of the response; `None` allows any pause, for example to follow a
    /// log. Default: the client's, 30 s.
    pub fn with_stall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.texts.set_stall_timeout(timeout.into());
        self
    }

    /// Returns the next message, or `None` after the last.
    ///
    /// The future may be dropped; the stream continues with the next call.
    ///
    /// # Errors
    ///
    /// As for any call, and if the response is truncated, a message does not match its type, or the
    /// server sends an error in place of a message. Messages before an error are returned first;
    /// the error ends the stream.
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Collects all remaining messages.
    ///
    /// # Errors
    ///
    /// As for [`next`](Self::next); the messages before the error are lost.
    pub async fn collect(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await.transpose()? {
            all.push(item);
        }
        Ok(all)
    }

    /// Returns the next message, if it has arrived.
    #[cfg(feature = "blocking")]
    pub(crate) fn take_ready(&mut self) -> Option<Result<T>> {
        let text = self.texts.take_ready()?;
        Some(text.and_then(|text| self.decode(&text)))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let text = ready!(self.texts.poll_text(cx));
        Poll::Ready(text.map(|text| text.and_then(|text| self.decode(&text))))
    }

    fn decode(&mut self, text: &Bytes) -> Result<T> {
        match json::read_response(text) {
            Ok((item, misfits)) => self.texts.check(text, &misfits).map(|()| item),
            Err(error) => Err(self.texts.undecodable(text, error)),
        }
    }
}

impl Call {
    /// Streams the messages of the response, for streaming methods and any other method whose
    /// response is a list of messages. Nothing is sent until the first message is requested.
    pub fn stream<T: Decode>(self) -> ResponseStream<T> {
        ResponseStream::new(self)
    }
}

/// Compiled in this crate.
fn texts(call: Call) -> Box<dyn Texts> {
    let strict = call.is_strict();
    Box::new(Running { state: State::New(Box::new(call)), limit: None, strict })
}

/// A stream of the texts of messages of any type.
trait Texts: Send {
    fn set_limit(&mut self, bytes: usize);
    fn set_stall_timeout(&mut self, timeout: Option<Duration>);
    fn poll_text(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>>;
    #[cfg(feature = "blocking")]
    fn take_ready(&mut self) -> Option<Result<Bytes>>;
    /// Logs values of a message that do not fit their types; ends the stream if it is strict.
    fn check(&mut self, text: &Bytes, misfits: &Misfits) -> Result<()>;
    /// Ends the stream with an error about a message.
    fn undecodable(&mut self, text: &Bytes, error: DecodeError) -> Error;
    fn describe(&self) -> &'static str;
}

struct Running {
    state: State,
    limit: Option<usize>,
    /// Whether values that do not fit their types are errors.
    strict: bool,
}

enum State {
    New(Box<Call>),
    /// Until the first message has arrived.
    Opening(BoxFuture<'static, Result<Opened>>),
    Open(Box<Opened>),
    Done,
}

impl Running {
    /// Ends the stream after an error, and after its last message.
    fn note(&mut self, next: Option<Result<Bytes>>) -> Option<Result<Bytes>> {
        if !matches!(next, Some(Ok(_))) {
            self.state = State::Done;
        }
        next
    }
}

impl Texts for Running {
    fn set_limit(&mut self, bytes: usize) {
        self.limit = Some(bytes);
    }

    fn set_stall_timeout(&mut self, timeout: Option<Duration>) {
        if let State::New(call) = &mut self.state {
            **call = call.as_ref().clone().with_stall_timeout(timeout);
        }
    }

    fn poll_text(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let next = match &mut self.state {
                State::Done => return Poll::Ready(None),
                State::New(call) => {
                    self.state = State::Opening(Box::pin(call.as_ref().clone().begin(self.limit)));
                    continue;
                }
                State::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(opened) => {
                        self.state = State::Open(Box::new(opened));
                        continue;
                    }
                    Err(error) => Some(Err(error)),
                },
                State::Open(opened) => ready!(opened.poll_text(cx)),
            };
            return Poll::Ready(self.note(next));
        }
    }

    #[cfg(feature = "blocking")]
    fn take_ready(&mut self) -> Option<Result<Bytes>> {
        let State::Open(opened) = &mut self.state else { return None };
        let next = opened.take_ready()?;
        self.note(Some(next))
    }

    fn check(&mut self, text: &Bytes, misfits: &Misfits) -> Result<()> {
        let State::Open(opened) = &self.state else { return Ok(()) };
        let checked = opened.check(text, misfits, self.strict);
        if checked.is_err() {
            self.state = State::Done;
        }
        checked
    }

    fn undecodable(&mut self, text: &Bytes, error: DecodeError) -> Error {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Open(opened) => opened.undecodable(text, error),
            // Only an open stream has messages.
            _ => Error::new(ErrorKind::Decode, error.to_string()).with_source(error),
        }
    }

    fn describe(&self) -> &'static str {
        match self.state {
            State::New(_) => "new",
            State::Opening(_) => "opening",
            State::Open(_) => "open",
            State::Done => "done",
        }
    }
}

impl<T: Decode> Stream for ResponseStream<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl<T> fmt::Debug for ResponseStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseStream").field("state", &self.texts.describe()).finish()
    }
}
