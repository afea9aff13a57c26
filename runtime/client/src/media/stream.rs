//! Download streams.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue};
use http::response;

use super::resume::{BodyEnd, DownloadState};
use crate::BoxFuture;
use crate::error::{Error, ErrorKind, Phase, Result, from_transport};
use crate::transport::ResponseBody;

/// A running download: a stream of bytes.
///
/// After a lost connection or a stall, and if the server sends less than requested, the stream
/// requests the rest. The response must verifiably belong to the same content, by a strong ETag or
/// one of Google's validators, and must state the requested range. If Cloud Storage reports a
/// CRC-32C and the whole content is read, the checksum is verified at the end.
pub struct DownloadStream {
    state: Option<Box<DownloadState>>,
    transfer: Transfer,
    content_type: Option<String>,
    etag: Option<String>,
    headers: HeaderMap,
    total: Option<u64>,
}

enum Transfer {
    Body(ResponseBody),
    Reopening(BoxFuture<'static, (Box<DownloadState>, Result<Option<ResponseBody>>)>),
    Done,
}

impl DownloadStream {
    pub(super) fn new(state: DownloadState, head: &response::Parts, body: ResponseBody) -> Self {
        let text = |name| {
            let value: Option<&HeaderValue> = head.headers.get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self {
            content_type: text(CONTENT_TYPE),
            etag: text(ETAG),
            headers: head.headers.clone(),
            total: state.total(),
            state: Some(Box::new(state)),
            transfer: Transfer::Body(body),
        }
    }

    /// Returns the MIME type reported by the server.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the encoding of the bytes, such as `gzip`, unless there is none or they were
    /// decompressed.
    #[must_use]
    pub fn content_encoding(&self) -> Option<&str> {
        let coding = self.headers.get(CONTENT_ENCODING)?.to_str().ok()?;
        (!coding.eq_ignore_ascii_case("identity")).then_some(coding)
    }

    /// Returns the ETag reported by the server, including quotes.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Returns the size of the whole content, regardless of the requested range, if the server
    /// reports it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.total
    }

    /// Returns the headers of the first response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the next bytes, or `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection broke and could not be resumed, the content changed, or the checksum is
    /// wrong. Nothing follows an error.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        std::future::poll_fn(|cx| self.poll_piece(cx)).await
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let next = match &mut self.transfer {
                Transfer::Done => return Poll::Ready(None),
                Transfer::Reopening(work) => {
                    let (state, body) = ready!(work.as_mut().poll(cx));
                    self.state = Some(state);
                    match body {
                        Ok(Some(body)) => self.transfer = Transfer::Body(body),
                        Ok(None) => return Poll::Ready(self.finish()),
                        Err(error) => return Poll::Ready(self.fail(error)),
                    }
                    continue;
                }
                Transfer::Body(body) => ready!(body.poll_chunk(cx)),
            };
            let Some(state) = &mut self.state else { return Poll::Ready(None) };
            let error = match next {
                Some(Ok(piece)) => {
                    let piece = match state.accept(piece) {
                        Ok(piece) => piece,
                        Err(error) => return Poll::Ready(self.fail(error)),
                    };
                    if !piece.is_empty() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                    if !state.is_complete() {
                        continue;
                    }
                    return Poll::Ready(self.finish());
                }
                None => match state.body_end() {
                    Ok(BodyEnd::Complete) => return Poll::Ready(self.finish()),
                    Ok(BodyEnd::More) => None,
                    Ok(BodyEnd::Cut) => Some(cut_off()),
                    Err(error) => return Poll::Ready(self.fail(error)),
                },
                // All content has arrived, so connection errors do not matter.
                Some(Err(_)) if state.is_complete() => return Poll::Ready(self.finish()),
                Some(Err(error)) => Some(from_transport(error, Phase::Body).with_maybe_sent(true)),
            };
            if let Some(state) = self.state.take() {
                self.transfer = Transfer::Reopening(Box::pin(state.reopen(error)));
            }
        }
    }

    fn finish(&mut self) -> Option<Result<Bytes>> {
        self.transfer = Transfer::Done;
        let state = self.state.as_mut()?;
        let verified = state.verify();
        state.finish(verified.as_ref().err());
        verified.err().map(Err)
    }

    fn fail(&mut self, error: Error) -> Option<Result<Bytes>> {
        self.transfer = Transfer::Done;
        if let Some(state) = &self.state {
            state.finish(Some(&error));
        }
        Some(Err(error))
    }
}

fn cut_off() -> Error {
    Error::new(ErrorKind::Transport, "the response body is shorter than its length")
        .with_phase(Phase::Body)
        .with_maybe_sent(true)
}

impl Stream for DownloadStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(cx)
    }
}

impl fmt::Debug for DownloadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadStream").field("etag", &self.etag).finish_non_exhaustive()
    }
}
