//! State of a download and how it resumes after a failure.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_RANGE, HeaderValue, IF_RANGE, RANGE};
use http::{StatusCode, response};

use super::body_range::{BodyRange, content_too_short};
use super::crc32c::Crc32c;
use super::progress::Notify;
use super::range::{ContentRange, RequestedRange};
use super::stream::DownloadStream;
use super::upload::media_error;
use super::validators::Validators;
use crate::call::answer::stored_coding;
use crate::call::{Call, Head, Request};
use crate::clock::remaining;
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::observe::CallScope;
use crate::retry::Attempt;
use crate::spec::UrlTemplate;
use crate::transport::{ResponseBody, is_decompressed};

/// Arguments and progress of a download.
pub(super) struct DownloadState {
    call: Call,
    scope: Arc<CallScope>,
    want: RequestedRange,
    unvalidated: bool,
    as_stored: bool,
    notify: Notify,
    deadline: Option<Duration>,
    validators: Validators,
    /// Offset of the first byte to deliver.
    start: u64,
    /// Offset of the next byte to deliver.
    at: u64,
    /// Upper bound of the requested bytes; the content may end earlier.
    limit: Option<u64>,
    /// Position of the current body in the content.
    body_range: BodyRange,
    /// Offset of the next byte of the current body.
    position: u64,
    checksum: Option<(Crc32c, String)>,
    failures: u32,
    progressed_at: Duration,
}

/// Meaning of the end of a body.
pub(super) enum BodyEnd {
    /// All requested bytes were delivered.
    Complete,
    /// The server sent less than requested; the rest has to be requested.
    More,
    /// The body is shorter than its length.
    Cut,
}

impl DownloadState {
    pub(super) fn new(
        mut call: Call,
        want: RequestedRange,
        unvalidated: bool,
        as_stored: bool,
        notify: Notify,
    ) -> Self {
        if let Some(id) = call.new_request_id() {
            call.set_request_id(&id);
        }
        let progressed_at = call.client().clock().now();
        let timeout = call.options().transfer_timeout();
        Self {
            want,
            unvalidated,
            as_stored,
            notify,
            deadline: timeout.map(|timeout| progressed_at.saturating_add(timeout)),
            validators: Validators::default(),
            start: 0,
            at: 0,
            limit: None,
            body_range: BodyRange::default(),
            position: 0,
            checksum: None,
            failures: 0,
            progressed_at,
            scope: Arc::new(call.client().shared.scope(call.method())),
            call,
        }
    }

    fn request(&self, want: RequestedRange) -> Result<Request> {
        let path = self.call.filled(self.call.method().path)?;
        let mut url = self.call.url(&path);
        self.call.all_query("media").append_to(&mut url);
        let template = UrlTemplate::of(self.call.method());
        let request = self.call.clone().request_to(&url)?;
        let request = request.with_template(template).within(&self.scope);
        // Ranges apply to the encoded content, so it must be sent without further compression.
        let request =
            if self.as_stored { request.with_stored_coding() } else { request.with_gzip(false) };
        let mut options = request.options().clone();
        if let Some(left) = remaining(&**self.call.client().clock(), self.deadline) {
            options.set_timeout(left);
        }
        let request = request.with_options(options);
        match want.header() {
            Some(range) => {
                let range = HeaderValue::try_from(range)
                    .map_err(|_| media_error("the range cannot be a header"))?;
                Ok(request.with_header(RANGE, range))
            }
            None => Ok(request),
        }
    }

    /// Sends the first request.
    pub(super) async fn open(mut self) -> Result<DownloadStream> {
        let scope = Arc::clone(&self.scope);
        let head = scope.start(async {
            let head = self.call.client().open(self.request(self.want)?).await?;
            let (head, body) = head.into_parts();
            self.begin(&head)?;
            Ok((head, body))
        });
        let (head, body) = head.await?;
        Ok(DownloadStream::new(self, &head, body))
    }

    /// Ends the call.
    pub(super) fn finish(&self, error: Option<&Error>) {
        self.scope.end(error);
    }

    /// Accepts the head of a response before any byte was delivered.
    fn begin(&mut self, head: &response::Parts) -> Result<()> {
        let body_range = BodyRange::of(head, self.as_stored).map_err(media_error)?;
        let validators = self.validators_of(head, body_range);
        if self.as_stored && validators.is_transcoded() && !is_decompressed(&head.extensions) {
            let message = "the server sent the content in another encoding than it is stored in";
            return Err(media_error(message));
        }
        let stored = stored_coding(&head.headers).is_none_or(|stored| stored != "identity");
        if self.as_stored && stored && is_decompressed(&head.extensions) {
            let message = "this transport decompresses content, so that it cannot be read as it is \
                           stored";
            return Err(media_error(message));
        }
        if let Some(how) = self.validators.difference(&validators) {
            return Err(self.content_changed(how));
        }
        let (first, limit) = body_range.select(self.want).map_err(media_error)?;
        (self.start, self.at, self.limit) = (first, first, limit);
        (self.body_range, self.position) = (body_range, body_range.first);
        // The checksum covers the whole content as stored.
        let hash = validators
            .hash()
            .filter(|_| self.want == RequestedRange::All && !validators.is_transcoded());
        self.checksum = hash.map(|hash| (Crc32c::default(), hash.to_owned()));
        self.notify.total(body_range.total);
        self.validators = validators;
        Ok(())
    }

    fn validators_of(&self, head: &response::Parts, body_range: BodyRange) -> Validators {
        Validators::of(&head.headers, body_range.total)
            .with_decompressed(is_decompressed(&head.extensions))
    }

    /// Requests the rest after an error or an early end of the body. Returns no body if nothing is
    /// left.
    pub(super) async fn reopen(
        mut self: Box<Self>,
        error: Option<Error>,
    ) -> (Box<Self>, Result<Option<ResponseBody>>) {
        let id = self.call.method().id;
        let body = self.resume_after(error).await.map_err(|error| error.with_method(id));
        (self, body)
    }

    async fn resume_after(&mut self, error: Option<Error>) -> Result<Option<ResponseBody>> {
        self.check_resumable(error.as_ref())?;
        if let Some(error) = error {
            self.failures += 1;
            let call = &self.call;
            let retrier = call.client().shared.retrier(
                call.method(),
                call.options(),
                self.progressed_at,
                self.deadline,
            );
            retrier.wait(error, Attempt::repeatable(self.failures)).await?;
        }
        if !self.has_begun() {
            let head = self.call.client().open(self.request(self.want)?).await?;
            let (head, body) = head.into_parts();
            return self.begin(&head).map(|()| Some(body));
        }
        let rest = RequestedRange::From { first: self.at, end: self.limit };
        let mut request = self.request(rest)?;
        if let Some(pin) = self.validators.if_range() {
            request = request.with_header(IF_RANGE, pin.clone());
        }
        match self.call.client().open(request).await {
            Ok(head) => self.accept_rest(head, rest).map(Some),
            Err(error) if self.is_at_end(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns `true` if bytes were delivered.
    const fn has_begun(&self) -> bool {
        self.at > self.start
    }

    /// Returns `true` if the server reports that nothing follows the bytes delivered: the
    /// connection broke at the end of the content, and its size was unknown or wrong. The response
    /// must verifiably refer to the same content.
    fn is_at_end(&self, error: &Error) -> bool {
        let refused =
            error.http().filter(|http| http.status() == StatusCode::RANGE_NOT_SATISFIABLE);
        let Some(http) = refused else { return false };
        let range = http.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
        let total = range.and_then(|range| ContentRange::parse(range).ok());
        let same = || self.validators.matches(&Validators::of(http.headers(), None));
        total == Some(ContentRange::Unsatisfied { total: self.at })
            && (self.checksum.is_some() || same())
    }

    /// Checks that a response continues the bytes delivered.
    fn accept_rest(&mut self, head: Head, rest: RequestedRange) -> Result<ResponseBody> {
        let (head, body) = head.into_parts();
        let body_range = BodyRange::of(&head, self.as_stored).map_err(media_error)?;
        let later = self.validators_of(&head, body_range);
        if let Some(how) = self.validators.difference(&later) {
            return Err(self.content_changed(how));
        }
        if later.is_transcoded() {
            return Err(media_error("the server compressed the rest of the content"));
        }
        if !self.validators.matches(&later) {
            // A full response to `If-Range` means that the content is another one.
            if !body_range.partial
                && (self.validators.if_range().is_some() || self.checksum.is_none())
            {
                return Err(self.content_changed("the server sent all of it instead of the rest"));
            }
            if self.checksum.is_none() && !self.unvalidated {
                return Err(self.content_changed("the response has no validator of the content"));
            }
        }
        body_range.select(rest).map_err(media_error)?;
        self.validators.adopt_total(&later);
        (self.body_range, self.position) = (body_range, body_range.first);
        Ok(body)
    }

    fn content_changed(&self, how: &str) -> Error {
        let at = self.at;
        media_error(format!("the content changed during the download, at byte {at}: {how}"))
    }

    fn check_resumable(&self, error: Option<&Error>) -> Result<()> {
        // Before the first byte, a retry is a new download.
        let begun = self.has_begun();
        let idempotent =
            self.call.options().idempotent.unwrap_or_else(|| self.call.is_repeatable());
        let proved = self.validators.can_match() || self.checksum.is_some() || self.unvalidated;
        let why = if !idempotent {
            "the method is not idempotent"
        } else if begun && self.validators.is_transcoded() {
            "the server decompresses the content, so it cannot be resumed"
        } else if begun && !proved {
            "the server sent no ETag to verify that the content is unchanged \
             (use `with_unvalidated_resume` to resume without one)"
        } else {
            return Ok(());
        };
        let at = self.at;
        let (kind, cause) = match error {
            Some(error) => (error.kind(), error.to_string()),
            None => (ErrorKind::Media, "the server sent less than requested".to_owned()),
        };
        let message = format!("the download broke off at byte {at} ({cause}); {why}");
        Err(Error::new(kind, message).with_phase(Phase::Body).with_maybe_sent(true))
    }

    /// Returns the size of the whole content, if the server reports it.
    pub(super) const fn total(&self) -> Option<u64> {
        self.validators.total()
    }

    /// Returns the offset after the last requested byte, if known.
    fn end(&self) -> Option<u64> {
        [self.limit, self.total()].into_iter().flatten().min()
    }

    /// Interprets the end of a body.
    ///
    /// # Errors
    ///
    /// If the content ends before the first requested byte.
    pub(super) fn body_end(&self) -> Result<BodyEnd> {
        if self.is_complete() {
            return Ok(BodyEnd::Complete);
        }
        match self.body_range.end {
            Some(end) if self.position < end => Ok(BodyEnd::Cut),
            Some(_) => Ok(BodyEnd::More),
            // A body of unknown length is the whole content and ends with it.
            None if self.position < self.at || (self.at == self.start && self.start > 0) => {
                let error = media_error(content_too_short(self.position, self.at));
                Err(error.with_phase(Phase::Body).with_method(self.call.method().id))
            }
            None => Ok(BodyEnd::Complete),
        }
    }

    /// Accepts a piece of a body and returns the requested part of it.
    ///
    /// # Errors
    ///
    /// If the body is longer than the server announced.
    pub(super) fn accept(&mut self, mut piece: Bytes) -> Result<Bytes> {
        let begin = self.position;
        self.position += piece.len() as u64;
        if let Some(end) = self.body_range.end.filter(|&end| self.position > end) {
            let message =
                format!("the body extends beyond byte {end}, the end announced by the server");
            return Err(media_error(message)
                .with_phase(Phase::Body)
                .with_method(self.call.method().id));
        }
        let skip =
            usize::try_from(self.at.saturating_sub(begin)).unwrap_or(usize::MAX).min(piece.len());
        let _ = piece.split_to(skip);
        if let Some(end) = self.end() {
            piece.truncate(usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX));
        }
        if !piece.is_empty() {
            self.at += piece.len() as u64;
            self.failures = 0;
            self.progressed_at = self.call.client().clock().now();
            if let Some((crc, _)) = &mut self.checksum {
                crc.update(&piece);
            }
            self.notify.confirmed(self.at);
        }
        Ok(piece)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.end().is_some_and(|end| self.at >= end)
    }

    /// Verifies the checksum.
    pub(super) fn verify(&mut self) -> Result<()> {
        match self.checksum.take() {
            Some((crc, named)) if crc.agrees(&named) == Some(false) => Err(media_error(format!(
                "the content is damaged: its CRC-32C is {}, the server reported {named}",
                crc.to_base64()
            ))
            .with_phase(Phase::Body)
            .with_method(self.call.method().id)),
            _ => Ok(()),
        }
    }
}
