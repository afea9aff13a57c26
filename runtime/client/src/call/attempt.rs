//! One attempt: credentials, request, response.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH};
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::exchange::Exchange;
use super::reading::{Reading, Value};
use super::request::{ContentCoding, Request, Response};
use super::{answer, stall};
use crate::auth::{AuthContext, AuthError, AuthErrorKind, AuthHeaders};
use crate::client::{Shared, TimeLimits};
use crate::clock::{Clock, timeout_at};
use crate::error::{Error, ErrorKind, Phase, Result, from_transport};
use crate::observe::{AttemptStart, Interceptors};
use crate::redact::Secrets;
use crate::redact::secrets::{has_secrets, is_secret_header};
use crate::transport::{Body, ResponseBody, TransportError};

/// A response head with its body.
pub type Head = http::Response<ResponseBody>;

/// Receives the response of an attempt; its result is that of the attempt.
pub(crate) enum Sink<'s> {
    /// Checks the response.
    Check(&'s mut (dyn FnMut(&Response) -> Result<()> + Send)),
    /// Reads the response, and keeps both.
    Read(Reading, &'s mut Option<(Response, Value)>),
}

impl Sink<'_> {
    async fn receive(&mut self, clock: &dyn Clock, response: Response) -> Result<()> {
        match self {
            Self::Check(check) => check(&response),
            Self::Read(reading, slot) => {
                **slot = Some(reading.run(clock, response).await?);
                Ok(())
            }
        }
    }
}

/// Number of headers that an attempt adds, for which there is room from the start: those of
/// credentials, `accept-encoding`, and those of the transport.
const OWN_HEADERS: usize = 4;

/// Number of bytes of a body after which other tasks get a turn.
const TURN: u64 = 1024 * 1024;

/// Result of an attempt.
enum Outcome {
    Done(Option<Head>),
    /// A response with an unaccepted status, whose body is still unread.
    Refused(Head),
}

/// The headers of an attempt: those of the client, the request, and the caller.
fn headers(client: &Shared, request: &Request) -> HeaderMap {
    let all = [&client.options.headers, &request.headers, &request.options.headers];
    let count: usize = all.iter().map(|headers| headers.len()).sum();
    let mut headers = HeaderMap::with_capacity(count + OWN_HEADERS);
    all.into_iter().for_each(|over| overlay(&mut headers, over));
    if !request.authorized {
        remove_secrets(&mut headers);
    }
    let gzip = match request.coding {
        ContentCoding::Gzip => cfg!(feature = "gzip") && !headers.contains_key(ACCEPT_ENCODING),
        ContentCoding::Identity => false,
        // Cloud Storage decompresses for clients that do not accept gzip.
        ContentCoding::Stored => true,
    };
    if gzip {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // Some of Google's front ends respond with 411 to these verbs without a length (RFC 9110, 8.6).
    let has_body = matches!(request.verb.as_str(), "POST" | "PUT" | "PATCH");
    if has_body && request.body.length() == Some(0) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    headers
}

fn overlay(under: &mut HeaderMap, over: &HeaderMap) {
    if !under.is_empty() {
        for name in over.keys() {
            under.remove(name);
        }
    }
    for (name, value) in over {
        under.append(name.clone(), value.clone());
    }
}

fn remove_secrets(headers: &mut HeaderMap) {
    let secret = |name: &&HeaderName| is_secret_header(name.as_str());
    let names: Vec<HeaderName> = headers.keys().filter(secret).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

impl Shared {
    /// Checks that secrets set by client and caller may be sent to the URL.
    pub(crate) fn check_own_secrets(&self, request: &Request) -> Result<()> {
        let own = || {
            self.secret_headers
                || request.has_credential_param()
                || has_secrets(&request.headers)
                || has_secrets(&request.options.headers)
        };
        if request.authorized && own() {
            self.destinations.check(&request.uri).map_err(auth_error)?;
        }
        Ok(())
    }
}

/// Returns `true` if an attempt has a header.
pub(super) fn sends(client: &Shared, request: &Request, name: &HeaderName) -> bool {
    let all = [&client.options.headers, &request.headers, &request.options.headers];
    all.into_iter().any(|headers| headers.contains_key(name))
}

impl Exchange<'_> {
    /// Makes one attempt. Without a sink, returns the response head, with a stall timeout on its
    /// body.
    pub(super) async fn attempt(
        &mut self,
        body: Body,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Option<Head>> {
        (self.status, self.version) = (None, None);
        self.unfollow();
        let (client, limit) = (self.client, self.limit());
        // One timer covers all steps: most attempts end long before, and timers have a cost.
        let outcome = {
            let steps = pin!(self.steps(body, sink, limit));
            timeout_at(&*client.clock, limit, steps).await
        };
        match outcome {
            Ok(Ok(Outcome::Done(head))) => Ok(head),
            // Reading the error body has its own limit and never hides the rejection.
            Ok(Ok(Outcome::Refused(head))) => {
                let secrets = self.secrets();
                let reason = answer::refused(head, &*client.clock, limit, &secrets);
                Err(Box::pin(reason).await)
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(self.timed_out(limit)),
        }
    }

    async fn steps(
        &mut self,
        body: Body,
        sink: Option<&mut Sink<'_>>,
        limit: Option<Duration>,
    ) -> Result<Outcome> {
        self.phase = Phase::Credentials;
        self.authorized = self.authorize(limit).await?;
        self.phase = Phase::Send;
        let streams = body.as_bytes().is_none();
        let mut request = self.build(body)?;
        let head = loop {
            let head = self.send(request).await;
            let head = head.map_err(|error| from_transport(error, Phase::Send))?;
            let accepted = (self.request.accept)(head.status());
            if accepted || !self.follow(head.status(), head.headers()) {
                break head;
            }
            if !self.request.authorized {
                self.authorized = AuthHeaders::none();
            }
            request = self.build(Body::empty())?;
        };
        self.phase = Phase::Body;
        (self.status, self.version) = (Some(head.status()), Some(head.version()));
        let head = answer::decompress(head, self.request.coding);
        if !(self.request.accept)(head.status()) {
            return Ok(Outcome::Refused(head));
        }
        let Some(sink) = sink else { return Ok(Outcome::Done(Some(self.guarded(head)))) };
        // An attempt with a streamed body may take long, but its response may not.
        let head = if streams { self.guarded(head) } else { head };
        let response = self.collect(head).await?;
        let received = sink.receive(&*self.client.clock, response).await;
        received.map_err(|error| error.without_secrets(&self.secrets()).with_maybe_sent(true))?;
        Ok(Outcome::Done(None))
    }

    fn limits(&self) -> TimeLimits {
        self.request.options.limits(&self.client.options, self.request.method.holds)
    }

    /// Deadline of the attempt.
    fn limit(&self) -> Option<Duration> {
        let own = self.limits().attempt.map(|timeout| self.started.saturating_add(timeout));
        own.into_iter().chain(self.deadline).min()
    }

    fn stall_limit(&self) -> Option<Duration> {
        self.limits().stall
    }

    #[cold]
    fn timed_out(&self, limit: Option<Duration>) -> Error {
        let message = if limit == self.deadline {
            let after = limit.unwrap_or_default().saturating_sub(self.begun);
            format!("the call's deadline of {after:?} passed; `with_timeout` sets it")
        } else {
            let after = limit.unwrap_or_default().saturating_sub(self.started);
            format!("the attempt took longer than {after:?}; `with_attempt_timeout` sets the limit")
        };
        let maybe_sent = matches!(self.phase, Phase::Send | Phase::Body);
        Error::new(ErrorKind::Timeout, message).with_phase(self.phase).with_maybe_sent(maybe_sent)
    }

    async fn authorize(&self, limit: Option<Duration>) -> Result<AuthHeaders> {
        self.client.check_own_secrets(&self.request)?;
        if !self.wants_credentials() {
            return Ok(AuthHeaders::none());
        }
        let context = self.auth_context().with_deadline(limit);
        let headers = self.client.credentials.headers(&context).await;
        let headers = headers.and_then(|headers| {
            headers.check_universe(&self.client.universe_domain)?;
            if headers.is_secret() {
                self.client.destinations.check(&self.request.uri)?;
            }
            Ok(headers)
        });
        headers.map_err(auth_error)
    }

    fn auth_context(&self) -> AuthContext {
        let client = self.client;
        let mut context = AuthContext::new(Arc::clone(&client.clock))
            .with_transport(Arc::clone(&client.transport))
            .with_method(self.request.method);
        if !client.interceptors.is_empty() {
            context = context.with_watch(Arc::<Interceptors>::clone(&client.interceptors));
        }
        match self.request.options.scopes.as_ref().or(client.options.scopes.as_ref()) {
            Some(scopes) => context.with_scopes(scopes.iter().cloned()),
            None => context,
        }
    }

    /// Default credentials are not located if the call brings its own, or needs none.
    fn wants_credentials(&self) -> bool {
        let request = &self.request;
        let given = self.client.credentials_given || request.options.scopes.is_some();
        let brings = || {
            let keys = [AUTHORIZATION, HeaderName::from_static("x-goog-api-key")];
            request.has_credential_param()
                || keys.iter().any(|name| sends(self.client, request, name))
        };
        request.authorized && (given || !(request.method.scopes.is_empty() || brings()))
    }

    /// Returns the secrets of the current attempt.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = self.request.secrets();
        if let Some(origin) = &self.origin {
            secrets.add_query(&origin.uri);
        }
        secrets.add_headers(&self.client.options.headers);
        secrets.add_authorization(self.authorized.iter().map(|(_, value)| value));
        secrets.merge(&self.added);
        secrets
    }

    fn build(&mut self, body: Body) -> Result<http::Request<Body>> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.request.verb.clone();
        *request.uri_mut() = self.request.uri.clone();
        *request.headers_mut() = headers(self.client, &self.request);
        if self.client.transport.sees_method() {
            request.extensions_mut().insert(self.request.method);
            if let Some(parts) = &self.request.parts {
                request.extensions_mut().insert(parts.clone());
            }
        }
        self.client.interceptors.each(|interceptor| {
            interceptor.before_attempt(&mut AttemptStart {
                method: self.request.method,
                verb: &self.request.verb,
                url: self.shown.as_deref().unwrap_or_default(),
                number: self.attempts,
                headers: request.headers_mut(),
            });
        });
        if !self.client.interceptors.is_empty() {
            self.check_added(request.headers_mut())?;
        }
        self.authorized.apply(request.headers_mut());
        Ok(request)
    }

    /// Secrets of interceptors follow the same rule.
    fn check_added(&mut self, headers: &mut HeaderMap) -> Result<()> {
        if !self.request.authorized {
            remove_secrets(headers);
        } else if has_secrets(headers) {
            self.client.destinations.check(&self.request.uri).map_err(auth_error)?;
        }
        self.added = Secrets::default();
        self.added.add_headers(headers);
        Ok(())
    }

    async fn send(&self, request: http::Request<Body>) -> Result<Head, TransportError> {
        let streams = request.body().as_bytes().is_none();
        let Some(rest) = self.stall_limit().filter(|_| streams) else {
            return self.client.transport.send(request).await;
        };
        let (request, progress) = stall::watch(request);
        let work = self.client.transport.send(request);
        let clock = &*self.client.clock;
        Box::pin(stall::while_moving(clock, rest, &progress, work)).await
    }

    async fn collect(&self, head: Head) -> Result<Response> {
        let (parts, body) = head.into_parts();
        let turn = if self.client.clock.jumps() { u64::MAX } else { TURN };
        let body = body.collect_in_turns(self.client.response_limit, turn).await;
        let body =
            body.map_err(|error| from_transport(error, Phase::Body).with_maybe_sent(true))?;
        let (status, headers) = (parts.status, parts.headers);
        Ok(Response { status, headers, body, attempts: self.attempts })
    }

    /// Limits the time of the whole call, its body included.
    pub(super) fn limited(&self, head: Head, timeout: Duration) -> Head {
        let clock: Arc<dyn Clock> = Arc::clone(&self.client.clock);
        let (begun, message) = (self.begun, format!("the call's deadline of {timeout:?} passed"));
        head.map(|body| stall::until(body, &*clock, begun.saturating_add(timeout), message))
    }

    fn guarded(&self, head: Head) -> Head {
        let clock: Arc<dyn Clock> = Arc::clone(&self.client.clock);
        match self.stall_limit() {
            Some(rest) => head.map(|body| stall::guard(body, clock, rest)),
            None => head,
        }
    }
}

fn auth_error(error: AuthError) -> Error {
    let kind = match error.kind() {
        AuthErrorKind::Timeout => ErrorKind::Timeout,
        _ => ErrorKind::Auth,
    };
    let remembered = error.retry_after();
    let mut failed =
        Error::new(kind, error.to_string()).with_phase(Phase::Credentials).with_source(error);
    // An earlier retry would return the same cached failure.
    failed.inner_mut().retry_after = remembered;
    failed
}
