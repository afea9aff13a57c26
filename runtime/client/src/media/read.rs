//! Byte streams from readers, and streams of an exact length.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::progress::Notify;
use crate::transport::{BoxError, ByteStream};

/// Size of a read.
pub(super) const READ_SIZE: usize = 64 * 1024;

/// A stream of pieces in memory.
pub(super) struct Concat(VecDeque<Bytes>);

impl Concat {
    pub(super) fn new(pieces: impl IntoIterator<Item = Bytes>) -> Self {
        Self(pieces.into_iter().filter(|piece| !piece.is_empty()).collect())
    }
}

impl Stream for Concat {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(first) = self.0.front_mut() else { return Poll::Ready(None) };
        // Splits large pieces, so that progress is reported and stalls are detected.
        let piece = first.split_to(first.len().min(READ_SIZE));
        if first.is_empty() {
            self.0.pop_front();
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

/// A stream over a reader.
pub(super) struct ReadStream<R> {
    reader: Pin<Box<R>>,
    buffer: BytesMut,
}

impl<R> ReadStream<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader: Box::pin(reader), buffer: BytesMut::new() }
    }
}

impl<R: AsyncRead> Stream for ReadStream<R> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.buffer.resize(READ_SIZE, 0);
        let mut buf = ReadBuf::new(&mut this.buffer);
        ready!(this.reader.as_mut().poll_read(cx, &mut buf))?;
        let len = buf.filled().len();
        Poll::Ready((len > 0).then(|| Ok(this.buffer.split_to(len).freeze())))
    }
}

/// A stream over a reader that is being opened.
pub(super) enum Opening<F, R> {
    Future(Pin<Box<F>>),
    Reader(ReadStream<R>),
}

impl<F, R> Opening<F, R> {
    pub(super) fn new(future: F) -> Self {
        Self::Future(Box::pin(future))
    }
}

impl<F, R> Stream for Opening<F, R>
where
    F: Future<Output = io::Result<R>>,
    R: AsyncRead,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match &mut *self {
                Self::Future(future) => {
                    let reader = ready!(future.as_mut().poll(cx))?;
                    *self = Self::Reader(ReadStream::new(reader));
                }
                Self::Reader(reader) => return Pin::new(reader).poll_next(cx),
            }
        }
    }
}

/// A stream with its errors boxed.
pub(super) struct MapErr<S>(pub(super) Pin<Box<S>>);

impl<S, E> Stream for MapErr<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|next| next.map(|bytes| bytes.map_err(Into::into)))
    }
}

/// An exact number of bytes of a stream; fails if the stream ends early.
pub(super) struct Exact {
    stream: ByteStream,
    left: u64,
    at: u64,
    notify: Notify,
}

impl Exact {
    /// Takes `len` bytes of `stream`, which starts at offset `at` of the content, and reports
    /// progress after each piece.
    pub(super) fn new(stream: ByteStream, at: u64, len: u64, notify: Notify) -> Self {
        Self { stream, left: len, at, notify }
    }
}

impl Stream for Exact {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let Some(piece) = ready!(this.stream.as_mut().poll_next(cx)) else {
            let message = format!(
                "the content ends at byte {}, {} bytes before its initial size",
                this.at, this.left
            );
            return Poll::Ready(Some(Err(message.into())));
        };
        let mut piece = piece?;
        if let Ok(left) = usize::try_from(this.left) {
            piece.truncate(left);
        }
        this.left -= piece.len() as u64;
        this.at += piece.len() as u64;
        this.notify.sent(this.at);
        Poll::Ready(Some(Ok(piece)))
    }
}

/// A concatenation of streams.
pub(super) struct Chain(pub(super) VecDeque<ByteStream>);

impl Stream for Chain {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(first) = self.0.front_mut() {
            match ready!(first.as_mut().poll_next(cx)) {
                Some(next) => return Poll::Ready(Some(next)),
                None => drop(self.0.pop_front()),
            }
        }
        Poll::Ready(None)
    }
}
