//! Prints the spans and metrics of one call with two retries.
//!
//! `cargo run -p discovery-runtime --example telemetry --features opentelemetry-0_33,testing,tracing`
//!
//! The collector is in memory; a program exports with `opentelemetry-otlp` instead.

mod collector;

use std::error::Error;
use std::time::Duration;

use discovery_runtime::auth::{Cached, Token, TokenFn};
use discovery_runtime::json::Json;
use discovery_runtime::observe::opentelemetry_0_33::{Metrics, Propagation};
use discovery_runtime::spec::{MethodSpec, Segment, ServiceSpec};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::{Call, Client};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Instrument as _;

use crate::collector::Collector;

static THINGS: ServiceSpec = ServiceSpec {
    id: "things:v1",
    root_url: "https://things.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "google-things-v1",
    package_version: "0.0.0",
};

static GET: MethodSpec = MethodSpec {
    scopes: &["https://www.googleapis.com/auth/things"],
    default_scope: Some("https://www.googleapis.com/auth/things"),
    ..MethodSpec::get("things.get", &THINGS, &[Segment::Literal("v1/"), Segment::Reserved("name")])
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let collector = Collector::new();
    tracing::subscriber::set_global_default(collector.subscriber())?;

    let server = FaultServer::replying(Reply::json(r#"{"name":"projects/p/things/t"}"#)).await?;
    server.inject(Fault::Status(503));
    server.inject(Fault::Status(429));
    let tokens = TokenFn::new(|_| async {
        Ok(Token::new("the-token").with_lifetime(Duration::from_secs(3600)))
    });
    let client = Client::builder(&THINGS)
        .with_endpoint(server.url())
        .with_credentials(Cached::new(tokens))
        .with_interceptor(Metrics::new(collector.meters()))
        .with_interceptor(Propagation::new(TraceContextPropagator::new()))
        .build()?;

    let call = Call::new(&client, &GET).path("name", &"projects/p/things/t");
    let span = tracing::info_span!(target: "program", "handle order");
    call.send::<Json>().instrument(span).await?;

    println!("{}", collector.traces()?);
    for line in collector.lines()? {
        println!("{line}");
    }
    println!();
    for request in server.requests() {
        let traceparent = request.head.header("traceparent").ok_or("no traceparent")?;
        println!("traceparent of the request: {traceparent}");
    }
    Ok(())
}
