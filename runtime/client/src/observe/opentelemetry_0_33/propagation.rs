//! Propagation of traces to servers.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::propagation::{Injector, TextMapPropagator};

use crate::observe::{AttemptStart, Interceptor};

/// Adds the headers of a propagator to every attempt, such as `traceparent` and `tracestate` of
/// [W3C Trace Context](https://www.w3.org/TR/trace-context/), which Google's front ends read.
///
/// The headers describe the current [`Context`]: the attempt's span with `tracing-opentelemetry`,
/// whose layer makes spans current by default, else the span that the program made current. They
/// replace no header of the call or the client. Requests for tokens are not part of the trace.
#[derive(Debug)]
pub struct Propagation<P> {
    propagator: P,
}

impl<P: TextMapPropagator + Send + Sync> Propagation<P> {
    /// Creates an interceptor from a propagator, for example `TraceContextPropagator` of
    /// `opentelemetry_sdk`. Propagators of baggage send it to the API.
    pub const fn new(propagator: P) -> Self {
        Self { propagator }
    }
}

impl<P: TextMapPropagator + Send + Sync> Interceptor for Propagation<P> {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        self.propagator.inject_context(&Context::current(), &mut Headers(attempt.headers));
    }
}

/// Headers that are added, but not replaced.
struct Headers<'a>(&'a mut HeaderMap);

impl Injector for Headers<'_> {
    fn set(&mut self, key: &str, value: String) {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value))
        else {
            return;
        };
        // An empty `tracestate` says no more than none.
        if !value.is_empty() {
            self.0.entry(name).or_insert(value);
        }
    }
}

/// Runs work on another thread within the current context of this one.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn within_current<F: Future>(work: F) -> impl Future<Output = F::Output> {
    use opentelemetry::context::FutureExt as _;
    work.with_current_context()
}
