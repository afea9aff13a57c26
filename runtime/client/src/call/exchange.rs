//! Execution of a call: attempts and retries.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::IF_MATCH;
use http::{Method, StatusCode};

use super::attempt::{self, Head, Sink};
use super::messages::Opened;
use super::reading::{Reading, Value};
use super::redirect::Origin;
use super::request::{Request, Response};
use crate::BoxFuture;
use crate::auth::AuthHeaders;
use crate::client::{Client, Shared};
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::observe::{AttemptReport, RetryReport, Scope, attempt_error_type};
use crate::redact::Secrets;
use crate::retry::{Attempt, is_own_effect};
use crate::trace::{self, AttemptSpan, Sending, Server};
use crate::transport::Body;

/// A running call.
pub(super) struct Exchange<'a> {
    pub(super) client: &'a Shared,
    pub(super) request: Request,
    /// The call, of which this may be a part.
    scope: Scope,
    /// Authorization of the current attempt.
    pub(super) authorized: AuthHeaders,
    pub(super) begun: Duration,
    /// Start of the current attempt.
    pub(super) started: Duration,
    pub(super) deadline: Option<Duration>,
    pub(super) attempts: u32,
    /// Phase of the current attempt.
    pub(super) phase: Phase,
    /// Status of the current attempt's response.
    pub(super) status: Option<StatusCode>,
    /// HTTP version of the current attempt's response.
    pub(super) version: Option<http::Version>,
    /// URL with secrets hidden, computed on demand.
    pub(super) shown: Option<String>,
    /// Original request of a redirected attempt.
    pub(super) origin: Option<Origin>,
    /// Secrets that interceptors added to the current attempt.
    pub(super) added: Secrets,
    /// Largest item, if the response is read item by item.
    item_limit: Option<usize>,
    /// The response that is read item by item, with its first item. Never locked; makes the
    /// exchange `Sync`.
    opened: Mutex<Option<Opened>>,
    refreshed: bool,
    maybe_sent: bool,
    /// Whether the server may have executed an attempt before the current one.
    uncertain: bool,
    previous: Option<Error>,
}

impl Client {
    /// Sends a request and reads the response, with retries.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn execute(&self, request: Request) -> Result<Response> {
        let mut answer = None;
        let mut keep = |response: &Response| {
            answer = Some(response.clone());
            Ok(())
        };
        self.drive(request, &mut Sink::Check(&mut keep)).await?;
        answer.ok_or_else(|| Error::new(ErrorKind::Decode, "no response"))
    }

    /// Returns the secrets of the request as well, for responses that are decoded later.
    pub(crate) async fn execute_with_secrets(
        &self,
        request: Request,
    ) -> Result<(Response, Secrets)> {
        let mut answer = None;
        let mut keep = |response: &Response| {
            answer = Some(response.clone());
            Ok(())
        };
        let mut exchange = Box::new(Exchange::new(&self.shared, request));
        Box::pin(exchange.run(Some(&mut Sink::Check(&mut keep)))).await?;
        let secrets = exchange.secrets();
        let answer = answer.ok_or_else(|| Error::new(ErrorKind::Decode, "no response"))?;
        Ok((answer, secrets))
    }

    /// Sends a request and returns the response head; the body streams after it.
    ///
    /// Deadline and retries cover the time up to the head; the stall timeout applies to the body.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn open(&self, request: Request) -> Result<Head> {
        let head = self.head(request).await?;
        head.ok_or_else(|| Error::new(ErrorKind::Decode, "no response"))
    }

    /// Executes a call whose response is received within the attempt, by `sink`.
    ///
    /// The result is small, since programs compile the code that drops it.
    pub(crate) fn drive<'a>(
        &'a self,
        request: Request,
        sink: &'a mut Sink<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        // The future is large, so it is boxed once.
        let mut exchange = Exchange::new(&self.shared, request);
        Box::pin(async move { exchange.run(Some(sink)).await.map(drop) })
    }

    /// Executes a call whose response is read within the attempt.
    pub(crate) fn read(
        self,
        request: Request,
        reading: Reading,
    ) -> BoxFuture<'static, Result<(Response, Value)>> {
        Box::pin(async move {
            let mut answer = None;
            let mut exchange = Exchange::new(&self.shared, request);
            exchange.run(Some(&mut Sink::Read(reading, &mut answer))).await?;
            answer.ok_or_else(|| Error::new(ErrorKind::Decode, "no response"))
        })
    }

    /// Executes a call up to the first item of its response, each at most `limit` bytes long.
    ///
    /// Deadline and retries cover the time up to the head, and retries the first item as well; the
    /// stall timeout applies to the body, and so does a timeout of the call's own.
    pub(crate) fn stream(
        &self,
        request: Request,
        limit: Option<usize>,
    ) -> BoxFuture<'_, Result<Opened>> {
        let most = usize::try_from(self.shared.response_limit).unwrap_or(usize::MAX);
        let mut exchange = Exchange::new(&self.shared, request);
        exchange.item_limit = Some(limit.unwrap_or(most));
        Box::pin(async move {
            exchange.run(None).await?;
            let opened = exchange.opened.get_mut().unwrap_or_else(PoisonError::into_inner).take();
            opened.ok_or_else(|| Error::new(ErrorKind::Decode, "no response"))
        })
    }

    /// Executes a call up to the response head.
    fn head(&self, request: Request) -> BoxFuture<'_, Result<Option<Head>>> {
        let mut exchange = Exchange::new(&self.shared, request);
        Box::pin(async move { exchange.run(None).await })
    }
}

impl<'a> Exchange<'a> {
    fn new(client: &'a Shared, mut request: Request) -> Self {
        let begun = client.clock.now();
        let deadline = request
            .options
            .limits(&client.options, request.method.holds)
            .call
            .map(|timeout| begun.saturating_add(timeout));
        let scope = match request.scope.take() {
            Some(scope) => Scope::Part(scope),
            None => Scope::Own(client.scope(request.method)),
        };
        let shown = (!client.interceptors.is_empty()).then(|| request.shown_url());
        Self {
            client,
            request,
            scope,
            authorized: AuthHeaders::none(),
            begun,
            started: begun,
            deadline,
            attempts: 0,
            phase: Phase::Prepare,
            status: None,
            version: None,
            shown,
            origin: None,
            added: Secrets::default(),
            item_limit: None,
            opened: Mutex::default(),
            refreshed: false,
            maybe_sent: false,
            uncertain: false,
            previous: None,
        }
    }

    /// Runs the exchange within the span of its call.
    async fn run(&mut self, sink: Option<&mut Sink<'_>>) -> Result<Option<Head>> {
        let span = self.scope.span();
        let outcome = {
            let attempts = pin!(self.run_attempts(sink));
            trace::within(span, attempts).await
        };
        self.scope.end(outcome.as_ref().err());
        outcome
    }

    async fn run_attempts(&mut self, mut sink: Option<&mut Sink<'_>>) -> Result<Option<Head>> {
        let mut body = self.request.body.replay();
        loop {
            let Some(next) = body.take() else {
                return Err(self.finish(Error::invalid("the request body was already used")));
            };
            self.attempts += 1;
            self.started = if self.attempts == 1 { self.begun } else { self.client.clock.now() };
            self.scope.attempted();
            let span = self.attempt_span();
            let outcome = {
                let work = pin!(self.attempt_item(next, sink.as_deref_mut()));
                trace::within(span.span(), work).await
            };
            if let Some(status) = self.status {
                span.responded(status, self.version);
                self.scope.responded(status);
            }
            let error = match outcome {
                Ok(head) => {
                    self.client.budget.earn();
                    span.end(None);
                    self.report(None, None);
                    return Ok(head);
                }
                Err(error) => self.note(error),
            };
            span.end(Some(&attempt_error_type(&error)));
            body = self.request.body.replay();
            let wait = self.wait_after(&error, body.is_some());
            self.report(Some(&error), wait);
            let Some(wait) = wait else { return Err(self.finish(error)) };
            self.uncertain = self.maybe_sent;
            self.previous = Some(error);
            if !wait.is_zero() {
                self.client.clock.sleep(wait).await;
            }
        }
    }

    /// Starts the span of the current attempt.
    fn attempt_span(&self) -> AttemptSpan {
        AttemptSpan::new(&Sending {
            verb: &self.request.verb,
            template: self.request.template,
            server: Server::of(&self.request.uri),
            number: self.attempts,
        })
    }

    /// Makes one attempt, up to the first item of its response if items are wanted.
    async fn attempt_item(
        &mut self,
        body: Body,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Option<Head>> {
        let head = self.attempt(body, sink).await?;
        match (head, self.item_limit) {
            (Some(head), Some(limit)) => self.begin(head, limit).await,
            (head, _) => Ok(head),
        }
    }

    /// Reads the first item of a response.
    async fn begin(&mut self, head: Head, limit: usize) -> Result<Option<Head>> {
        let head = match self.request.options.transfer_timeout() {
            Some(timeout) => self.limited(head, timeout),
            None => head,
        };
        let clock = Arc::clone(&self.client.clock);
        let opened = Opened::new(self.request.method, head, limit, self.secrets());
        let mut opened = opened.with_clock(clock);
        Box::pin(opened.begin()).await?;
        self.opened = Mutex::new(Some(opened));
        Ok(None)
    }

    /// Completes the error of an attempt.
    fn note(&mut self, mut error: Error) -> Error {
        self.maybe_sent |= error.maybe_sent();
        let elapsed = self.client.clock.now().saturating_sub(self.begun);
        let inner = error.inner_mut();
        inner.attempts = self.attempts;
        inner.elapsed = elapsed;
        error.with_method(self.request.method.id)
    }

    /// Returns the delay before the next attempt; `None` to stop.
    fn wait_after(&mut self, error: &Error, replayable: bool) -> Option<Duration> {
        if self.refresh(error) {
            if replayable {
                let (method, wait) = (self.request.method, Duration::ZERO);
                let retry = RetryReport { method, reason: "unauthenticated", error, wait };
                self.client.interceptors.retrying(&retry);
            }
            return replayable.then_some(Duration::ZERO);
        }
        let idempotent = self.is_idempotent();
        let attempt = Attempt { number: self.attempts, idempotent, replayable };
        let (method, options) = (self.request.method, &self.request.options);
        let retrier = self.client.retrier(method, options, self.begun, self.deadline);
        retrier.decide(error, attempt)
    }

    /// Discards a rejected token, once per call; returns whether another may be available.
    fn refresh(&mut self, error: &Error) -> bool {
        let refused = error.http_status() == Some(StatusCode::UNAUTHORIZED);
        if !refused || self.refreshed {
            return false;
        }
        self.refreshed = true;
        self.client.credentials.invalidate(&self.authorized)
    }

    fn is_idempotent(&self) -> bool {
        let options = &self.request.options;
        let conditional = || attempt::sends(self.client, &self.request, &IF_MATCH);
        options.idempotent.unwrap_or_else(|| {
            let known = self.request.idempotent || conditional();
            self.client.policy(options).is_idempotent(self.request.method, known)
        })
    }

    /// Returns the error for the caller.
    fn finish(&mut self, error: Error) -> Error {
        let mut error = error.with_method(self.request.method.id).with_maybe_sent(self.maybe_sent);
        let maybe_done =
            self.uncertain && is_own_effect(self.request.verb == Method::DELETE, &error);
        let inner = error.inner_mut();
        inner.maybe_done = maybe_done;
        // An earlier error is more useful than the timeout.
        if inner.kind == ErrorKind::Timeout && inner.source.is_none() {
            inner.source = self.previous.take().map(Into::into);
        }
        error
    }

    fn report(&self, error: Option<&Error>, retry_in: Option<Duration>) {
        if self.client.interceptors.is_empty() {
            return;
        }
        // A redirect's target is not where the attempt was sent.
        let uri = self.origin.as_ref().map_or(&self.request.uri, |origin| &origin.uri);
        let server = Server::of(uri);
        let report = AttemptReport {
            method: self.request.method,
            verb: &self.request.verb,
            url: self.shown.as_deref().unwrap_or_default(),
            url_template: self.request.template,
            server_address: server.address,
            server_port: server.port,
            number: self.attempts,
            status: self.status,
            version: self.version,
            error,
            elapsed: self.client.clock.now().saturating_sub(self.started),
            retry_in,
        };
        self.client.interceptors.each(|interceptor| interceptor.after_attempt(&report));
    }
}
