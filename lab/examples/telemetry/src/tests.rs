//! What arrives at the collector. The exporters are the process's, so this is one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

use discovery_testing::FaultServer;
use opentelemetry_proto::tonic::trace::v1::Span;

use crate::collector::Collector;

const SERVER: &str = "server.address=127.0.0.1 server.port=PORT";
const METHOD: &str = "rpc.method=jobs.projects.jobs.get";

/// Replaces what differs from run to run: the port of the API, and times.
fn stable(text: &str, api: &FaultServer) -> String {
    let port = format!("server.port={}", api.address().port());
    let text = text.replace(&port, "server.port=PORT");
    let kept = |word: &&str| !word.starts_with("delay_s=");
    let lines = text.lines().map(|line| line.split(' ').filter(kept).collect::<Vec<_>>().join(" "));
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_receives_traces_and_metrics() {
    let (collector, api) = crate::run().await.unwrap();
    assert_eq!(stable(&collector.traces().unwrap(), &api), traces());
    assert_eq!(metrics(&collector, &api), expected_metrics());
    every_request_carries_its_span(&collector.spans().unwrap(), &api);
    the_program_is_named(&collector);
    nothing_that_a_caller_names_is_exported(&collector);
}

fn traces() -> String {
    let call = "jobs.projects.jobs.get [client]";
    let service = "gcp.client.service=jobs";
    let attempt = "GET /v3/{name} [client]";
    let version = "network.protocol.version=1.1";
    let template = "url.template=/v3/{name}";
    let get = "http.request.method=GET";
    let retry = "! retrying discovery.retry.reason";
    format!(
        "order\n  {call} {service} http.response.status_code=200 {METHOD} rpc.response.status_code=OK \
         rpc.system.name=http {SERVER}\n    \
         {retry}=transient error.type=503 level=DEBUG target=discovery_runtime\n    \
         {retry}=throttled error.type=429 level=DEBUG target=discovery_runtime\n    \
         {attempt} [error] error.type=503 {get} http.response.status_code=503 {version} {SERVER} \
         {template}\n      \
         get access token\n    \
         {attempt} [error] error.type=429 {get} http.request.resend_count=1 \
         http.response.status_code=429 {version} {SERVER} {template}\n    \
         {attempt} {get} http.request.resend_count=2 http.response.status_code=200 {version} \
         {SERVER} {template}\n  \
         {call} [error] error.type=NOT_FOUND {service} http.response.status_code=404 {METHOD} \
         rpc.response.status_code=NOT_FOUND rpc.system.name=http {SERVER}\n    \
         {attempt} [error] error.type=404 {get} http.response.status_code=404 {version} {SERVER} \
         {template}\n"
    )
}

/// Returns the metrics without durations.
fn metrics(collector: &Collector, api: &FaultServer) -> Vec<String> {
    let lines = collector.metrics().unwrap().into_iter().map(|line| stable(&line, api));
    lines
        .map(|line| match line.trim_end().strip_suffix(" s") {
            // The sum is the last word.
            Some(line) => line.rsplit_once(' ').unwrap().0.to_owned(),
            None => line.trim_end().to_owned(),
        })
        .collect()
}

fn expected_metrics() -> Vec<String> {
    let (get, version) = ("http.request.method=GET", "network.protocol.version=1.1");
    let request = "http.client.request.duration";
    let status = "http.response.status_code";
    let mut all = vec![
        format!("discovery.client.call.attempts {METHOD}: 1× 3.000 {{attempt}}"),
        format!(
            "discovery.client.call.attempts error.type=NOT_FOUND {METHOD}: 1× 1.000 {{attempt}}"
        ),
        format!(
            "discovery.client.retries discovery.retry.reason=throttled error.type=429 {METHOD}: 1 \
             {{retry}}"
        ),
        format!(
            "discovery.client.retries discovery.retry.reason=transient error.type=503 {METHOD}: 1 \
             {{retry}}"
        ),
        "discovery.client.tokens : 1 {token}".to_owned(),
        format!("{request} error.type=404 {get} {status}=404 {version} {METHOD} {SERVER}: 1×"),
        format!("{request} error.type=429 {get} {status}=429 {version} {METHOD} {SERVER}: 1×"),
        format!("{request} error.type=503 {get} {status}=503 {version} {METHOD} {SERVER}: 1×"),
        format!("{request} {get} {status}=200 {version} {METHOD} {SERVER}: 1×"),
        format!(
            "rpc.client.call.duration {METHOD} rpc.response.status_code=OK rpc.system.name=http \
             {SERVER}: 1×"
        ),
        format!(
            "rpc.client.call.duration error.type=NOT_FOUND {METHOD} \
             rpc.response.status_code=NOT_FOUND rpc.system.name=http {SERVER}: 1×"
        ),
    ];
    all.sort();
    all
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The server of the API sees the trace, and the span of each attempt as the parent.
fn every_request_carries_its_span(spans: &[Span], api: &FaultServer) {
    let attempts = spans.iter().filter(|span| span.name.starts_with("GET "));
    let expected: Vec<String> = attempts
        .map(|span| format!("00-{}-{}-01", hex(&span.trace_id), hex(&span.span_id)))
        .collect();
    let requests = api.requests();
    let sent: Vec<&str> =
        requests.iter().filter_map(|request| request.head.header("traceparent")).collect();
    assert_eq!(sent, expected);
    assert_eq!(sent.len(), 4);
    let traces: std::collections::BTreeSet<&[u8]> =
        spans.iter().map(|span| span.trace_id.as_slice()).collect();
    assert_eq!(traces.len(), 1);
}

fn the_program_is_named(collector: &Collector) {
    for path in ["v1/traces", "v1/metrics"] {
        let received = collector.received(path);
        assert!(!received.is_empty(), "{path}");
        for request in received {
            assert_eq!(request.head.header("content-type"), Some("application/x-protobuf"));
            let body = String::from_utf8_lossy(&request.body).into_owned();
            assert!(body.contains("service.name") && body.contains("orders"), "{path}");
        }
    }
}

/// Names of resources and secrets of this program begin with `secret`.
fn nothing_that_a_caller_names_is_exported(collector: &Collector) {
    for request in
        collector.received("v1/traces").into_iter().chain(collector.received("v1/metrics"))
    {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        assert!(body.contains("jobs.projects.jobs.get"));
        assert!(!body.contains("secret"), "{body}");
    }
}
