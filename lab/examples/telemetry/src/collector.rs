//! A collector of OTLP over HTTP on this machine, which prints traces as trees and metrics as lines.

use std::fmt::Write as _;
use std::io;

use discovery_testing::{FaultServer, Recorded, Reply, Service};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{Metric, number_data_point};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::{DecodeError, Message};

/// A collector, which keeps what it receives.
pub(crate) struct Collector(FaultServer);

impl Collector {
    pub(crate) fn start() -> io::Result<Self> {
        let service = Service::new(|mut request| async move {
            request.body().await;
            // An empty message says that everything was taken.
            Reply::new(200).with_body("application/x-protobuf", "")
        });
        FaultServer::on_thread(service, "127.0.0.1:0").map(Self)
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Returns what was sent to a path, `v1/traces` or `v1/metrics`.
    pub(crate) fn received(&self, path: &str) -> Vec<Recorded> {
        let all = self.0.requests().into_iter();
        all.filter(|request| request.head.path().strip_prefix('/') == Some(path)).collect()
    }

    fn decoded<M: Message + Default>(&self, path: &str) -> Result<Vec<M>, DecodeError> {
        self.received(path).into_iter().map(|request| M::decode(request.body)).collect()
    }

    pub(crate) fn trace_exports(&self) -> Result<Vec<ExportTraceServiceRequest>, DecodeError> {
        self.decoded("v1/traces")
    }

    /// Returns the spans in order of their start.
    pub(crate) fn spans(&self) -> Result<Vec<Span>, DecodeError> {
        let resources = self.trace_exports()?.into_iter().flat_map(|all| all.resource_spans);
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        let mut spans: Vec<Span> = scopes.flat_map(|scope| scope.spans).collect();
        spans.sort_by_key(|span| span.start_time_unix_nano);
        Ok(spans)
    }

    /// Prints the spans as trees: name, kind, attributes, and events.
    pub(crate) fn traces(&self) -> Result<String, DecodeError> {
        let mut text = String::new();
        write_children(&mut text, &self.spans()?, &[], 0);
        Ok(text)
    }

    /// Prints the metrics, one line for each set of attributes.
    pub(crate) fn metrics(&self) -> Result<Vec<String>, DecodeError> {
        let exports: Vec<ExportMetricsServiceRequest> = self.decoded("v1/metrics")?;
        // Each export has the sums since the start.
        let last = exports.into_iter().last().into_iter().flat_map(|all| all.resource_metrics);
        let scopes = last.flat_map(|resource| resource.scope_metrics);
        let mut lines: Vec<String> =
            scopes.flat_map(|scope| scope.metrics).flat_map(|metric| lines(&metric)).collect();
        lines.sort();
        Ok(lines)
    }
}

fn write_children(text: &mut String, spans: &[Span], parent: &[u8], depth: usize) {
    for span in spans.iter().filter(|span| span.parent_span_id == parent) {
        let indent = "  ".repeat(depth);
        let kind = if span.kind() == SpanKind::Client { " [client]" } else { "" };
        let status = span.status.as_ref().map(|status| status.code());
        let status = if status == Some(StatusCode::Error) { " [error]" } else { "" };
        let shown = attributes(&span.attributes);
        let _ = writeln!(text, "{indent}{}{kind}{status} {shown}", span.name);
        for event in &span.events {
            let _ = writeln!(text, "{indent}  ! {} {}", event.name, attributes(&event.attributes));
        }
        write_children(text, spans, &span.span_id, depth + 1);
    }
}

fn lines(metric: &Metric) -> Vec<String> {
    let Metric { name, unit, .. } = metric;
    match &metric.data {
        Some(Data::Histogram(histogram)) => {
            let points = histogram.data_points.iter();
            let line = |shown: String, count, sum: f64| {
                format!("{name} {shown}: {count}× {sum:.3} {unit}")
            };
            points
                .map(|point| {
                    line(attributes(&point.attributes), point.count, point.sum.unwrap_or_default())
                })
                .collect()
        }
        Some(Data::Sum(sum)) => {
            let value = |value: Option<number_data_point::Value>| match value {
                Some(number_data_point::Value::AsInt(n)) => n.to_string(),
                other => format!("{other:?}"),
            };
            let points = sum.data_points.iter();
            points
                .map(|point| {
                    format!(
                        "{name} {}: {} {unit}",
                        attributes(&point.attributes),
                        value(point.value)
                    )
                })
                .collect()
        }
        other => vec![format!("{name}: {other:?}")],
    }
}

/// Prints attributes in alphabetical order, without those that name places in the source.
fn attributes(all: &[KeyValue]) -> String {
    let mut all: Vec<String> =
        all.iter().map(|one| format!("{}={}", one.key, value(one.value.as_ref()))).collect();
    all.sort();
    all.join(" ")
}

fn value(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => format!("{number:.3}"),
        Some(Value::BoolValue(on)) => on.to_string(),
        other => format!("{other:?}"),
    }
}
