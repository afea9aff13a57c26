//! Request bodies.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

/// Any error that can cross threads.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A stream of bytes.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

type Factory = Arc<dyn Fn() -> ByteStream + Send + Sync>;

/// Request bodies.
///
/// Retries require the same bytes again. Empty bodies, bytes, and factories can always be replayed;
/// a one-shot stream only until its first byte is read.
pub struct Body {
    source: Source,
    length: Option<u64>,
}

enum Source {
    Empty,
    Bytes(Bytes),
    /// Never locked; makes the body `Sync`.
    Factory {
        make: Factory,
        running: Mutex<Option<ByteStream>>,
    },
    Once(Arc<Mutex<Once>>),
}

struct Once {
    stream: Option<ByteStream>,
    started: bool,
}

impl Body {
    /// Creates an empty body.
    #[must_use]
    pub const fn empty() -> Self {
        Self { source: Source::Empty, length: Some(0) }
    }

    /// Creates a body in memory.
    #[must_use]
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = Some(bytes.len() as u64);
        Self { source: Source::Bytes(bytes), length }
    }

    /// Creates a body from a factory, which runs for each attempt, for example to open a file.
    ///
    /// `length` is the number of bytes of each stream; without it, HTTP/1.1 uses chunked encoding.
    #[must_use]
    pub fn replayable<F>(length: Option<u64>, make: F) -> Self
    where
        F: Fn() -> ByteStream + Send + Sync + 'static,
    {
        Self { source: Source::Factory { make: Arc::new(make), running: Mutex::default() }, length }
    }

    /// Creates a body from a stream, which is read once.
    #[must_use]
    pub fn stream(length: Option<u64>, stream: ByteStream) -> Self {
        let once = Once { stream: Some(stream), started: false };
        Self { source: Source::Once(Arc::new(Mutex::new(once))), length }
    }

    /// Returns the number of bytes, if known.
    #[must_use]
    pub const fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the bytes, if all are in memory.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Empty => Some(&[]),
            Source::Bytes(bytes) => Some(bytes),
            Source::Factory { .. } | Source::Once(_) => None,
        }
    }

    /// Converts into bytes, if all are in memory.
    #[cfg(feature = "reqwest")]
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match self.source {
            Source::Empty => Ok(Bytes::new()),
            Source::Bytes(bytes) => Ok(bytes),
            source => Err(Self { source, ..self }),
        }
    }

    /// Returns the body for another attempt, or `None` if it was consumed.
    #[must_use]
    pub fn replay(&self) -> Option<Self> {
        let source = match &self.source {
            Source::Empty => Source::Empty,
            Source::Bytes(bytes) => Source::Bytes(bytes.clone()),
            Source::Factory { make, .. } => {
                Source::Factory { make: Arc::clone(make), running: Mutex::default() }
            }
            Source::Once(once) => {
                if once.lock().unwrap_or_else(PoisonError::into_inner).started {
                    return None;
                }
                Source::Once(Arc::clone(once))
            }
        };
        Some(Self { source, length: self.length })
    }

    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        match &mut self.source {
            Source::Empty => Poll::Ready(None),
            Source::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                self.source = Source::Empty;
                Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
            }
            Source::Factory { make, running } => {
                let running = running.get_mut().unwrap_or_else(PoisonError::into_inner);
                running.get_or_insert_with(|| make()).as_mut().poll_next(cx)
            }
            Source::Once(once) => {
                let mut once = once.lock().unwrap_or_else(PoisonError::into_inner);
                once.started = true;
                match &mut once.stream {
                    Some(stream) => stream.as_mut().poll_next(cx),
                    None => Poll::Ready(None),
                }
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::Empty => "empty",
            Source::Bytes(_) => "bytes",
            Source::Factory { .. } => "replayable",
            Source::Once(_) => "stream",
        };
        f.debug_struct("Body").field("source", &source).field("length", &self.length).finish()
    }
}

impl Stream for Body {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_bytes(cx)
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let failed = |source| -> BoxError { Box::new(BodySourceError(source)) };
        self.poll_bytes(cx).map(|next| next.map(|bytes| bytes.map(Frame::data).map_err(failed)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.source, Source::Empty)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.source, self.length) {
            (Source::Empty, _) => SizeHint::with_exact(0),
            (_, Some(length)) => SizeHint::with_exact(length),
            (_, None) => SizeHint::default(),
        }
    }
}

/// Marks an error of the body's source, to distinguish it from one of the connection.
#[derive(Debug)]
pub(super) struct BodySourceError(BoxError);

impl fmt::Display for BodySourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for BodySourceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
