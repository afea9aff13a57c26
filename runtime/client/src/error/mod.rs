//! What a failed call says.

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

/// A failed call: what happened, where, after how many attempts, and what may be done.
///
/// Two pointers wide. `Display` is one line and never shows tokens, keys or credentials; `Debug`
/// shows everything but header values and credentials.
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
    pub(crate) source: Option<BoxError>,
}

/// The answer of a server that refused or failed.
pub struct HttpFailure {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) truncated: bool,
    pub(crate) form: BodyForm,
}

impl HttpFailure {
    /// The most bytes of a body that an error keeps: 64 KiB.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The response headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The response body, at most [`BODY_LIMIT`](Self::BODY_LIMIT) bytes of it.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether the body was longer than what is kept, or broke off.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// What the body looks like: Google's JSON, a proxy's HTML page, nothing at all.
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
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without the cause; for a service's error, the service's own message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The discovery id of the method, for example `jobs.projects.jobs.create`.
    #[must_use]
    pub fn method_id(&self) -> Option<&'static str> {
        self.0.method
    }

    /// What the call was doing when it failed.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The server's answer, if there was one.
    #[must_use]
    pub fn http(&self) -> Option<&HttpFailure> {
        self.0.http.as_ref()
    }

    /// The HTTP status of the server's answer, if there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0.http.as_ref().map(HttpFailure::status)
    }

    /// Google's status (`google.rpc.Status`, or the older error form), if the answer had one.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.0.status.as_ref()
    }

    /// The canonical code: the one in the response, else the one that its reason stands for, else
    /// the one that the HTTP status maps to.
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

    /// The reason in capitals from `google.rpc.ErrorInfo`, for example `API_KEY_INVALID`; else
    /// the reason of the first old-style error, for example `rateLimitExceeded`.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.status().and_then(Status::reason)
    }

    /// Who defines [`reason`](Self::reason), for example `googleapis.com`.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.status().and_then(Status::domain)
    }

    /// The typed details of the answer.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        self.status().map_or(&[], Status::details)
    }

    /// Which request fields were wrong, from `google.rpc.BadRequest`.
    pub fn field_violations(&self) -> impl Iterator<Item = &FieldViolation> {
        self.details().iter().flat_map(|detail| match detail {
            Detail::BadRequest { violations } => violations.as_slice(),
            _ => &[],
        })
    }

    /// How long to wait before trying again makes sense: the longer of the server's `Retry-After`
    /// and `google.rpc.RetryInfo`; for credentials, as long as their failure is remembered.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What to quote to the service's support, if the answer names it: `google.rpc.RequestInfo`,
    /// else one of the headers that Google's front ends set.
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

    /// How many times the request was tried; 0 when nothing was sent at all.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time from the call's start to its failure, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Whether the server may have executed the request in this or an earlier attempt.
    ///
    /// `false` is certain: nothing was sent, or the server said that it refused.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.0.maybe_sent
    }

    /// Whether time ran out: the call's deadline, an attempt's, or a stall.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether credentials could not be had for a reason that may pass.
    pub(crate) fn is_transient_auth(&self) -> bool {
        let source = self.0.source.as_ref().and_then(|source| source.downcast_ref::<AuthError>());
        source.is_some_and(AuthError::is_transient)
    }

    /// Whether the transport says that trying again would not help.
    pub(crate) fn is_permanent(&self) -> bool {
        self.transport_kind().is_some_and(|kind| {
            matches!(kind, TransportErrorKind::Other | TransportErrorKind::RequestBody)
        })
    }

    /// Whether an answer of success broke off before its end.
    pub(crate) fn is_truncated_success(&self) -> bool {
        let broken = [BodyForm::Truncated, BodyForm::Empty];
        self.0.http.as_ref().is_some_and(|http| broken.contains(&http.form))
    }

    fn transport_kind(&self) -> Option<TransportErrorKind> {
        let source = self.0.source.as_ref()?;
        source.downcast_ref::<TransportError>().map(TransportError::kind)
    }

    /// Whether no connection could be had.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the server says that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == Some(Code::NotFound)
    }

    /// Whether the server says that the thing exists already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        self.code() == Some(Code::AlreadyExists)
    }

    /// Whether the request conflicts with the current state of the resource: HTTP 409, whose code
    /// is [`Code::Aborted`] or [`Code::AlreadyExists`]. A failed precondition (HTTP 412) is not a
    /// conflict; its code is [`Code::FailedPrecondition`].
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let code = || matches!(self.code(), Some(Code::Aborted | Code::AlreadyExists));
        self.http_status().map_or_else(code, |status| status == StatusCode::CONFLICT)
    }

    /// Whether a quota or rate limit was hit.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.code() == Some(Code::ResourceExhausted)
    }

    /// Whether the caller is not known or not allowed: 401 or 403, or no credentials.
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
            .field("source", &self.0.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
