//! Response bodies.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::{TransportError, TransportErrorKind};

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// A response body: chunks as they arrive.
pub struct ResponseBody {
    source: Source,
}

enum Source {
    Full(Option<Bytes>),
    Chunks(Chunks),
}

impl ResponseBody {
    /// Creates an empty body.
    #[must_use]
    pub const fn empty() -> Self {
        Self { source: Source::Full(None) }
    }

    /// Creates a body in memory.
    #[must_use]
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { source: Source::Full((!bytes.is_empty()).then_some(bytes)) }
    }

    /// Creates a body from a stream of chunks.
    #[must_use]
    pub fn stream<S>(chunks: S) -> Self
    where
        S: Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    {
        Self { source: Source::Chunks(Box::pin(chunks)) }
    }

    /// Returns the next chunk, or `None` at the end. Chunks are never empty.
    ///
    /// # Errors
    ///
    /// If the connection broke or stalled, or the body is corrupt.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    /// Reads the whole body, up to `limit` bytes.
    ///
    /// # Errors
    ///
    /// As for [`next`](Self::next), and `Other` if the body exceeds `limit`.
    pub async fn collect(self, limit: u64) -> Result<Bytes, TransportError> {
        self.collect_in_turns(limit, u64::MAX).await
    }

    /// Reads the whole body, up to `limit` bytes. Other tasks get a turn after each `turn` bytes,
    /// even if all of them are there, since unpacking takes time.
    pub(crate) async fn collect_in_turns(
        mut self,
        limit: u64,
        turn: u64,
    ) -> Result<Bytes, TransportError> {
        let Some(first) = self.next().await.transpose()? else { return Ok(Bytes::new()) };
        let Some(second) = self.next().await.transpose()? else { return check_limit(limit, first) };
        let mut all = BytesMut::with_capacity(first.len() + second.len());
        all.extend_from_slice(&first);
        let mut next = Some(second);
        let mut next_turn = turn;
        while let Some(chunk) = next {
            if (all.len() + chunk.len()) as u64 > limit {
                return Err(limit_exceeded(limit));
            }
            all.extend_from_slice(&chunk);
            if all.len() as u64 >= next_turn {
                next_turn = next_turn.saturating_add(turn);
                take_turns().await;
            }
            next = self.next().await.transpose()?;
        }
        Ok(all.freeze())
    }

    pub(crate) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.source {
            Source::Full(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Source::Chunks(chunks) => loop {
                match chunks.as_mut().poll_next(cx) {
                    Poll::Ready(Some(Ok(chunk))) if chunk.is_empty() => {}
                    other => return other,
                }
            },
        }
    }
}

/// Lets other tasks of the thread run.
async fn take_turns() {
    let mut waited = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn check_limit(limit: u64, bytes: Bytes) -> Result<Bytes, TransportError> {
    if bytes.len() as u64 > limit { Err(limit_exceeded(limit)) } else { Ok(bytes) }
}

fn limit_exceeded(limit: u64) -> TransportError {
    let message = format!("the body is longer than the limit of {limit} bytes");
    TransportError::new(TransportErrorKind::Other, message)
}

impl Default for ResponseBody {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::Full(_) => "full",
            Source::Chunks(_) => "stream",
        };
        f.debug_struct("ResponseBody").field("source", &source).finish()
    }
}

impl Stream for ResponseBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx)
    }
}
