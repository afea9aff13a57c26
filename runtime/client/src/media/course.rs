//! What a download knows of its content, and how it goes on after a failure.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_RANGE, HeaderName, HeaderValue, IF_RANGE, RANGE};
use http::{StatusCode, response};

use super::crc32c::Crc32c;
use super::pin::{Identity, Span};
use super::progress::Notify;
use super::range::{ContentRange, Want};
use super::stream::DownloadStream;
use super::upload::stuck;
use crate::call::{Call, Head, Request};
use crate::clock::remaining;
use crate::error::{Error, Phase, Result};
use crate::retry::Attempt;
use crate::transport::ResponseBody;

const HASH: HeaderName = HeaderName::from_static("x-goog-hash");

/// A download's arguments, and where it is.
pub(super) struct Core {
    call: Call,
    want: Want,
    unpinned: bool,
    notify: Notify,
    deadline: Option<Duration>,
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
        let timeout = call.options().transfer_timeout();
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
    pub(super) async fn reopen(
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
        let call = &self.call;
        let retrier = call.client().shared.retrier(call.options(), self.moved, self.deadline);
        retrier.wait(error, Attempt::repeatable(self.failures)).await
    }

    /// The size of the whole content, if the server says it.
    pub(super) const fn total(&self) -> Option<u64> {
        self.identity.total()
    }

    /// Whether it is known where the content ends.
    pub(super) const fn is_bounded(&self) -> bool {
        self.end.is_some()
    }

    /// Takes in a piece of a body; what is left of it is for the caller.
    pub(super) fn take_in(&mut self, mut piece: Bytes) -> Bytes {
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

    pub(super) fn is_complete(&self) -> bool {
        self.end.is_some_and(|end| self.at >= end)
    }

    /// Compares the checksum.
    pub(super) fn verify(&mut self) -> Result<()> {
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
