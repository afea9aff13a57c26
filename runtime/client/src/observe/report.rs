//! What interceptors receive.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::auth::AuthError;
use crate::error::{Error, ErrorKind};
use crate::spec::{MethodSpec, UrlTemplate};
use crate::status::Code;
use crate::trace::CANCELLED;

/// An attempt before it is sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptStart<'a> {
    /// The method.
    pub method: &'static MethodSpec,
    /// Verb of the request. Requests of uploads can have another verb than the method.
    pub verb: &'a http::Method,
    /// The URL, with query values hidden except for those known to be harmless.
    pub url: &'a str,
    /// Number of the attempt, starting at 1.
    pub number: u32,
    /// Headers, without credentials.
    pub headers: &'a mut HeaderMap,
}

/// An attempt that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The method.
    pub method: &'static MethodSpec,
    /// Verb of the request. Requests of uploads can have another verb than the method.
    pub verb: &'a http::Method,
    /// The URL, with query values hidden except for those known to be harmless.
    pub url: &'a str,
    /// Path of the URL without arguments, unless the server chose the URL.
    pub url_template: Option<UrlTemplate>,
    /// Host of the URL.
    pub server_address: &'a str,
    /// Port of the URL.
    pub server_port: u16,
    /// Number of the attempt, starting at 1.
    pub number: u32,
    /// HTTP status, if there was a response.
    pub status: Option<StatusCode>,
    /// HTTP version of the response.
    pub version: Option<http::Version>,
    /// Error of the attempt, if it failed.
    pub error: Option<&'a Error>,
    /// Duration of the attempt.
    pub elapsed: Duration,
    /// Delay before the next attempt; `None` if this was the last.
    pub retry_in: Option<Duration>,
}

impl AttemptReport<'_> {
    /// Returns the value of [`error.type`](super::attributes::ERROR_TYPE), if the attempt failed:
    /// the HTTP status, else the [`ErrorKind`].
    #[must_use]
    pub fn error_type(&self) -> Option<Cow<'static, str>> {
        self.error.map(attempt_error_type)
    }
}

/// A retry.
#[derive(Debug)]
#[non_exhaustive]
pub struct RetryReport<'a> {
    /// The method.
    pub method: &'static MethodSpec,
    /// Name of the error's [`RetryClass`](crate::retry::RetryClass), or `unauthenticated` if the
    /// server rejected a token and another is tried.
    pub reason: &'static str,
    /// The error.
    pub error: &'a Error,
    /// Delay before the retry.
    pub wait: Duration,
}

impl RetryReport<'_> {
    /// Returns the value of [`error.type`](super::attributes::ERROR_TYPE), as of an attempt.
    #[must_use]
    pub fn error_type(&self) -> Cow<'static, str> {
        attempt_error_type(self.error)
    }
}

/// A call that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The method. For batches, the name of the API and `batch`, such as `storage.batch`.
    pub method: &'static MethodSpec,
    /// Host of the client's endpoint.
    pub server_address: &'a str,
    /// Port of the client's endpoint.
    pub server_port: u16,
    /// Number of attempts, of all requests of the call.
    pub attempts: u32,
    /// HTTP status of the last response, if any.
    pub status: Option<StatusCode>,
    /// The error, if the call failed.
    pub error: Option<&'a Error>,
    /// Whether the program dropped the call before its end.
    pub cancelled: bool,
    /// Duration of the call: up to its result; for a streaming response, up to its first message;
    /// for a download, up to the end of its content, or until the program drops it.
    pub elapsed: Duration,
}

impl CallReport<'_> {
    /// Returns the value of [`error.type`](super::attributes::ERROR_TYPE), if the call failed: the
    /// [`Code`] of an error response, else the [`ErrorKind`], or `cancelled`.
    #[must_use]
    pub fn error_type(&self) -> Option<&'static str> {
        match self.error {
            Some(error) => Some(code(error).map_or(error.kind().as_str(), Code::as_str)),
            None => self.cancelled.then_some(CANCELLED),
        }
    }

    /// Returns the value of
    /// [`rpc.response.status_code`](super::attributes::RPC_RESPONSE_STATUS_CODE), if there was a
    /// response.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self.error {
            Some(error) => code(error),
            None => (!self.cancelled).then_some(Code::Ok),
        }
    }
}

/// A request for a new token that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct TokenReport<'a> {
    /// The error, if there is no new token.
    pub error: Option<&'a AuthError>,
    /// Duration, with all attempts.
    pub elapsed: Duration,
}

impl TokenReport<'_> {
    /// Returns the value of [`error.type`](super::attributes::ERROR_TYPE), if there is no new token:
    /// the name of the [`AuthErrorKind`](crate::auth::AuthErrorKind).
    #[must_use]
    pub fn error_type(&self) -> Option<&'static str> {
        self.error.map(|error| error.kind().as_str())
    }
}

/// Returns the code of an error response.
fn code(error: &Error) -> Option<Code> {
    error.code().filter(|_| error.kind() == ErrorKind::Service)
}

/// Returns `error.type` of an HTTP request.
pub(crate) fn attempt_error_type(error: &Error) -> Cow<'static, str> {
    let status = error.http_status().filter(|_| error.kind() == ErrorKind::Service);
    match status {
        // The failure of a stream that had begun is in a response with status 200.
        Some(status) if !status.is_success() => Cow::Owned(status.as_str().to_owned()),
        _ => Cow::Borrowed(error.kind().as_str()),
    }
}
