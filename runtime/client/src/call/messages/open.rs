//! A response whose body is read item by item.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{HeaderValue, StatusCode};

use super::split::{Broken, Form, Item, Splitter};
use crate::call::answer::undecodable;
use crate::call::decode::check_misfits;
use crate::call::failed::{after, failure_of, reports_failure};
use crate::call::{Head, stall};
use crate::clock::Clock;
use crate::error::{Error, Phase, Result, from_transport};
use crate::json::{DecodeError, Misfits};
use crate::redact::Secrets;
use crate::spec::MethodSpec;
use crate::status::{BodyForm, html_title, is_html};
use crate::transport::{ResponseBody, TransportError};

/// Time for the body to end after the `]` of its array. The connection can be used again only if it
/// ends.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// A response whose body is read item by item.
pub(crate) struct Opened {
    method: &'static MethodSpec,
    status: StatusCode,
    headers: HeaderMap,
    /// Missing after its end.
    body: Option<ResponseBody>,
    splitter: Splitter,
    /// The first item, which belongs to the attempt.
    first: Option<Bytes>,
    /// Number of items found.
    items: u64,
    limit: usize,
    /// Limits the wait for the end of the body; taken at the end of the array. `None` for a body in
    /// memory.
    clock: Option<Arc<dyn Clock>>,
    /// Secrets of the request, which a response may quote.
    secrets: Secrets,
}

impl Opened {
    pub(crate) fn new(
        method: &'static MethodSpec,
        head: Head,
        limit: usize,
        secrets: Secrets,
    ) -> Self {
        let (head, body) = head.into_parts();
        let form = form(&head.headers);
        Self {
            method,
            status: head.status,
            headers: head.headers,
            body: Some(body),
            splitter: Splitter::new(form, limit),
            first: None,
            items: 0,
            limit,
            clock: None,
            secrets,
        }
    }

    /// Sets the clock that limits the wait for the end of the body after the end of the array.
    pub(crate) fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Reads the first item, and keeps it.
    pub(crate) async fn begin(&mut self) -> Result<()> {
        self.first = poll_fn(|cx| self.poll_item(cx)).await.transpose()?;
        Ok(())
    }

    /// Returns the text of the next item. Nothing may be asked for after an error.
    pub(crate) fn poll_text(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => self.poll_item(cx),
        }
    }

    /// Returns the text of the next item, if it has arrived.
    #[cfg(feature = "blocking")]
    pub(crate) fn take_ready(&mut self) -> Option<Result<Bytes>> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        self.split().transpose()
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            if let Some(item) = self.split().transpose() {
                return Poll::Ready(Some(item));
            }
            if self.splitter.is_complete()
                && let Some(clock) = self.clock.take()
            {
                self.body = self.body.take().map(|body| stall::finish(body, clock, END_TIMEOUT));
            }
            let Some(body) = self.body.as_mut().filter(|_| !self.splitter.is_done()) else {
                return Poll::Ready(None);
            };
            match ready!(body.poll_chunk(cx)) {
                Some(Ok(chunk)) => self.splitter.push(&chunk),
                // All items have arrived, so connection errors do not matter.
                Some(Err(_)) if self.splitter.is_complete() => self.body = None,
                Some(Err(error)) => return Poll::Ready(Some(Err(self.lost(error)))),
                None => {
                    self.body = None;
                    return Poll::Ready(self.last().transpose());
                }
            }
        }
    }

    fn split(&mut self) -> Result<Option<Bytes>> {
        match self.splitter.next() {
            Ok(item) => item.map(|item| self.checked(item)).transpose(),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// Returns the item that the end of the body ends.
    fn last(&mut self) -> Result<Option<Bytes>> {
        match self.splitter.finish() {
            Ok(item) => item.map(|item| self.checked(item)).transpose(),
            Err(Broken::Empty) if self.may_be_empty() => Ok(None),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// Returns `true` if a body of no bytes is a stream of no items: where it could be one of
    /// lines.
    fn may_be_empty(&self) -> bool {
        let lines = |text: &str| text.contains("ndjson") || text.contains("jsonl");
        self.status == StatusCode::NO_CONTENT || content_type(&self.headers).is_some_and(lines)
    }

    /// Returns the text of an item, or the error that stands in its place.
    fn checked(&mut self, item: Item) -> Result<Bytes> {
        let text = String::from_utf8_lossy(&item.text);
        let failed = item.failed || !self.method.error_member && reports_failure(&text);
        if !failed {
            self.items += 1;
            return Ok(item.text);
        }
        let form = BodyForm::Array;
        let body = (self.status, self.headers.clone(), item.text.clone(), form);
        Err(self.finish(failure_of(body, self.items, &text)))
    }

    #[cold]
    fn broken(&self, broken: Broken) -> Error {
        let after = after(self.items);
        let start = String::from_utf8_lossy(self.splitter.rest());
        let (message, form) = match broken {
            Broken::CutOff => (format!("the answer breaks off{after}"), BodyForm::Truncated),
            Broken::Empty => ("the answer has no body".to_owned(), BodyForm::Empty),
            Broken::NotJson if is_html(&start) => (not_json(&start), BodyForm::Html),
            Broken::NotJson => (
                "the answer is neither a JSON array nor JSON values in a row".to_owned(),
                BodyForm::Text,
            ),
            Broken::Syntax(what) => {
                (format!("the answer cannot be decoded: {what}{after}"), BodyForm::Text)
            }
            Broken::TooLong => {
                let limit = self.limit;
                (
                    format!("an item is longer than the limit of {limit} bytes{after}"),
                    BodyForm::Json,
                )
            }
        };
        let body = Bytes::copy_from_slice(self.splitter.rest());
        self.finish(undecodable(message, form, self.status, &self.headers, &body))
    }

    #[cold]
    fn lost(&self, error: TransportError) -> Error {
        let error = from_transport(error, Phase::Body);
        if self.items == 0 {
            return self.finish(error);
        }
        let message = format!("{}{}", error.message(), after(self.items));
        let kind = error.kind();
        self.finish(Error::new(kind, message).with_phase(Phase::Body).with_source(error))
    }

    /// Describes an item that could not be decoded.
    #[cold]
    pub(crate) fn undecodable(&self, text: &Bytes, error: DecodeError) -> Error {
        let message = format!("item {} cannot be decoded: {error}", self.items);
        let failed = undecodable(message, BodyForm::Json, self.status, &self.headers, text);
        self.finish(failed.with_source(error))
    }

    /// Logs values of an item that do not fit their types.
    ///
    /// # Errors
    ///
    /// If `strict` and there are any.
    pub(crate) fn check(&self, text: &Bytes, misfits: &Misfits, strict: bool) -> Result<()> {
        check_misfits(self.method, misfits, strict).map_err(|message| {
            let message = format!("item {}: {message}", self.items);
            let form = BodyForm::Json;
            self.finish(undecodable(message, form, self.status, &self.headers, text))
        })
    }

    fn finish(&self, error: Error) -> Error {
        error.with_method(self.method.id).with_maybe_sent(true).without_secrets(&self.secrets)
    }
}

fn not_json(page: &str) -> String {
    match html_title(page) {
        Some(title) => format!("the answer is an HTML page, not JSON: {title}"),
        None => "the answer is an HTML page, not JSON".to_owned(),
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).map(HeaderValue::to_str).and_then(std::result::Result::ok)
}

/// Returns how the items of a body are written.
fn form(headers: &HeaderMap) -> Form {
    let events = |text: &str| text.trim_start().starts_with("text/event-stream");
    match content_type(headers).is_some_and(events) {
        true => Form::Events,
        false => Form::Json,
    }
}

/// Returns the items of a whole body as a JSON array.
///
/// # Errors
///
/// As of a stream.
pub(crate) fn whole(
    method: &'static MethodSpec,
    status: StatusCode,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Bytes> {
    if form(headers) == Form::Json && body.trim_ascii_start().starts_with(b"[") {
        return Ok(body.clone());
    }
    let mut head = Head::new(ResponseBody::full(body.clone()));
    (*head.status_mut(), *head.headers_mut()) = (status, headers.clone());
    let mut opened = Opened::new(method, head, usize::MAX, Secrets::default());
    let mut array = b"[".to_vec();
    // The body is in memory: nothing waits.
    let mut cx = Context::from_waker(std::task::Waker::noop());
    while let Poll::Ready(Some(text)) = opened.poll_item(&mut cx) {
        if array.len() > 1 {
            array.push(b',');
        }
        array.extend_from_slice(&text?);
    }
    array.push(b']');
    Ok(array.into())
}
