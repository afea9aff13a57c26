//! Requests to token services: one bounded attempt after another, and what their answers mean.

use super::{AuthContext, AuthError, AuthErrorKind, Token, check_transport_security};
use crate::clock::timeout_at;
use crate::redact::Secrets;
use crate::transport::{Body, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use serde_json::Value;
use std::time::Duration;

mod answer;
pub(crate) mod form;

pub(crate) use self::answer::{refusal, string, token_answer};

/// Where Google's token service listens in the public universe.
pub(crate) const GOOGLE_TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
/// Tokens are a few kilobytes; a body of more is not an answer of a token service.
const BODY_LIMIT: u64 = 64 * 1024;
/// Waits between attempts. Calls wait together for one token, so they need no jitter.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];
const AGENT: &str = concat!("discovery-runtime/", env!("CARGO_PKG_VERSION"));

/// A request to a token service. It may be sent several times: asking for a token twice is safe.
/// Its secrets, which some services quote, are hidden in every error.
pub(crate) struct Ask {
    pub(crate) what: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempt: Duration,
    pub(crate) attempts: usize,
}

/// What came back, whatever its status.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Those of the request.
    pub(crate) secrets: Secrets,
}

impl Ask {
    /// A form post, as OAuth defines it. Refuses to send to a service that could be listened to.
    pub(crate) fn form(
        what: &'static str,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<Self, AuthError> {
        let body = Bytes::from(form::encode(fields));
        Self::post(what, url, "application/x-www-form-urlencoded", body)
    }

    /// A JSON post. Refuses to send to a service that could be listened to.
    pub(crate) fn json(what: &'static str, url: &str, body: &Value) -> Result<Self, AuthError> {
        Self::post(what, url, "application/json", Bytes::from(body.to_string()))
    }

    fn post(
        what: &'static str,
        url: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<Self, AuthError> {
        let url = parse_url(url)?;
        check_transport_security(&url)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let (method, attempt) = (Method::POST, Duration::from_secs(15));
        Ok(Self { what, method, url, headers, body, attempt, attempts: PAUSES.len() + 1 })
    }

    /// Sends until there is an answer that another attempt would not change.
    pub(crate) async fn send(&self, cx: &AuthContext) -> Result<Reply, AuthError> {
        let mut pauses = PAUSES.iter().take(self.attempts.saturating_sub(1));
        loop {
            let error = match self.once(cx).await {
                Ok(reply) if !is_transient(&reply) => return Ok(reply),
                Ok(reply) => answer::refusal(self.what, &reply),
                Err(error) => error,
            };
            let pause =
                pauses.next().filter(|pause| cx.remaining().is_none_or(|left| left > **pause));
            match pause {
                Some(pause) if error.is_transient() => cx.clock().sleep(*pause).await,
                _ => return Err(error),
            }
        }
    }

    fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.of_headers(&self.headers);
        secrets.of_query(&self.url);
        // JSON bodies of ours hold no secret.
        secrets.of_pairs(&String::from_utf8_lossy(&self.body));
        secrets
    }

    async fn once(&self, cx: &AuthContext) -> Result<Reply, AuthError> {
        let clock = cx.clock();
        let end = clock.now().saturating_add(self.attempt);
        let until = cx.deadline().map_or(end, |deadline| deadline.min(end));
        match timeout_at(&**clock, Some(until), self.exchange(cx)).await {
            Ok(result) => result,
            Err(_) if cx.remaining().is_some_and(|left| left.is_zero()) => {
                Err(AuthError::timeout(self.what))
            }
            Err(_) => Err(AuthError::new(
                AuthErrorKind::Unavailable,
                format!("{} did not answer in {:?} while {}", self.host(), self.attempt, self.what),
            )),
        }
    }

    async fn exchange(&self, cx: &AuthContext) -> Result<Reply, AuthError> {
        let mut request = Request::new(Body::bytes(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.clone();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let failed = |error| self.broken(error);
        let (parts, body) = cx.transport()?.send(request).await.map_err(failed)?.into_parts();
        let body = body.collect(BODY_LIMIT).await.map_err(failed)?;
        Ok(Reply { status: parts.status, headers: parts.headers, body, secrets: self.secrets() })
    }

    fn host(&self) -> &str {
        self.url.host().unwrap_or("the token service")
    }

    fn broken(&self, error: TransportError) -> AuthError {
        let kind = match error.kind() {
            TransportErrorKind::Other | TransportErrorKind::RequestBody => AuthErrorKind::Invalid,
            _ => AuthErrorKind::Unavailable,
        };
        let message = format!("{} could not be reached while {}: {error}", self.host(), self.what);
        AuthError::with_source(kind, message, error)
    }
}

pub(crate) fn parse_url(url: &str) -> Result<Uri, AuthError> {
    url.parse().map_err(|error| {
        let message = format!("the address of a token service is not a URL: {error}");
        AuthError::new(AuthErrorKind::Invalid, message)
    })
}

fn is_transient(reply: &Reply) -> bool {
    let by_status = reply.status.is_server_error()
        || matches!(reply.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    by_status || !reply.status.is_success() && answer::says_transient(reply)
}

/// Asks a token service and reads the token of its answer.
pub(crate) async fn fetch_token(ask: &Ask, cx: &AuthContext) -> Result<Token, AuthError> {
    let reply = ask.send(cx).await?;
    Ok(token_answer(ask.what, &reply)?.token)
}
