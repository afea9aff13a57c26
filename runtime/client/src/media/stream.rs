//! A download under way.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::{
    CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_RANGE, RANGE,
};
use http::{StatusCode, response};

use super::crc32c::Crc32c;
use super::pin::{Identity, Span};
use super::progress::Notify;
use super::range::{ContentRange, Want};
use super::upload::stuck;
use crate::BoxFuture;
use crate::call::{Call, Head, Request};
use crate::clock::remaining;
use crate::error::{Error, ErrorKind, Phase, Result, from_transport};
use crate::retry::{Decision, Failure, RetryClass, random};
use crate::transport::ResponseBody;

const HASH: HeaderName = HeaderName::from_static("x-goog-hash");

/// Content that is being downloaded: bytes as they come.
///
/// Lost connections and stalls are overcome behind the scenes, by asking for the rest; the answer
/// must be of the same content, going by its ETag. Where Google's storage names a CRC-32C of the
/// whole content and all of it is read, the checksum is compared at the end.
pub struct DownloadStream {
    core: Option<Box<Core>>,
    phase: Phase_,
    content_type: Option<String>,
    etag: Option<String>,
    headers: HeaderMap,
    total: Option<u64>,
}

enum Phase_ {
    Body(ResponseBody),
    Reopening(BoxFuture<'static, (Box<Core>, Result<Option<ResponseBody>>)>),
    Done,
}

pub(super) struct Core {
    pub(super) call: Call,
    pub(super) want: Want,
    pub(super) unpinned: bool,
    pub(super) notify: Notify,
    pub(super) deadline: Option<Duration>,
    identity: Identity,
    /// Offset of the first byte to give.
    start: u64,
    /// Offset of the next byte to give.
    at: u64,
    /// Offset behind the last byte to give, if it is known.
    end: Option<u64>,
    /// Bytes of the current body that are not wanted.
    skip: u64,
    checksum: Option<(Crc32c, String)>,
    failures: u32,
    moved: Duration,
}

impl Core {
    pub(super) fn new(call: Call, want: Want, unpinned: bool, notify: Notify) -> Self {
        let moved = call.client().clock().now();
        let timeout = call.options().timeout.or(None);
        Self {
            want,
            unpinned,
            notify,
            deadline: timeout.map(|timeout| moved.saturating_add(timeout)),
            identity: Identity::default(),
            start: 0,
            at: 0,
            end: None,
            skip: 0,
            checksum: None,
            failures: 0,
            moved,
            call,
        }
    }

    fn left(&self) -> Option<Duration> {
        remaining(&**self.call.client().clock(), self.deadline)
    }

    fn request(&self) -> Result<Request> {
        let path = self.call.filled(self.call.method().path)?;
        let mut url = self.call.url(&path);
        self.call.all_query("media").append_to(&mut url);
        // Offsets count the bytes that are sent: they must be those of the content.
        let request = self.call.clone().request_to(&url)?.with_gzip(false);
        let mut options = request.options().clone();
        if let Some(left) = self.left() {
            options.set_timeout(left);
        }
        Ok(request.with_options(options))
    }

    /// Asks for the first time.
    pub(super) async fn open(mut self) -> Result<DownloadStream> {
        let mut request = self.request()?;
        if let Some(range) = self.want.header() {
            request = request.with_header(RANGE, header(&range)?);
        }
        let (head, body) = self.call.client().open(request).await?.into_parts();
        let span = Span::of(&head).map_err(stuck)?;
        let (first, end) = span.wanted(self.want).map_err(stuck)?;
        self.identity = Identity::of(&head.headers, span.total);
        (self.start, self.at) = (first, first);
        (self.end, self.skip) = (end, first - span.first);
        self.checksum = self.checksum_of(&head, span);
        self.notify.total(span.total);
        Ok(DownloadStream::new(self, &head, body))
    }

    /// The checksum to compare, where it is that of what is read.
    fn checksum_of(&self, head: &response::Parts, span: Span) -> Option<(Crc32c, String)> {
        let whole = self.want == Want::All && !span.partial && !self.identity.is_recoded();
        let hash = head.headers.get(HASH)?.to_str().ok()?;
        whole.then(|| (Crc32c::default(), hash.to_owned()))
    }

    /// Asks for the rest after a failure; nothing if there is no rest.
    async fn reopen(
        mut self: Box<Self>,
        error: Error,
    ) -> (Box<Self>, Result<Option<ResponseBody>>) {
        let id = self.call.method().id;
        let body = self.continue_after(error).await.map_err(|error| error.with_method(id));
        (self, body)
    }

    async fn continue_after(&mut self, error: Error) -> Result<Option<ResponseBody>> {
        self.check_resumable(&error)?;
        self.failures += 1;
        self.wait_after(error).await?;
        let mut request = self.request()?;
        let rest = Want::From { first: self.at, end: self.end_wanted() };
        if let Some(range) = rest.header() {
            request = request.with_header(RANGE, header(&range)?);
        }
        if let Some(pin) = self.identity.if_range() {
            request = request.with_header(IF_RANGE, pin.clone());
        }
        match self.call.client().open(request).await {
            Ok(head) => self.take_up(head, rest).map(Some),
            Err(error) if self.is_at_end(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn end_wanted(&self) -> Option<u64> {
        match self.want {
            Want::From { end: Some(_), .. } | Want::Last(_) => self.end,
            _ => None,
        }
    }

    /// Whether the server says that nothing follows the bytes that were read: the connection
    /// broke where the content ended, and its size was not known, or the length was a wrong one.
    /// The latter only counts if it is of the same content, for sure.
    fn is_at_end(&self, error: &Error) -> bool {
        let headers =
            error.http().filter(|http| http.status() == StatusCode::RANGE_NOT_SATISFIABLE);
        let range = headers.and_then(|http| http.headers().get(CONTENT_RANGE)?.to_str().ok());
        let total = range.and_then(|range| ContentRange::parse(range).ok());
        let sure = self.end.is_none() || self.identity.if_range().is_some();
        sure && total == Some(ContentRange::Unsatisfied { total: self.at })
    }

    /// Checks that an answer continues what was read.
    fn take_up(&mut self, head: Head, rest: Want) -> Result<ResponseBody> {
        let (head, body) = head.into_parts();
        let span = Span::of(&head).map_err(stuck)?;
        let later = Identity::of(&head.headers, span.total);
        let at = self.at;
        let changed = |how: &str| {
            stuck(format!("the content changed during the download, at byte {at}: {how}"))
        };
        if let Some(how) = self.identity.difference(&later) {
            return Err(changed(how));
        }
        if !span.partial && at > self.start && !self.identity.is_same(&later) {
            return Err(changed("the server gave all of it in place of the rest"));
        }
        let (first, end) = span.wanted(rest).map_err(stuck)?;
        self.skip = first - span.first;
        self.end = self.end.or(end);
        Ok(body)
    }

    fn check_resumable(&self, error: &Error) -> Result<()> {
        // Before the first byte, another attempt is a new download.
        let begun = self.at > self.start;
        let idempotent = self.call.options().idempotent.unwrap_or(self.call.method().idempotent);
        let why = if !idempotent {
            "the method is not idempotent"
        } else if begun && self.identity.is_recoded() {
            "the server unpacks the content, so that it cannot be continued"
        } else if begun && !self.identity.is_pinned() && !self.unpinned {
            "the server named no ETag that would tell whether the rest is of the same content \
             (`with_unpinned` goes on without)"
        } else {
            return Ok(());
        };
        let at = self.at;
        let message = format!("the download broke off at byte {at} ({error}); {why}");
        Err(Error::new(error.kind(), message).with_phase(Phase::Body).with_maybe_sent(true))
    }

    async fn wait_after(&mut self, error: Error) -> Result<()> {
        let shared = &self.call.client().shared;
        let failure = Failure {
            attempts: self.failures,
            elapsed: shared.clock.now().saturating_sub(self.moved),
            remaining: self.left(),
            idempotent: true,
            random: random::next(),
            ..Failure::new(&error)
        };
        let policy = self.call.options().retry.as_ref().unwrap_or(&shared.retry);
        match policy.decide(&failure) {
            Decision::Retry(wait) if shared.budget.spend(RetryClass::of(&error)) => {
                shared.clock.sleep(wait).await;
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// Takes in a piece of a body; what is left of it is for the caller.
    fn take_in(&mut self, mut piece: Bytes) -> Bytes {
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX).min(piece.len());
        self.skip -= skip as u64;
        let _ = piece.split_to(skip);
        if let Some(end) = self.end {
            piece.truncate(usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX));
        }
        if !piece.is_empty() {
            self.at += piece.len() as u64;
            self.failures = 0;
            self.moved = self.call.client().clock().now();
            if let Some((crc, _)) = &mut self.checksum {
                crc.update(&piece);
            }
            self.notify.confirmed(self.at);
        }
        piece
    }

    fn is_complete(&self) -> bool {
        self.end.is_some_and(|end| self.at >= end)
    }

    /// Compares the checksum.
    fn verify(&mut self) -> Result<()> {
        match self.checksum.take() {
            Some((crc, named)) if crc.agrees(&named) == Some(false) => Err(stuck(format!(
                "the content is damaged: its CRC-32C is {}, the server named {named}",
                crc.to_base64()
            ))
            .with_phase(Phase::Body)
            .with_method(self.call.method().id)),
            _ => Ok(()),
        }
    }
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(text).map_err(|_| stuck("a range that is no header"))
}

impl DownloadStream {
    fn new(core: Core, head: &response::Parts, body: ResponseBody) -> Self {
        let text = |name| {
            let value: Option<&HeaderValue> = head.headers.get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self {
            content_type: text(CONTENT_TYPE),
            etag: text(ETAG),
            headers: head.headers.clone(),
            total: core.identity.total(),
            core: Some(Box::new(core)),
            phase: Phase_::Body(body),
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
            let next = match &mut self.phase {
                Phase_::Done => return Poll::Ready(None),
                Phase_::Reopening(work) => {
                    let (core, body) = ready!(work.as_mut().poll(cx));
                    self.core = Some(core);
                    match body {
                        Ok(Some(body)) => self.phase = Phase_::Body(body),
                        Ok(None) => return Poll::Ready(self.finish()),
                        Err(error) => return Poll::Ready(self.fail(error)),
                    }
                    continue;
                }
                Phase_::Body(body) => ready!(body.poll_chunk(cx)),
            };
            let Some(core) = &mut self.core else { return Poll::Ready(None) };
            let error = match next {
                Some(Ok(piece)) => {
                    let piece = core.take_in(piece);
                    if !piece.is_empty() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                    if !core.is_complete() {
                        continue;
                    }
                    return Poll::Ready(self.finish());
                }
                None if core.end.is_none() || core.is_complete() => {
                    return Poll::Ready(self.finish());
                }
                None => Error::new(ErrorKind::Transport, "the answer ended before its content did")
                    .with_phase(Phase::Body)
                    .with_maybe_sent(true),
                // Where the content ends, it does not matter how its connection ends.
                Some(Err(_)) if core.is_complete() => return Poll::Ready(self.finish()),
                Some(Err(error)) => from_transport(error, Phase::Body).with_maybe_sent(true),
            };
            if let Some(core) = self.core.take() {
                self.phase = Phase_::Reopening(Box::pin(core.reopen(error)));
            }
        }
    }

    fn finish(&mut self) -> Option<Result<Bytes>> {
        self.phase = Phase_::Done;
        let verified = self.core.as_mut().map_or(Ok(()), |core| core.verify());
        verified.err().map(Err)
    }

    fn fail(&mut self, error: Error) -> Option<Result<Bytes>> {
        self.phase = Phase_::Done;
        Some(Err(error))
    }
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
