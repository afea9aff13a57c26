//! Errors of calls.

mod build;
mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub(crate) use self::build::from_transport;
pub use self::kind::{ErrorKind, Phase};
use crate::auth::AuthError;
use crate::erased::ErasedBox;
use crate::status::{BodyForm, Code, Detail, FieldViolation, Status};
use crate::transport::{BoxError, TransportError, TransportErrorKind};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a call: what happened, in which phase, after how many attempts, and whether a retry
/// makes sense.
///
/// Two pointers wide. `Display` prints one line without tokens, keys, or credentials; `Debug`
/// prints everything but header values and credentials.
pub struct Error(ErasedBox<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) method: Option<&'static str>,
    pub(crate) phase: Phase,
    pub(crate) http: Option<HttpFailure>,
    pub(crate) status: Option<Status>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) maybe_sent: bool,
    pub(crate) maybe_done: bool,
    pub(crate) source: Option<BoxError>,
}

/// An HTTP response that reports an error.
pub struct HttpFailure {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) truncated: bool,
    pub(crate) form: BodyForm,
}

impl HttpFailure {
    /// Maximum size of the body kept by an error: 64 KiB.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the response headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the response body, at most [`BODY_LIMIT`](Self::BODY_LIMIT) bytes of it.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns `true` if the body was longer than the limit, or incomplete.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// Returns the form of the body, such as Google's JSON, or a proxy's HTML page.
    #[must_use]
    pub const fn form(&self) -> BodyForm {
        self.form
    }
}

impl fmt::Debug for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("HttpFailure")
            .field("status", &self.status)
            .field("headers", &names)
            .field("form", &self.form)
            .field("length", &self.body.len())
            .field("truncated", &self.truncated)
            .finish()
    }
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the message, without the cause. For errors of a service, this is the service's own
    /// message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the discovery ID of the method, for example `jobs.projects.jobs.create`.
    #[must_use]
    pub fn method_id(&self) -> Option<&'static str> {
        self.0.method
    }

    /// Returns the phase in which the call failed.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// Returns the HTTP response, if there is one.
    #[must_use]
    pub fn http(&self) -> Option<&HttpFailure> {
        self.0.http.as_ref()
    }

    /// Returns the HTTP status of the response, if there is one.
    #[must_use]
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0.http.as_ref().map(HttpFailure::status)
    }

    /// Returns Google's status (`google.rpc.Status`, or the older error form), if the response has
    /// one.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.0.status.as_ref()
    }

    /// Returns the canonical code: that of the response, else the one that corresponds to the HTTP
    /// status.
    ///
    /// Reasons tell a duplicate from other conflicts, which share HTTP status 409: `alreadyExists`
    /// and `duplicate` always, `conflict` if the method creates something.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        let from_http = || self.http_status().map(Code::from_http);
        let named = self.status().and_then(Status::code);
        named.or_else(|| self.duplicate()).or_else(from_http)
    }

    /// [`Code::AlreadyExists`] if an old-style reason says so.
    fn duplicate(&self) -> Option<Code> {
        let creates = || {
            let last = self.method_id().and_then(|id| id.rsplit('.').next());
            last.is_some_and(|last| last.starts_with("insert") || last.starts_with("create"))
        };
        let duplicate = match self.reason()? {
            "alreadyExists" | "duplicate" => true,
            "conflict" => creates(),
            _ => false,
        };
        duplicate.then_some(Code::AlreadyExists)
    }

    /// Returns the reason of `google.rpc.ErrorInfo`, for example `API_KEY_INVALID`, or of the first
    /// old-style error, for example `rateLimitExceeded`.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.status().and_then(Status::reason)
    }

    /// Returns the domain that defines [`reason`](Self::reason), for example `googleapis.com`.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.status().and_then(Status::domain)
    }

    /// Returns the typed details of the response.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        self.status().map_or(&[], Status::details)
    }

    /// Returns the invalid request fields, from `google.rpc.BadRequest`.
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.details().iter().flat_map(|detail| match detail {
            Detail::BadRequest { violations } => violations.as_slice(),
            _ => &[],
        })
    }

    /// Returns the delay before a retry makes sense: the longer of `Retry-After` and
    /// `google.rpc.RetryInfo`, or, for credentials, the time their failure stays cached.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the ID to quote to the service's support, if the response has one: that of
    /// `google.rpc.RequestInfo`, else of a header set by Google's front ends.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let headers = ["x-goog-request-id", "x-request-id", "x-guploader-uploadid"];
        let detail = self.details().iter().find_map(|detail| match detail {
            Detail::RequestInfo { request_id, .. } => Some(request_id.as_str()),
            _ => None,
        });
        let header = |name| self.http()?.headers().get(name)?.to_str().ok();
        detail.or_else(|| headers.into_iter().find_map(header))
    }

    /// Returns the number of attempts; 0 if nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the time from the start of the call to its failure, delays included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns `true` if the server may have executed the request, in this or an earlier attempt.
    ///
    /// `false` is certain: nothing was sent, or the server rejected the request.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.0.maybe_sent
    }

    /// Returns `true` if the call, an attempt, or a pause in a body timed out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Returns `true` if credentials are temporarily unavailable.
    pub(crate) fn is_transient_auth(&self) -> bool {
        let source = self.0.source.as_ref().and_then(|source| source.downcast_ref::<AuthError>());
        source.is_some_and(AuthError::is_transient)
    }

    /// Returns `true` if the transport excludes a retry.
    pub(crate) fn is_permanent(&self) -> bool {
        self.transport_kind().is_some_and(|kind| {
            matches!(
                kind,
                TransportErrorKind::Certificate
                    | TransportErrorKind::Other
                    | TransportErrorKind::RequestBody
            )
        })
    }

    /// Returns `true` if a successful response is incomplete.
    pub(crate) fn is_truncated_success(&self) -> bool {
        let broken = [BodyForm::Truncated, BodyForm::Empty];
        self.0.http.as_ref().is_some_and(|http| broken.contains(&http.form))
    }

    fn transport_kind(&self) -> Option<TransportErrorKind> {
        let source = self.0.source.as_ref()?;
        source.downcast_ref::<TransportError>().map(TransportError::kind)
    }

    /// Returns `true` if no connection could be established.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns `true` if the resource does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == Some(Code::NotFound)
    }

    /// Returns `true` if an earlier attempt of the call may have succeeded and caused this error: a
    /// repeated DELETE finds nothing, a repeated creation finds the resource, a repeated change
    /// finds another version.
    #[must_use]
    pub fn may_be_done(&self) -> bool {
        self.0.maybe_done
    }

    /// Returns `true` if the resource already exists.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.code() == Some(Code::AlreadyExists)
    }

    /// Returns `true` if the request conflicts with the current state of the resource: HTTP 409,
    /// whose code is [`Code::Aborted`] or [`Code::AlreadyExists`]. A failed precondition (HTTP 412)
    /// is not a conflict; its code is [`Code::FailedPrecondition`].
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let code = || matches!(self.code(), Some(Code::Aborted | Code::AlreadyExists));
        self.http_status().map_or_else(code, |status| status == StatusCode::CONFLICT)
    }

    /// Returns `true` if a quota or rate limit was exceeded.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.code() == Some(Code::ResourceExhausted)
    }

    /// Returns `true` if access was denied: 401, 403, or missing credentials.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.0.kind == ErrorKind::Auth
            || matches!(self.code(), Some(Code::Unauthenticated | Code::PermissionDenied))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::error::build::display(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("method", &self.0.method)
            .field("phase", &self.0.phase)
            .field("http", &self.0.http)
            .field("status", &self.0.status)
            .field("attempts", &self.0.attempts)
            .field("elapsed", &self.0.elapsed)
            .field("retry_after", &self.0.retry_after)
            .field("maybe_sent", &self.0.maybe_sent)
            .field("maybe_done", &self.0.maybe_done)
            .field("source", &self.0.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
