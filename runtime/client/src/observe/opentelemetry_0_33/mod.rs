//! Metrics and propagation of traces with [OpenTelemetry](https://opentelemetry.io/) 0.33.
//!
//! Both are [interceptors](super::Interceptor) of a client. They take a provider of metrics and a
//! propagator from the program, so that a program with another version of `opentelemetry` does not
//! compile, rather than send nothing.
//!
//! ```
//! use discovery_runtime::observe::opentelemetry_0_33::{Metrics, Propagation};
//! # use discovery_runtime::{ClientBuilder, Result};
//! # fn f<C>(builder: ClientBuilder<C>) -> Result<C> {
//! let provider = opentelemetry::global::meter_provider();
//! let propagator = opentelemetry_sdk::propagation::TraceContextPropagator::new();
//! builder
//!     .with_interceptor(Metrics::new(&*provider))
//!     .with_interceptor(Propagation::new(propagator))
//!     .build()
//! # }
//! ```
//!
//! Spans come from the feature `tracing` and the crate `tracing-opentelemetry`, which makes the span
//! of an attempt the current context, so that a server's spans become its children.

mod metrics;
mod propagation;

pub use self::metrics::Metrics;
pub use self::propagation::Propagation;
#[cfg(not(target_family = "wasm"))]
pub(crate) use self::propagation::within_current;
