//! Spans of the crate `tracing`. Fields with the prefix `otel.` are those of `tracing-opentelemetry`.

use std::fmt;
use std::time::Duration;

use tracing::field::{self, Empty};
use tracing::{Instrument as _, Level};

use super::attributes::*;
use super::{Ending, Sending, Server};
use crate::spec::{MethodSpec, UrlTemplate};

pub(crate) use tracing::Span;

/// Target of all spans and events, for filters.
const TARGET: &str = "discovery_runtime";

/// Starts the span of a call.
pub(crate) fn call(method: &MethodSpec, server: Server<'_>) -> Span {
    tracing::span!(
        target: TARGET,
        Level::INFO,
        "call",
        otel.name = method.id,
        otel.kind = "client",
        otel.status_code = Empty,
        { RPC_SYSTEM_NAME } = "http",
        { RPC_METHOD } = method.id,
        { GCP_CLIENT_SERVICE } = method.service.name(),
        { SERVER_ADDRESS } = server.address,
        { SERVER_PORT } = server.port,
        { HTTP_RESPONSE_STATUS_CODE } = Empty,
        { RPC_RESPONSE_STATUS_CODE } = Empty,
        { ERROR_TYPE } = Empty,
    )
}

/// Starts the span of an attempt.
pub(super) fn attempt(sending: &Sending<'_>) -> Span {
    let resent = (sending.number > 1).then(|| sending.number - 1);
    tracing::span!(
        target: TARGET,
        Level::INFO,
        "attempt",
        otel.name = %Name(sending.verb, sending.template),
        otel.kind = "client",
        otel.status_code = Empty,
        { HTTP_REQUEST_METHOD } = sending.verb.as_str(),
        { URL_TEMPLATE } = sending.template.map(field::display),
        { SERVER_ADDRESS } = sending.server.address,
        { SERVER_PORT } = sending.server.port,
        { HTTP_REQUEST_RESEND_COUNT } = resent,
        { HTTP_RESPONSE_STATUS_CODE } = Empty,
        { NETWORK_PROTOCOL_VERSION } = Empty,
        { ERROR_TYPE } = Empty,
    )
}

/// Starts the span of getting a token, which may take several requests.
pub(crate) fn token() -> Span {
    tracing::span!(
        target: TARGET,
        Level::INFO,
        "token",
        otel.name = "get access token",
        otel.kind = "internal",
        otel.status_code = Empty,
        { ERROR_TYPE } = Empty,
    )
}

/// The name of an HTTP span: `GET /v3/{name}`.
struct Name<'a>(&'a http::Method, Option<UrlTemplate>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(template) => write!(f, "{} {template}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

/// Runs work within a span.
pub(crate) fn within<F: Future>(span: Span, work: F) -> impl Future<Output = F::Output> {
    work.instrument(span)
}

/// Runs work on another thread within the current span of this one.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn within_current<F: Future>(work: F) -> impl Future<Output = F::Output> {
    use tracing::instrument::WithSubscriber as _;
    work.in_current_span().with_current_subscriber()
}

pub(super) fn responded(span: &Span, status: u16, version: Option<&'static str>) {
    span.record(HTTP_RESPONSE_STATUS_CODE, status);
    if let Some(version) = version {
        span.record(NETWORK_PROTOCOL_VERSION, version);
    }
}

/// Records a failure.
pub(crate) fn failed(span: &Span, error_type: &str) {
    span.record("otel.status_code", "ERROR");
    span.record(ERROR_TYPE, error_type);
}

/// Records the outcome of a call.
pub(crate) fn ended(span: &Span, ending: &Ending<'_>) {
    if let Some(status) = ending.http_status {
        span.record(HTTP_RESPONSE_STATUS_CODE, status);
    }
    if let Some(code) = ending.code {
        span.record(RPC_RESPONSE_STATUS_CODE, code);
    }
    if let Some(error_type) = ending.error_type {
        failed(span, error_type);
    }
}

/// Reports a retry, as an event of the current span.
pub(crate) fn retrying(error_type: &str, reason: &str, wait: Duration) {
    tracing::debug!(
        target: TARGET,
        delay_s = wait.as_secs_f64(),
        { ERROR_TYPE } = error_type,
        { RETRY_REASON } = reason,
        "retrying",
    );
}

/// Reports values of a response that do not fit their types, and the place of the first. Their
/// content is not logged.
pub(crate) fn set_aside(method: &MethodSpec, count: usize, pointer: &str) {
    tracing::warn!(
        target: TARGET,
        count,
        pointer,
        { RPC_METHOD } = method.id,
        "values of the response do not fit their types and were set aside",
    );
}
