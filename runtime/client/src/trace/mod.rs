//! Spans of calls, attempts, and requests for tokens, with the feature `tracing`; otherwise no-ops.
//!
//! Knows no other module than `spec`, so that credentials can use it as well as calls.

pub mod attributes;

#[cfg(feature = "tracing")]
mod on;

#[cfg(not(feature = "tracing"))]
mod off;

use http::Uri;

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::*;
#[cfg(feature = "tracing")]
pub(crate) use self::on::*;
use crate::spec::UrlTemplate;

/// Value of `error.type` of a call or a request whose future was dropped.
pub(crate) const CANCELLED: &str = "cancelled";

/// Host and port of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server<'a> {
    pub(crate) address: &'a str,
    pub(crate) port: u16,
}

impl<'a> Server<'a> {
    pub(crate) fn of(uri: &'a Uri) -> Self {
        Self::new(uri.scheme_str(), uri.host().unwrap_or_default(), uri.port_u16())
    }

    /// IPv6 addresses lose their brackets.
    pub(crate) fn new(scheme: Option<&str>, host: &'a str, port: Option<u16>) -> Self {
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let default = if scheme == Some("https") { 443 } else { 80 };
        Self { address: address.unwrap_or(host), port: port.unwrap_or(default) }
    }
}

/// An attempt to send a request.
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans read it"))]
pub(crate) struct Sending<'a> {
    pub(crate) verb: &'a http::Method,
    pub(crate) template: Option<UrlTemplate>,
    pub(crate) server: Server<'a>,
    /// Number of the attempt, starting at 1.
    pub(crate) number: u32,
}

/// Outcome of a call.
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans read it"))]
pub(crate) struct Ending<'a> {
    pub(crate) http_status: Option<u16>,
    /// Canonical code of the response.
    pub(crate) code: Option<&'a str>,
    pub(crate) error_type: Option<&'a str>,
}

/// Returns the version of a protocol in OpenTelemetry's notation.
pub(crate) const fn protocol_version(version: http::Version) -> Option<&'static str> {
    match version {
        http::Version::HTTP_10 => Some("1.0"),
        http::Version::HTTP_11 => Some("1.1"),
        http::Version::HTTP_2 => Some("2"),
        http::Version::HTTP_3 => Some("3"),
        _ => None,
    }
}

/// The span of an attempt. Records a cancellation if it is dropped before [`end`](Self::end).
pub(crate) struct AttemptSpan {
    span: Span,
    ended: bool,
}

impl AttemptSpan {
    pub(crate) fn new(sending: &Sending<'_>) -> Self {
        Self { span: attempt(sending), ended: false }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Records the head of a response.
    pub(crate) fn responded(&self, status: http::StatusCode, version: Option<http::Version>) {
        responded(&self.span, status.as_u16(), version.and_then(protocol_version));
    }

    /// Records the outcome.
    pub(crate) fn end(mut self, error_type: Option<&str>) {
        self.ended = true;
        if let Some(error_type) = error_type {
            failed(&self.span, error_type);
        }
    }
}

impl Drop for AttemptSpan {
    fn drop(&mut self) {
        if !self.ended {
            failed(&self.span, CANCELLED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn servers() {
        for (url, address, port) in [
            ("https://jobs.googleapis.com/v1/x", "jobs.googleapis.com", 443),
            ("http://localhost/", "localhost", 80),
            ("http://[::1]:8080/x", "::1", 8080),
        ] {
            assert_eq!(Server::of(&url.parse().unwrap()), Server { address, port }, "{url}");
        }
    }
}
