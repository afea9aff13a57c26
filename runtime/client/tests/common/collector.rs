//! A collector in memory, which prints traces as trees and metrics as lines.

use std::fmt::Write as _;

use opentelemetry::trace::{SpanId, SpanKind, TracerProvider as _};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

pub(crate) struct Collector {
    spans: InMemorySpanExporter,
    tracers: SdkTracerProvider,
    metrics: InMemoryMetricExporter,
    meters: SdkMeterProvider,
}

impl Collector {
    pub(crate) fn new() -> Self {
        let spans = InMemorySpanExporter::default();
        let metrics = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(metrics.clone()).build();
        Self {
            tracers: SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build(),
            meters: SdkMeterProvider::builder().with_reader(reader).build(),
            spans,
            metrics,
        }
    }

    /// Returns a subscriber that turns spans of `tracing` into OpenTelemetry's.
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.tracers.tracer("telemetry"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        let ours = Targets::new()
            .with_target("discovery_runtime", tracing::Level::DEBUG)
            .with_target("program", tracing::Level::INFO);
        tracing_subscriber::registry().with(ours).with(layer)
    }

    pub(crate) fn meters(&self) -> &SdkMeterProvider {
        &self.meters
    }

    /// Returns the finished spans.
    pub(crate) fn spans(&self) -> Result<Vec<SpanData>, OTelSdkError> {
        self.spans.get_finished_spans()
    }

    /// Prints the finished spans as trees: name, kind, attributes, and events.
    pub(crate) fn traces(&self) -> Result<String, OTelSdkError> {
        let spans = self.spans()?;
        let mut text = String::new();
        write_children(&mut text, &spans, SpanId::INVALID, 0);
        Ok(text)
    }

    /// Prints the metrics, one line for each set of attributes.
    pub(crate) fn lines(&self) -> Result<Vec<String>, OTelSdkError> {
        self.meters.force_flush()?;
        let all = self.metrics.get_finished_metrics()?;
        let last = all.last().into_iter().flat_map(|resource| resource.scope_metrics());
        let mut lines: Vec<String> =
            last.flat_map(|scope| scope.metrics()).flat_map(lines).collect();
        lines.sort();
        Ok(lines)
    }
}

fn write_children(text: &mut String, spans: &[SpanData], parent: SpanId, depth: usize) {
    for span in spans.iter().filter(|span| span.parent_span_id == parent) {
        let kind = match span.span_kind {
            SpanKind::Client => " [client]",
            _ => "",
        };
        let indent = "  ".repeat(depth);
        let shown = attributes(span.attributes.iter());
        let _ = writeln!(text, "{indent}{}{kind} {shown}", span.name);
        for event in span.events.iter() {
            let shown = event.attributes.iter().filter(|one| one.key.as_str() != "level");
            let _ = writeln!(text, "{indent}  ! {} {}", event.name, attributes(shown));
        }
        write_children(text, spans, span.span_context.span_id(), depth + 1);
    }
}

fn lines(metric: &Metric) -> Vec<String> {
    let (name, unit) = (metric.name(), metric.unit());
    let line = |shown: String, values: String| format!("{name} {shown}: {values} {unit}");
    match metric.data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => histogram
            .data_points()
            .map(|p| line(attributes(p.attributes()), format!("{}× {:.3}", p.count(), p.sum())))
            .collect(),
        AggregatedMetrics::U64(MetricData::Histogram(histogram)) => histogram
            .data_points()
            .map(|p| line(attributes(p.attributes()), format!("{}× {}", p.count(), p.sum())))
            .collect(),
        AggregatedMetrics::U64(MetricData::Sum(sum)) => sum
            .data_points()
            .map(|p| line(attributes(p.attributes()), p.value().to_string()))
            .collect(),
        other => vec![format!("{name}: {other:?}")],
    }
}

/// Prints attributes in alphabetical order.
fn attributes<'a>(all: impl Iterator<Item = &'a KeyValue>) -> String {
    let value = |value: &Value| match value {
        Value::F64(number) => format!("{number:.3}"),
        other => other.to_string(),
    };
    let mut all: Vec<String> =
        all.map(|one| format!("{}={}", one.key, value(&one.value))).collect();
    all.sort();
    all.join(" ")
}
