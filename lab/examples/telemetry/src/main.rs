//! Exports the traces and metrics of calls by OTLP, and prints what a collector receives: one call
//! with two retries, and one that the API refuses.
//!
//! `cargo lab telemetry` runs it. `export.rs` and `order` are what a program needs; the collector
//! and the API are stand-ins on this machine.

mod collector;
mod export;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::time::Duration;

use discovery_testing::{Fault, FaultServer, Reply};
use google_jobs_v3::Client;
use google_jobs_v3::runtime::auth::{Cached, Token, TokenFn};
use google_jobs_v3::runtime::observe::opentelemetry_0_33::{Metrics, Propagation};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Instrument as _;

use crate::collector::Collector;
use crate::export::Export;

/// Name of the program for its collector, and target of its own spans.
const SERVICE: &str = "orders";

fn client(export: &Export, endpoint: String) -> google_jobs_v3::Result<Client> {
    let tokens = TokenFn::new(|_| async {
        Ok(Token::new("secret-token").with_lifetime(Duration::from_secs(3600)))
    });
    Client::builder()
        .with_endpoint(endpoint)
        .with_credentials(Cached::new(tokens))
        .with_interceptor(Metrics::new(export.meters()))
        .with_interceptor(Propagation::new(TraceContextPropagator::new()))
        .build()
}

/// Work of the program.
async fn order(client: &Client) -> google_jobs_v3::Result<()> {
    client.projects().jobs().get("projects/secret-project/jobs/1").send().await?;
    // The API has no other job.
    match client.projects().jobs().get("projects/secret-project/jobs/2").send().await {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(()),
    }
}

/// An API with one job, which fails twice.
async fn api() -> std::io::Result<FaultServer> {
    let server = FaultServer::start(|request| async move {
        if request.head().path().ends_with("/1") {
            Reply::json(r#"{"name":"projects/secret-project/jobs/1"}"#)
        } else {
            Reply::error(404, "no projects/secret-project/jobs/2")
        }
    });
    let server = server.await?;
    server.inject(Fault::Status(503));
    server.inject(Fault::Status(429));
    Ok(server)
}

/// Makes the calls; returns the collector, with all that it received, and the API.
async fn run() -> Result<(Collector, FaultServer), Box<dyn Error>> {
    let (collector, api) = (Collector::start()?, api().await?);
    let export = Export::start(SERVICE, &collector.url())?;
    let client = client(&export, api.url())?;
    // The program's own span is the parent of those of its calls.
    order(&client).instrument(tracing::info_span!(target: "orders", "order")).await?;
    tokio::task::spawn_blocking(move || export.shut_down().map_err(|error| error.to_string()))
        .await??;
    Ok((collector, api))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (collector, api) = run().await?;
    println!("{}", collector.traces()?);
    for line in collector.metrics()? {
        println!("{line}");
    }
    println!();
    for request in api.requests() {
        let traceparent = request.head.header("traceparent").ok_or("no traceparent")?;
        println!("traceparent of the request: {traceparent}");
    }
    Ok(())
}
