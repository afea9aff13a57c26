//! Watching calls: interceptors, and what may be shown of a request.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};

use crate::error::Error;
pub use crate::redact::{redact_url, secrets, shown_path, shown_url};
use crate::spec::MethodSpec;

/// Sees every attempt of every call of a client. Runs inline: it should be quick.
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
    /// Before an attempt is sent. Headers may be added or changed; credentials are added after
    /// it, and not shown.
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        let _ = attempt;
    }

    /// After an attempt has ended and it is decided what follows.
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

/// An attempt that is about to be sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptStart<'a> {
    /// The method called.
    pub method: &'static MethodSpec,
    /// The address, with query values hidden but for known harmless ones.
    pub url: &'a str,
    /// The attempt's number, from 1.
    pub number: u32,
    /// The headers, without credentials.
    pub headers: &'a mut HeaderMap,
}

/// An attempt that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The method called.
    pub method: &'static MethodSpec,
    /// The address, with query values hidden but for known harmless ones.
    pub url: &'a str,
    /// The attempt's number, from 1.
    pub number: u32,
    /// The HTTP status, where an answer came.
    pub status: Option<StatusCode>,
    /// What went wrong, if anything did.
    pub error: Option<&'a Error>,
    /// How long the attempt took.
    pub elapsed: Duration,
    /// The wait before the next attempt; `None` when this was the last.
    pub retry_in: Option<Duration>,
}

/// Names of headers, for `Debug`: values may be secrets.
pub(crate) fn header_names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(HeaderName::as_str).collect()
}
