//! Requests to token services, with bounded attempts.

use super::{AuthContext, AuthError, AuthErrorKind, Token, check_transport_security};
use crate::clock::timeout_at;
use crate::redact::Secrets;
use crate::trace::{self, AttemptSpan, Sending, Server};
use crate::transport::{Body, TokenServiceRequest, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use serde_json::Value;
use std::time::Duration;

pub(crate) mod form;
mod response;

#[cfg(feature = "adc")]
pub(crate) use self::response::parse_token_member;
pub(crate) use self::response::{parse_token_response, response_error, string};

/// URL of Google's token service in the public universe.
pub(crate) const GOOGLE_TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
/// Maximum size of a response body; tokens take a few kilobytes.
const BODY_LIMIT: u64 = 64 * 1024;
/// Delays between attempts, without jitter, since calls wait together for one token.
const RETRY_DELAYS: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(2),
    Duration::from_secs(4),
];
/// Attempts at services that are always there.
const MAX_ATTEMPTS: usize = 3;
const RUNTIME_AGENT: &str = concat!("discovery-runtime/", env!("CARGO_PKG_VERSION"));

/// A request to a token service. Retries are safe. Its secrets, which some services quote, are
/// hidden in every error.
pub(crate) struct TokenRequest {
    pub(crate) action: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_attempts: usize,
}

/// A response of any status.
pub(crate) struct TokenResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Secrets of the request.
    pub(crate) secrets: Secrets,
}

impl TokenRequest {
    /// Creates a form request, as defined by OAuth. Fails if the service is not reached over an
    /// encrypted connection.
    pub(crate) fn form(
        action: &'static str,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<Self, AuthError> {
        let body = Bytes::from(form::encode(fields));
        Self::post(action, url, "application/x-www-form-urlencoded", body)
    }

    /// Creates a JSON request. Fails if the service is not reached over an encrypted connection.
    pub(crate) fn json(action: &'static str, url: &str, body: &Value) -> Result<Self, AuthError> {
        Self::post(action, url, "application/json", Bytes::from(body.to_string()))
    }

    fn post(
        action: &'static str,
        url: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<Self, AuthError> {
        let url = parse_url(url)?;
        check_transport_security(&url)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let (method, attempt_timeout) = (Method::POST, Duration::from_secs(15));
        Ok(Self { action, method, url, headers, body, attempt_timeout, max_attempts: MAX_ATTEMPTS })
    }

    /// Sends the request, with retries of transient failures.
    pub(crate) async fn send(&self, cx: &AuthContext) -> Result<TokenResponse, AuthError> {
        let mut delays = RETRY_DELAYS.iter().take(self.max_attempts.saturating_sub(1));
        let mut number = 0;
        loop {
            number += 1;
            let error = match self.send_once(cx, number).await {
                Ok(response) if !is_transient(&response) => return Ok(response),
                Ok(response) => response::response_error(self.action, &response),
                Err(error) => error,
            };
            let delay =
                delays.next().filter(|delay| cx.remaining().is_none_or(|left| left > **delay));
            match delay {
                Some(delay) if error.is_transient() => cx.clock().sleep(*delay).await,
                _ => return Err(error),
            }
        }
    }

    /// Sends the request once and returns a response of any status.
    #[cfg(feature = "adc")]
    pub(crate) async fn ping(&self, cx: &AuthContext) -> Result<TokenResponse, AuthError> {
        self.send_once(cx, 1).await
    }

    fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add_headers(&self.headers);
        secrets.add_query(&self.url);
        // JSON bodies created here contain no secret.
        secrets.add_pairs(&String::from_utf8_lossy(&self.body));
        secrets
    }

    async fn send_once(&self, cx: &AuthContext, number: u32) -> Result<TokenResponse, AuthError> {
        // Paths name accounts, so they are not shown.
        let (verb, server) = (&self.method, Server::of(&self.url));
        let span = AttemptSpan::new(&Sending { verb, template: None, server, number });
        let outcome = trace::within(span.span(), self.attempt(cx, &span)).await;
        match &outcome {
            Ok(response) if response.status.is_success() => span.end(None),
            Ok(response) => span.end(Some(response.status.as_str())),
            Err(error) => span.end(Some(error.kind().as_str())),
        }
        outcome
    }

    async fn attempt(
        &self,
        cx: &AuthContext,
        span: &AttemptSpan,
    ) -> Result<TokenResponse, AuthError> {
        let clock = cx.clock();
        let end = clock.now().saturating_add(self.attempt_timeout);
        let until = cx.deadline().map_or(end, |deadline| deadline.min(end));
        match timeout_at(&**clock, Some(until), self.exchange(cx, span)).await {
            Ok(result) => result,
            Err(_) if cx.remaining().is_some_and(|left| left.is_zero()) => {
                Err(AuthError::timeout(self.action))
            }
            Err(_) => Err(AuthError::new(
                AuthErrorKind::Unavailable,
                format!(
                    "{} did not answer in {:?} while {}",
                    self.host(),
                    self.attempt_timeout,
                    self.action
                ),
            )),
        }
    }

    async fn exchange(
        &self,
        cx: &AuthContext,
        span: &AttemptSpan,
    ) -> Result<TokenResponse, AuthError> {
        let mut request = Request::new(Body::bytes(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.clone();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(RUNTIME_AGENT));
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.extensions_mut().insert(TokenServiceRequest);
        let failed = |error| self.transport_error(error);
        let (parts, body) = cx.transport()?.send(request).await.map_err(failed)?.into_parts();
        span.responded(parts.status, Some(parts.version));
        let body = body.collect(BODY_LIMIT).await.map_err(failed)?;
        Ok(TokenResponse {
            status: parts.status,
            headers: parts.headers,
            body,
            secrets: self.secrets(),
        })
    }

    fn host(&self) -> &str {
        self.url.host().unwrap_or("the token service")
    }

    fn transport_error(&self, error: TransportError) -> AuthError {
        let kind = match error.kind() {
            TransportErrorKind::Certificate
            | TransportErrorKind::Other
            | TransportErrorKind::RequestBody => AuthErrorKind::Invalid,
            _ => AuthErrorKind::Unavailable,
        };
        let message =
            format!("{} could not be reached while {}: {error}", self.host(), self.action);
        AuthError::with_source(kind, message, error)
    }
}

pub(crate) fn parse_url(url: &str) -> Result<Uri, AuthError> {
    url.parse().map_err(|error| {
        let message = format!("the address of a token service is not a URL: {error}");
        AuthError::new(AuthErrorKind::Invalid, message)
    })
}

fn is_transient(response: &TokenResponse) -> bool {
    let by_status = response.status.is_server_error()
        || matches!(response.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
    by_status || !response.status.is_success() && response::has_transient_code(response)
}

/// Fetches a token.
pub(crate) async fn fetch_token(
    request: &TokenRequest,
    cx: &AuthContext,
) -> Result<Token, AuthError> {
    let response = request.send(cx).await?;
    Ok(parse_token_response(request.action, &response)?.token)
}
