//! Spans of calls and attempts, with the feature `tracing`; otherwise no-ops.
//!
//! Field names follow OpenTelemetry's conventions for HTTP clients (`http.request.method`,
//! `url.full`, `server.address`, `http.response.status_code`, `error.type`, …).

use std::time::Duration;

use http::StatusCode;

use super::Request;
use crate::error::Error;
use crate::spec::ServiceSpec;

#[cfg(feature = "tracing")]
pub(crate) use self::on::*;

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::*;

#[cfg(feature = "tracing")]
mod on {
    use tracing::field::Empty;
    use tracing::{Instrument as _, Level};

    use super::{Duration, Error, Request, ServiceSpec, StatusCode};

    pub(crate) use tracing::Span;

    pub(crate) fn call(service: &ServiceSpec, request: &Request) -> Span {
        let method = request.method;
        tracing::span!(
            Level::INFO,
            "call",
            otel.name = method.id,
            otel.kind = "client",
            rpc.service = service.id,
            rpc.method = method.id,
            error.type = Empty,
            otel.status_code = Empty,
        )
    }

    pub(crate) fn attempt(request: &Request, number: u32) -> Span {
        let span = tracing::span!(
            Level::DEBUG,
            "attempt",
            otel.kind = "client",
            http.request.method = request.verb.as_str(),
            url.full = request.shown_url(),
            server.address = request.uri.host(),
            server.port = Empty,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
            otel.status_code = Empty,
        );
        let https = request.uri.scheme_str() == Some("https");
        let port = request.uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        span.record("server.port", port);
        if number > 1 {
            span.record("http.request.resend_count", number - 1);
        }
        span
    }

    pub(crate) fn within<F: Future>(span: Span, work: F) -> impl Future<Output = F::Output> {
        work.instrument(span)
    }

    pub(crate) fn succeeded(span: &Span, status: Option<StatusCode>) {
        if let Some(status) = status {
            span.record("http.response.status_code", status.as_u16());
        }
    }

    pub(crate) fn failed(span: &Span, error: &Error, retry_in: Option<Duration>) {
        record_error(span, error);
        let wait = retry_in.map(|wait| wait.as_secs_f64());
        span.in_scope(|| match wait {
            Some(wait) => tracing::debug!(error = %error, retry_in_s = wait, "attempt failed"),
            None => tracing::debug!(error = %error, "attempt failed"),
        });
    }

    /// Completes the call's span, which is the current one.
    pub(crate) fn ended(error: &Error) {
        record_error(&Span::current(), error);
    }

    fn record_error(span: &Span, error: &Error) {
        span.record("otel.status_code", "ERROR");
        match error.http_status() {
            Some(status) => {
                span.record("http.response.status_code", status.as_u16());
                span.record("error.type", status.as_str());
            }
            None => {
                span.record("error.type", error.kind().as_str());
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use super::{Duration, Error, Request, ServiceSpec, StatusCode};

    #[derive(Clone)]
    pub(crate) struct Span;

    pub(crate) fn call(_: &ServiceSpec, _: &Request) -> Span {
        Span
    }

    pub(crate) fn attempt(_: &Request, _: u32) -> Span {
        Span
    }

    pub(crate) fn within<F: Future>(_: Span, work: F) -> F {
        work
    }

    pub(crate) fn succeeded(_: &Span, _: Option<StatusCode>) {}

    pub(crate) fn failed(_: &Span, _: &Error, _: Option<Duration>) {}

    pub(crate) fn ended(_: &Error) {}
}
