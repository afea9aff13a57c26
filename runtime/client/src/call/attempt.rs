//! One attempt: credentials, request, answer.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};

use super::exchange::Exchange;
use super::request::{Request, Response};
use super::{answer, own, stall};
use crate::auth::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, check_transport_security, method_scope,
};
use crate::client::{Options, Shared};
use crate::clock::{Clock, timeout_at};
use crate::error::{Error, ErrorKind, Phase, Result, from_transport};
use crate::observe::AttemptStart;
use crate::transport::{Body, ResponseBody};

/// The head of an answer, with the body behind it.
pub type Head = http::Response<ResponseBody>;

/// Takes an answer where it is read; what it returns is the attempt's result.
pub(crate) type Sink<'s> = dyn FnMut(&Response) -> Result<()> + Send + 's;

/// The headers that every attempt of a request has.
pub(super) fn headers(client: &Shared, request: &mut Request) -> HeaderMap {
    let mut headers = client.options.headers.clone();
    overlay(&mut headers, &request.headers);
    overlay(&mut headers, &request.options.headers);
    if cfg!(feature = "gzip") && request.gzip && !headers.contains_key(ACCEPT_ENCODING) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // Some of Google's front ends answer 411 to these verbs without a length (RFC 9110, 8.6).
    let has_body = matches!(request.verb.as_str(), "POST" | "PUT" | "PATCH");
    if has_body && request.body.length() == Some(0) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    headers
}

fn overlay(under: &mut HeaderMap, over: &HeaderMap) {
    for name in over.keys() {
        under.remove(name);
    }
    for (name, value) in over {
        under.append(name.clone(), value.clone());
    }
}

pub(super) fn auth_context(client: &Shared, request: &Request) -> AuthContext {
    let context =
        AuthContext::new(Arc::clone(&client.clock)).with_transport(Arc::clone(&client.transport));
    match request.options.scopes.as_ref().or(client.options.scopes.as_ref()) {
        Some(scopes) => context.with_scopes(scopes.iter().cloned()),
        None => context.with_scopes(method_scope(request.method)),
    }
}

impl Exchange<'_> {
    /// One attempt. Without a sink, the answer's head; its body is then guarded against stalls.
    pub(super) async fn attempt(
        &mut self,
        body: Body,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<Option<Head>> {
        self.status = None;
        let limit = self.limit();
        self.authorized = self.authorize(limit).await?;
        let request = self.build(body);
        let head = self.send(request, limit).await?;
        self.status = Some(head.status());
        let head = answer::decompress(head);
        if !(self.request.accept)(head.status()) {
            return Err(answer::refused(head, &*self.client.clock, limit, &self.authorized).await);
        }
        let Some(sink) = sink else { return Ok(Some(self.guarded(head))) };
        // An attempt with a streamed body may take long; its answer may not.
        let streams = self.request.body.as_bytes().is_none();
        let head = if streams { self.guarded(head) } else { head };
        let response = self.collect(head, limit).await?;
        sink(&response).map_err(|error| error.with_maybe_sent(true))?;
        Ok(None)
    }

    /// When the attempt must be over.
    fn limit(&self) -> Option<Duration> {
        let inherited = self.client.options.attempt_timeout;
        let timeout = self.request.options.attempt_timeout;
        let timeout = timeout.or(inherited.or(Some(Options::DEFAULT_ATTEMPT_TIMEOUT)));
        let own = timeout.map(|timeout| self.client.clock.now().saturating_add(timeout));
        own.into_iter().chain(self.deadline).min()
    }

    fn stall_limit(&self) -> Option<Duration> {
        let inherited = self.client.options.stall_timeout;
        let timeout = self.request.options.stall_timeout;
        timeout.or(inherited.or(Some(Options::DEFAULT_STALL_TIMEOUT)))
    }

    fn timed_out(&self, phase: Phase, limit: Option<Duration>) -> Error {
        let message = if limit == self.deadline {
            let after = limit.unwrap_or_default().saturating_sub(self.begun);
            format!("the call's deadline of {after:?} passed")
        } else {
            "the attempt took too long".to_owned()
        };
        let maybe_sent = matches!(phase, Phase::Send | Phase::Body);
        Error::new(ErrorKind::Timeout, message).with_phase(phase).with_maybe_sent(maybe_sent)
    }

    async fn authorize(&self, limit: Option<Duration>) -> Result<AuthHeaders> {
        if !self.wants_credentials() {
            return Ok(AuthHeaders::none());
        }
        let context = self.auth.clone().with_deadline(limit);
        let work = self.client.credentials.headers(&context);
        let headers = timeout_at(&*self.client.clock, limit, work)
            .await
            .map_err(|_| self.timed_out(Phase::Credentials, limit))?
            .and_then(|headers| {
                headers.check_universe(&self.client.universe_domain)?;
                if headers.is_secret() {
                    check_transport_security(&self.request.uri)?;
                }
                Ok(headers)
            });
        headers.map_err(auth_error)
    }

    /// Default credentials are not looked for where the call brings its own, or needs none.
    fn wants_credentials(&self) -> bool {
        let given = self.client.credentials_given || self.request.options.scopes.is_some();
        let brings = own::brings_credentials(&self.request.uri, &self.headers);
        self.request.authorized && (given || !(brings || self.request.method.scopes.is_empty()))
    }

    fn build(&self, body: Body) -> http::Request<Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.request.verb.clone();
        *request.uri_mut() = self.request.uri.clone();
        *request.headers_mut() = self.headers.clone();
        // Transports that stand in for a server, in tests, tell requests apart by it.
        request.extensions_mut().insert(self.request.method);
        for interceptor in &self.client.interceptors {
            interceptor.before_attempt(&mut AttemptStart {
                method: self.request.method,
                url: self.shown.as_deref().unwrap_or_default(),
                number: self.attempts,
                headers: request.headers_mut(),
            });
        }
        self.authorized.apply(request.headers_mut());
        request
    }

    async fn send(&self, request: http::Request<Body>, limit: Option<Duration>) -> Result<Head> {
        let clock = &*self.client.clock;
        let streams = request.body().as_bytes().is_none();
        let sent = match self.stall_limit().filter(|_| streams) {
            None => timeout_at(clock, limit, self.client.transport.send(request)).await,
            Some(rest) => {
                let (request, progress) = stall::watch(request);
                let work = self.client.transport.send(request);
                timeout_at(clock, limit, stall::while_moving(clock, rest, &progress, work)).await
            }
        };
        match sent {
            Ok(Ok(head)) => Ok(head),
            Ok(Err(error)) => Err(from_transport(error, Phase::Send)),
            Err(_) => Err(self.timed_out(Phase::Send, limit)),
        }
    }

    async fn collect(&self, head: Head, limit: Option<Duration>) -> Result<Response> {
        let (parts, body) = head.into_parts();
        let work = body.collect(self.client.response_limit);
        let body = timeout_at(&*self.client.clock, limit, work)
            .await
            .map_err(|_| self.timed_out(Phase::Body, limit))?
            .map_err(|error| from_transport(error, Phase::Body).with_maybe_sent(true))?;
        Ok(Response { status: parts.status, headers: parts.headers, body, attempts: self.attempts })
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
    // Asking earlier would give the same failure, unasked.
    failed.inner_mut().retry_after = remembered;
    failed
}
