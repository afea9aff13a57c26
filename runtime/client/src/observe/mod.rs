//! Interceptors, reports of calls and attempts, attributes of spans and metrics, and redaction.

#[cfg(feature = "opentelemetry-0_33")]
pub mod opentelemetry_0_33;
mod report;
mod scope;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};

use crate::auth::{AuthError, TokenWatch};

pub(crate) use self::report::attempt_error_type;
pub use self::report::{AttemptReport, AttemptStart, CallReport, RetryReport, TokenReport};
pub(crate) use self::scope::{CallScope, Scope};
pub use crate::redact::{redact_url, secrets, shown_path, shown_url};
use crate::trace;
pub use crate::trace::attributes;

/// Observes the calls of a client. Interceptors run inline, so they should be fast.
///
/// A call is what the program sends and awaits: one method with its arguments, a page of a list, an
/// upload or a download with all of its requests, a batch. It takes one or more attempts.
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
    /// Called before an attempt is sent, and again for each redirect it follows, within the span of
    /// the attempt. Headers may be added or changed. Credentials are added later and not exposed.
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        let _ = attempt;
    }

    /// Called after an attempt has ended and the next step is decided.
    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }

    /// Called before each retry: of a call, of an interrupted upload or download, or of a call in a
    /// batch.
    fn on_retry(&self, retry: &RetryReport<'_>) {
        let _ = retry;
    }

    /// Called after a call has ended, also if the program dropped it.
    fn after_call(&self, report: &CallReport<'_>) {
        let _ = report;
    }

    /// Called after a [`Cached`](crate::auth::Cached) source of tokens was asked for a new one.
    fn after_token(&self, report: &TokenReport<'_>) {
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

    fn on_retry(&self, retry: &RetryReport<'_>) {
        (**self).on_retry(retry);
    }

    fn after_call(&self, report: &CallReport<'_>) {
        (**self).after_call(report);
    }

    fn after_token(&self, report: &TokenReport<'_>) {
        (**self).after_token(report);
    }
}

/// The interceptors of a client.
#[derive(Default)]
pub(crate) struct Interceptors(pub(crate) Vec<Arc<dyn Interceptor>>);

impl Interceptors {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn each(&self, mut run: impl FnMut(&dyn Interceptor)) {
        self.0.iter().for_each(|interceptor| run(&**interceptor));
    }

    /// Reports a retry.
    pub(crate) fn retrying(&self, retry: &RetryReport<'_>) {
        trace::retrying(&retry.error_type(), retry.reason, retry.wait);
        self.each(|interceptor| interceptor.on_retry(retry));
    }
}

impl TokenWatch for Interceptors {
    fn fetched(&self, error: Option<&AuthError>, elapsed: Duration) {
        self.each(|interceptor| interceptor.after_token(&TokenReport { error, elapsed }));
    }
}

/// Passes the current span and OpenTelemetry context to work on another thread.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn on_other_thread<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let work = trace::within_current(work);
    #[cfg(feature = "opentelemetry-0_33")]
    let work = opentelemetry_0_33::within_current(work);
    work
}

/// Returns header names for `Debug`, since values may be secrets.
pub(crate) fn header_names(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(HeaderName::as_str).collect()
}
