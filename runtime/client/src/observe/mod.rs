//! Interceptors and redaction.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};

use crate::error::Error;
pub use crate::redact::{redact_url, secrets, shown_path, shown_url};
use crate::spec::MethodSpec;

/// Observes every attempt of every call of a client. Interceptors run inline, so they should be
/// fast.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use discovery_runtime::observe::{AttemptReport, Interceptor};
///
/// /// Counts attempts that failed.
/// #[derive(Default)]
/// struct Failures(AtomicU64);
///
/// impl Interceptor for Failures {
///     fn after_attempt(&self, report: &AttemptReport<'_>) {
///         if report.error.is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Interceptor: Send + Sync {
    /// Called before an attempt is sent. Headers may be added or changed. Credentials are added
    /// later and not exposed.
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        let _ = attempt;
    }

    /// Called after an attempt has ended and the next step is decided.
    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }
}

impl<T: Interceptor + ?Sized> Interceptor for Arc<T> {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        (**self).before_attempt(attempt);
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        (**self).after_attempt(report);
    }
}

/// An attempt before it is sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptStart<'a> {
    /// The method.
    pub method: &'static MethodSpec,
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
    /// The URL, with query values hidden except for those known to be harmless.
    pub url: &'a str,
    /// Number of the attempt, starting at 1.
    pub number: u32,
    /// HTTP status, if there was a response.
    pub status: Option<StatusCode>,
    /// Error of the attempt, if it failed.
    pub error: Option<&'a Error>,
    /// Duration of the attempt.
    pub elapsed: Duration,
    /// Delay before the next attempt; `None` if this was the last.
    pub retry_in: Option<Duration>,
}

/// Returns header names for `Debug`, since values may be secrets.
pub(crate) fn header_names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(HeaderName::as_str).collect()
}
