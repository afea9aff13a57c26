//! Export of traces and metrics by OTLP over HTTP.

use std::error::Error;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

/// The exporters of a program. [`shut_down`](Self::shut_down) sends what is left.
pub(crate) struct Export {
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
}

impl Export {
    /// Starts the export to a collector, for example `http://localhost:4318/`.
    pub(crate) fn start(service: &'static str, collector: &str) -> Result<Self, Box<dyn Error>> {
        let resource = Resource::builder().with_service_name(service).build();
        let url = format!("{collector}v1/traces");
        let spans = SpanExporter::builder().with_http().with_endpoint(url).build()?;
        let tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_batch_exporter(spans)
            .build();
        let url = format!("{collector}v1/metrics");
        let metrics = MetricExporter::builder().with_http().with_endpoint(url).build()?;
        let meters = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_periodic_exporter(metrics)
            .build();
        // Without a filter, the requests of the exporter would become spans, and be exported, too.
        let ours = Targets::new()
            .with_target("discovery_runtime", Level::DEBUG)
            .with_target(service, Level::INFO);
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracers.tracer(service))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        tracing::subscriber::set_global_default(
            tracing_subscriber::registry().with(ours).with(layer),
        )?;
        Ok(Self { tracers, meters })
    }

    pub(crate) fn meters(&self) -> &SdkMeterProvider {
        &self.meters
    }

    /// Sends all spans and metrics, and ends the export.
    pub(crate) fn shut_down(self) -> Result<(), Box<dyn Error>> {
        self.tracers.shutdown()?;
        self.meters.shutdown()?;
        Ok(())
    }
}
