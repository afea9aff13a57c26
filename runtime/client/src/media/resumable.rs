//! Driver of the resumable upload protocol: executes the steps of the state machine.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RANGE};
use http::{Method, StatusCode};

use super::progress::Notify;
use super::range::{UploadRange, received};
use super::read::{Concat, Exact};
use super::session::{UploadSession, absolute_url, fingerprint};
use super::source::{Content, PreparedSource, source_failed};
use super::state::{Event, Limits, Machine, ProtocolError, Step};
use super::target::{Target, body_options, is_session_gone};
use super::upload::{CHUNK_GRANULARITY, CONTENT_CHUNK, STREAM_CHUNK};
use super::upload::{ResponseCheck, Settings, media_error};
use crate::call::{Request, Response};
use crate::client::Options;
use crate::clock::remaining;
use crate::error::{Error, ErrorKind, Result};
use crate::redact::Secrets;
use crate::retry::{Attempt, NoRetry};
use crate::transport::{Body, ByteStream};

const STATUS_OVERRIDE: HeaderName = HeaderName::from_static("x-http-status-code-override");
const UPLOAD_TYPE: HeaderName = HeaderName::from_static("x-upload-content-type");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("x-upload-content-length");

/// Limit for retry policies that never stop.
const MAX_FAILURES: u32 = 1000;

/// A resumable upload.
pub(super) struct Resumable {
    target: Target,
    content: PreparedSource,
    settings: Settings,
    machine: Machine,
    session: Option<UploadSession>,
    /// Whether the session is stored for a later resumption.
    keeps_session: bool,
    deadline: Option<Duration>,
    /// Time of the server's last progress.
    progressed_at: Duration,
    /// Secrets of the latest request, which its response may quote.
    secrets: Secrets,
}

/// Result of a step.
enum StepResult {
    Event(Event),
    Done(Response),
}

/// An encoded chunk.
struct Chunk {
    body: Body,
    len: u64,
    last: bool,
}

impl Resumable {
    pub(super) fn new(
        target: Target,
        mut content: PreparedSource,
        mut settings: Settings,
    ) -> Result<Self> {
        let limits = Limits { failures: MAX_FAILURES, ..Limits::default() };
        let session = settings.session.take();
        let total = content.size();
        let machine = match &session {
            Some(session) => {
                check_session(session, &target, total)?;
                Machine::resume(total.or(session.total), limits)
            }
            None => Machine::new(total, limits),
        };
        if let (PreparedSource::Window(window), Some(total)) = (&mut content, machine.total()) {
            window.set_size(total);
        }
        let progressed_at = target.call.client().clock().now();
        let timeout = target.call.options().transfer_timeout();
        let deadline = timeout.map(|timeout| progressed_at.saturating_add(timeout));
        let keeps_session = settings.on_session.0.is_some();
        let secrets = Secrets::default();
        Ok(Self {
            target,
            content,
            settings,
            machine,
            session,
            keeps_session,
            deadline,
            progressed_at,
            secrets,
        })
    }

    /// Opens a session without sending content.
    pub(super) async fn open(mut self) -> Result<UploadSession> {
        self.keeps_session = true;
        self.start().await?;
        self.session.ok_or_else(|| media_error("no session was opened"))
    }

    pub(super) async fn run(mut self, check: &mut ResponseCheck<'_>) -> Result<Response> {
        self.check_content().await?;
        loop {
            let outcome = match self.machine.step() {
                Step::Start => {
                    self.start().await?;
                    StepResult::Event(Event::Started)
                }
                Step::Query => self.query().await?,
                Step::Send { offset } => self.send(offset).await?,
            };
            let event = match outcome {
                StepResult::Event(event) => event,
                StepResult::Done(response) => match self.check_response(&response, check) {
                    Ok(()) => {
                        if let Some(total) = self.machine.total() {
                            self.settings.notify.confirmed(total);
                        }
                        return Ok(response);
                    }
                    // The content is complete, but the response broke off; a query repeats it.
                    Err(error) if error.is_truncated_success() => {
                        self.wait_after(error).await?;
                        Event::Lost
                    }
                    Err(error) => return Err(error),
                },
            };
            self.apply(event).await?;
        }
    }

    /// Rejects a session that was opened for different content.
    async fn check_content(&mut self) -> Result<()> {
        let opened = self.session.as_ref().and_then(|session| session.fingerprint.as_ref());
        let (Some(opened), PreparedSource::Content(content)) = (opened, &self.content) else {
            return Ok(());
        };
        if fingerprint(&**content).await? == *opened {
            return Ok(());
        }
        Err(Error::invalid("the content has changed since the upload session was opened"))
    }

    async fn fingerprint(&mut self) -> Result<Option<String>> {
        match &self.content {
            PreparedSource::Content(content) if self.keeps_session => {
                fingerprint(&**content).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn execute(&mut self, request: Request) -> Result<Response> {
        let client = self.target.call.client().clone();
        let (response, secrets) = client.execute_with_secrets(request).await?;
        self.secrets = secrets;
        Ok(response)
    }

    fn check_response(&self, response: &Response, check: &mut ResponseCheck<'_>) -> Result<()> {
        check(response).map_err(|error| error.without_secrets(&self.secrets))
    }

    /// Passes an event to the machine, waits if there was no progress, and reports progress.
    async fn apply(&mut self, event: Event) -> Result<()> {
        let (held, failures) = (self.machine.held(), self.machine.failures());
        self.machine.handle(event).map_err(media_error)?;
        if let Event::Holds(_) = event {
            self.record_progress(held);
        }
        // Failures of requests have been waited for; this one is a chunk that was not stored.
        if self.machine.failures() > failures && event != Event::Lost {
            let error = Error::new(ErrorKind::Transport, "the server stored no byte of the chunk")
                .with_maybe_sent(true);
            self.wait_after(error).await?;
        }
        Ok(())
    }

    fn record_progress(&mut self, before: u64) {
        let held = self.machine.held();
        self.settings.notify.confirmed(held);
        if held != before {
            self.progressed_at = self.target.call.client().clock().now();
        }
        if let Some(session) = &mut self.session {
            session.confirmed = held;
            session.total = self.machine.total();
            if let Some(hook) = &mut self.settings.on_session.0 {
                hook(session);
            }
        }
    }

    fn time_left(&self) -> Option<Duration> {
        remaining(&**self.target.call.client().clock(), self.deadline)
    }

    /// Returns options of a request without content.
    fn control_options(&self, mut options: Options) -> Options {
        if let Some(left) = self.time_left() {
            options.set_timeout(left);
        }
        options
    }

    /// Opens a session. Sessions without content are harmless, so retries are safe.
    async fn start(&mut self) -> Result<()> {
        let fingerprint = self.fingerprint().await?;
        let content_type = self.target.content_type.clone();
        let mut request = self.target.request("resumable")?.with_idempotent(true);
        request = request.with_header(UPLOAD_TYPE, content_type.clone());
        if let Some(total) = self.machine.total() {
            request = request.with_header(UPLOAD_LENGTH, total.into());
        }
        let options = self.control_options(request.options().clone());
        let response = self.target.call.client().execute(request.with_options(options)).await?;
        let location = response.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let Some(location) = location else {
            return Err(media_error(format!(
                "the server opened no upload session: its response ({}) has no Location header",
                response.status.as_u16()
            )));
        };
        let session = UploadSession {
            uri: absolute_url(location, self.target.call.client().root_url()),
            method: self.target.call.method().id.to_owned(),
            target: self.target.upload_url()?,
            metadata: self.target.call.json().map(str::to_owned),
            fingerprint,
            content_type: String::from_utf8_lossy(content_type.as_bytes()).into_owned(),
            total: self.machine.total(),
            confirmed: 0,
        };
        if let Some(hook) = &mut self.settings.on_session.0 {
            hook(&session);
        }
        self.session = Some(session);
        Ok(())
    }

    /// Queries how much the server holds.
    async fn query(&mut self) -> Result<StepResult> {
        let range = UploadRange::Query { total: self.machine.total() };
        let request = self.put(range)?;
        let options = self.control_options(request.options().clone());
        let request = request.with_options(options);
        match self.execute(request).await {
            Ok(response) => classify_response(response),
            Err(error) if is_session_gone(&error) => Ok(StepResult::Event(Event::Gone)),
            Err(error) => Err(error),
        }
    }

    async fn send(&mut self, offset: u64) -> Result<StepResult> {
        let chunk = self.chunk(offset).await?;
        let range = UploadRange::part(offset, chunk.len, self.machine.total());
        let request = self.put(range)?.with_body(chunk.body);
        let mut options =
            body_options(request.options().clone(), Some(chunk.len), self.time_left());
        // A failure is followed by a query, which is decided here.
        options.set_retry(NoRetry);
        match self.execute(request.with_options(options)).await {
            Ok(response) => match classify_response(response)? {
                StepResult::Done(_) if !chunk.last => Err(media_error(format!(
                    "the server ended the upload at byte {}, before all of the content was sent",
                    offset + chunk.len
                ))),
                outcome => Ok(outcome),
            },
            Err(error) if is_session_gone(&error) => Ok(StepResult::Event(Event::Gone)),
            Err(error) => {
                self.wait_after(error).await?;
                Ok(StepResult::Event(Event::Lost))
            }
        }
    }

    /// Waits as decided by the retry policy, or returns the error.
    async fn wait_after(&mut self, error: Error) -> Result<()> {
        let call = &self.target.call;
        let retrier = call.client().shared.retrier(
            call.method(),
            call.options(),
            self.progressed_at,
            self.deadline,
        );
        retrier.wait(error, Attempt::repeatable(self.machine.failures() + 1)).await
    }

    /// Creates a `PUT` request to the session.
    fn put(&self, range: UploadRange) -> Result<Request> {
        let Some(session) = &self.session else { return Err(media_error("there is no session")) };
        let range = HeaderValue::try_from(range.to_string())
            .map_err(|_| media_error("the range is not a valid header"))?;
        let request = self
            .target
            .session_request(session, Method::PUT)?
            .with_accept(|status| status.is_success() || status == StatusCode::PERMANENT_REDIRECT)
            .with_header(CONTENT_RANGE, range);
        Ok(match self.machine.step() {
            Step::Send { .. } => {
                request.with_header(CONTENT_TYPE, self.target.content_type.clone())
            }
            _ => request,
        })
    }

    /// Returns the chunk at an offset.
    async fn chunk(&mut self, offset: u64) -> Result<Chunk> {
        let (given, notify) = (self.settings.chunk_size, self.settings.notify.clone());
        let window = match &mut self.content {
            PreparedSource::Content(content) => {
                let left = content.size().saturating_sub(offset);
                let len = left.min(given.unwrap_or(CONTENT_CHUNK));
                return Ok(Chunk {
                    body: replayable_part(Arc::clone(content), offset, len, notify),
                    len,
                    last: len == left,
                });
            }
            PreparedSource::Window(window) => window,
        };
        let size = given.unwrap_or(STREAM_CHUNK);
        window.discard_before(offset).await.map_err(source_failed)?;
        window.fill(size).await.map_err(source_failed)?;
        self.machine.discard_before(window.start());
        let in_hand = window.end() - window.start();
        if window.ended() {
            let total = window.end();
            if offset > total {
                return Err(media_error(ProtocolError::Overrun { held: offset, total }));
            }
            self.machine.set_total(total);
            notify.total(Some(total));
            self.target.check_size(Some(total))?;
        }
        let last = window.ended() && in_hand <= size;
        let len =
            if last { in_hand } else { in_hand.min(size) / CHUNK_GRANULARITY * CHUNK_GRANULARITY };
        let pieces = window.head(len);
        let body = Body::replayable(Some(len), move || {
            let stream: ByteStream = Box::pin(Concat::new(pieces.iter().cloned()));
            Box::pin(Exact::new(stream, offset, len, notify.clone()))
        });
        Ok(Chunk { body, len, last })
    }
}

/// Returns a body that reads a part of the content when it is sent.
fn replayable_part(content: Arc<dyn Content>, offset: u64, len: u64, notify: Notify) -> Body {
    if len == 0 {
        return Body::empty();
    }
    Body::replayable(Some(len), move || {
        Box::pin(Exact::new(content.open(offset), offset, len, notify.clone()))
    })
}

/// Classifies a response of the session.
fn classify_response(response: Response) -> Result<StepResult> {
    let text = |name: &HeaderName| response.headers.get(name).and_then(|value| value.to_str().ok());
    // Some front ends move the 308 to a header, since proxies may take it for a redirect.
    let hidden = text(&STATUS_OVERRIDE).is_some_and(|status| status.trim() == "308");
    if hidden || response.status == StatusCode::PERMANENT_REDIRECT {
        let held = received(text(&RANGE)).map_err(media_error)?;
        return Ok(StepResult::Event(Event::Holds(held)));
    }
    Ok(StepResult::Done(response))
}

fn check_session(session: &UploadSession, target: &Target, total: Option<u64>) -> Result<()> {
    target.check_session(session)?;
    match (session.total, total) {
        (Some(then), Some(now)) if then != now => Err(Error::invalid(format!(
            "the upload session is for {then} bytes, but the content has {now} bytes"
        ))),
        _ => Ok(()),
    }
}
