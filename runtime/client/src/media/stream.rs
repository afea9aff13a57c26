//! A download under way.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderValue};
use http::response;

use super::resume::{BodyEnd, DownloadState};
use crate::BoxFuture;
use crate::error::{Error, ErrorKind, Phase, Result, from_transport};
use crate::transport::ResponseBody;

/// Content that is being downloaded: bytes as they come.
///
/// After a lost connection or a stall, and where the server gives less than was asked for, the
/// stream asks for the rest. The answer must prove to be of the same content, by a strong ETag or
/// one of Google's validators; an answer that does not say which bytes it holds, or says so of
/// other bytes than asked for, is an error. Where Google's storage names a CRC-32C of the
/// whole content and all of it is read, the checksum is compared at the end.
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

    /// The MIME type, as the server named it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The ETag, as the server named it, quotes included.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// The size of the whole content, whatever part of it was asked for, if the server says it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.total
    }

    /// The headers of the first answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the connection broke and could not be taken up again, the content changed meanwhile,
    /// or its checksum is wrong. Nothing follows an error.
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
                // Where the content ends, it does not matter how its connection ends.
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
        let verified = self.state.as_mut().map_or(Ok(()), |state| state.verify());
        verified.err().map(Err)
    }

    fn fail(&mut self, error: Error) -> Option<Result<Bytes>> {
        self.transfer = Transfer::Done;
        Some(Err(error))
    }
}

fn cut_off() -> Error {
    Error::new(ErrorKind::Transport, "the answer ended before its content did")
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
