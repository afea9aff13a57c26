//! Metrics of calls, attempts, retries, and tokens.

use std::borrow::Cow;

use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider};
use opentelemetry::{InstrumentationScope, KeyValue, Value};

use crate::error::{Error, Phase};
use crate::observe::attributes::*;
use crate::observe::{AttemptReport, CallReport, Interceptor, RetryReport, TokenReport};
use crate::status::Code;
use crate::trace::protocol_version;

/// Boundaries of durations in seconds, from OpenTelemetry's conventions.
const SECONDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Boundaries of numbers of attempts.
const ATTEMPTS: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0];

/// Records the metrics of a client.
///
/// | metric | kind, unit | attributes |
/// |---|---|---|
/// | `rpc.client.call.duration` | histogram, s | `rpc.system.name`, `rpc.method`, `server.address`, `server.port`, `rpc.response.status_code`, `error.type` |
/// | `http.client.request.duration`, of each attempt | histogram, s | `http.request.method`, `rpc.method`, `server.address`, `server.port`, `http.response.status_code`, `network.protocol.version`, `error.type` |
/// | `discovery.client.call.attempts`, of each call | histogram, attempts | `rpc.method`, `error.type` |
/// | `discovery.client.retries` | counter | `rpc.method`, `discovery.retry.reason`, `error.type` |
/// | `discovery.client.tokens`, new access tokens | counter | `error.type` if there is none |
///
/// Attributes have few values: methods, hosts, statuses, and kinds of errors. None has a name of a
/// resource or a secret; [`attributes`](super::super::attributes) describes them. The first two
/// metrics are those of OpenTelemetry's conventions for
/// [RPC](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/) and
/// [HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).
///
/// Durations are those of the client's clock. That of an attempt includes the wait for its token;
/// attempts that sent nothing are not requests. See [`CallReport::elapsed`] for that of a call.
#[derive(Debug)]
pub struct Metrics {
    calls: Histogram<f64>,
    requests: Histogram<f64>,
    attempts: Histogram<u64>,
    retries: Counter<u64>,
    tokens: Counter<u64>,
}

impl Metrics {
    /// Creates the instruments, in the scope `discovery-runtime`.
    #[must_use]
    pub fn new(provider: &dyn MeterProvider) -> Self {
        let scope = InstrumentationScope::builder("discovery-runtime")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        Self::of_meter(&provider.meter_with_scope(scope))
    }

    fn of_meter(meter: &Meter) -> Self {
        let seconds = |name, description| {
            let histogram = meter.f64_histogram(name).with_description(description);
            histogram.with_unit("s").with_boundaries(SECONDS.to_vec()).build()
        };
        let counter = |name, unit, description| {
            meter.u64_counter(name).with_unit(unit).with_description(description).build()
        };
        let attempts = meter.u64_histogram("discovery.client.call.attempts");
        let attempts = attempts.with_unit("{attempt}").with_boundaries(ATTEMPTS.to_vec());
        Self {
            calls: seconds("rpc.client.call.duration", "Duration of calls."),
            requests: seconds("http.client.request.duration", "Duration of HTTP client requests."),
            attempts: attempts.with_description("Attempts of calls.").build(),
            retries: counter("discovery.client.retries", "{retry}", "Retries."),
            tokens: counter("discovery.client.tokens", "{token}", "Requests for access tokens."),
        }
    }
}

impl Interceptor for Metrics {
    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let phase = report.error.map(Error::phase);
        if matches!(phase, Some(Phase::Prepare | Phase::Credentials)) {
            return;
        }
        let status = report.status.map(|status| i64::from(status.as_u16()));
        let attributes = Attributes::new()
            .with(HTTP_REQUEST_METHOD, report.verb.as_str().to_owned())
            .with(RPC_METHOD, report.method.id)
            .with(SERVER_ADDRESS, report.server_address.to_owned())
            .with(SERVER_PORT, i64::from(report.server_port))
            .with_some(HTTP_RESPONSE_STATUS_CODE, status)
            .with_some(NETWORK_PROTOCOL_VERSION, report.version.and_then(protocol_version))
            .with_some(ERROR_TYPE, report.error_type().map(value));
        self.requests.record(report.elapsed.as_secs_f64(), &attributes.0);
    }

    fn on_retry(&self, retry: &RetryReport<'_>) {
        let attributes = Attributes::new()
            .with(RPC_METHOD, retry.method.id)
            .with(RETRY_REASON, retry.reason)
            .with(ERROR_TYPE, value(retry.error_type()));
        self.retries.add(1, &attributes.0);
    }

    fn after_call(&self, report: &CallReport<'_>) {
        let attributes = Attributes::new()
            .with(RPC_SYSTEM_NAME, "http")
            .with(RPC_METHOD, report.method.id)
            .with(SERVER_ADDRESS, report.server_address.to_owned())
            .with(SERVER_PORT, i64::from(report.server_port))
            .with_some(RPC_RESPONSE_STATUS_CODE, report.code().map(Code::as_str))
            .with_some(ERROR_TYPE, report.error_type());
        self.calls.record(report.elapsed.as_secs_f64(), &attributes.0);
        let attributes = Attributes::new()
            .with(RPC_METHOD, report.method.id)
            .with_some(ERROR_TYPE, report.error_type());
        self.attempts.record(u64::from(report.attempts), &attributes.0);
    }

    fn after_token(&self, report: &TokenReport<'_>) {
        let attributes = Attributes::new().with_some(ERROR_TYPE, report.error_type());
        self.tokens.add(1, &attributes.0);
    }
}

fn value(text: Cow<'static, str>) -> Value {
    match text {
        Cow::Borrowed(text) => text.into(),
        Cow::Owned(text) => text.into(),
    }
}

/// Attributes of a measurement.
struct Attributes(Vec<KeyValue>);

impl Attributes {
    fn new() -> Self {
        Self(Vec::with_capacity(7))
    }

    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push(KeyValue::new(name, value));
        self
    }

    fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}
