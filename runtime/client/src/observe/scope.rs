//! Calls from their start to their end, however many requests they take.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

use super::{CallReport, Interceptors};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::spec::MethodSpec;
use crate::status::Code;
use crate::trace::{self, Ending, Server, Span};

/// A call. Ends once: by [`end`](Self::end), or when it is dropped.
pub(crate) struct CallScope {
    method: &'static MethodSpec,
    span: Span,
    /// `None` without interceptors.
    observers: Option<Observers>,
    attempts: AtomicU32,
    /// Status of the last response; 0 without one.
    status: AtomicU16,
    stage: AtomicU8,
}

struct Observers {
    interceptors: Arc<Interceptors>,
    clock: Arc<dyn Clock>,
    begun: Duration,
    server_address: String,
    server_port: u16,
}

/// A call whose future runs; dropping it is a cancellation.
const RUNNING: u8 = 0;
/// A call whose result the program consumes; dropping it is its end.
const DELIVERING: u8 = 1;
const ENDED: u8 = 2;

impl CallScope {
    pub(crate) fn begin(
        method: &'static MethodSpec,
        server: Server<'_>,
        interceptors: &Arc<Interceptors>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let observers = (!interceptors.is_empty()).then(|| Observers {
            interceptors: Arc::clone(interceptors),
            clock: Arc::clone(clock),
            begun: clock.now(),
            server_address: server.address.to_owned(),
            server_port: server.port,
        });
        Self {
            method,
            span: trace::call(method, server),
            observers,
            attempts: AtomicU32::new(0),
            status: AtomicU16::new(0),
            stage: AtomicU8::new(RUNNING),
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Counts an attempt.
    pub(crate) fn attempted(&self) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        self.status.store(0, Ordering::Relaxed);
    }

    /// Records the status of a response.
    pub(crate) fn responded(&self, status: StatusCode) {
        self.status.store(status.as_u16(), Ordering::Relaxed);
    }

    /// Marks that the program has the result and that dropping the call is no cancellation.
    pub(crate) fn deliver(&self) {
        let _ =
            self.stage.compare_exchange(RUNNING, DELIVERING, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Runs the requests of a call, whose result ends it.
    pub(crate) async fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let outcome = trace::within(self.span(), work).await;
        self.end(outcome.as_ref().err());
        outcome
    }

    /// Runs the first requests of a call that continues unless they fail.
    pub(crate) async fn start<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let outcome = trace::within(self.span(), work).await;
        match &outcome {
            Ok(_) => self.deliver(),
            Err(error) => self.end(Some(error)),
        }
        outcome
    }

    pub(crate) fn end(&self, error: Option<&Error>) {
        self.finish(error, false);
    }

    fn finish(&self, error: Option<&Error>, cancelled: bool) {
        if self.stage.swap(ENDED, Ordering::Relaxed) == ENDED {
            return;
        }
        let observers = self.observers.as_ref();
        let report = CallReport {
            method: self.method,
            server_address: observers.map_or("", |observers| &observers.server_address),
            server_port: observers.map_or(0, |observers| observers.server_port),
            attempts: self.attempts.load(Ordering::Relaxed),
            status: StatusCode::from_u16(self.status.load(Ordering::Relaxed)).ok(),
            error,
            cancelled,
            elapsed: observers.map_or(Duration::ZERO, |observers| {
                observers.clock.now().saturating_sub(observers.begun)
            }),
        };
        let ending = Ending {
            http_status: report.status.map(|status| status.as_u16()),
            code: report.code().map(Code::as_str),
            error_type: report.error_type(),
        };
        trace::ended(&self.span, &ending);
        if let Some(observers) = observers {
            observers.interceptors.each(|interceptor| interceptor.after_call(&report));
        }
    }
}

impl Drop for CallScope {
    fn drop(&mut self) {
        let cancelled = *self.stage.get_mut() == RUNNING;
        self.finish(None, cancelled);
    }
}

/// The call that a request belongs to.
pub(crate) enum Scope {
    /// The request is the call.
    Own(CallScope),
    /// The request is a part of the call.
    Part(Arc<CallScope>),
}

impl Scope {
    /// Ends the call, unless other requests may follow.
    pub(crate) fn end(&self, error: Option<&Error>) {
        if let Self::Own(scope) = self {
            scope.end(error);
        }
    }
}

impl Deref for Scope {
    type Target = CallScope;

    fn deref(&self) -> &CallScope {
        match self {
            Self::Own(scope) => scope,
            Self::Part(scope) => scope,
        }
    }
}
