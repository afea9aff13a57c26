//! Traces and metrics, as a collector receives them.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use discovery_runtime::auth::{AuthorizedUser, Cached, Secret};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::observe::opentelemetry_0_33::{Metrics, Propagation};
use discovery_runtime::observe::{CallReport, Interceptor};
use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::transport::TransportErrorKind;
use discovery_runtime::{CallOptions, ClientBuilder};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::subscriber::{DefaultGuard, set_default, set_global_default};

use crate::api::{Client, Thing};
use crate::collector::Collector;
use crate::script::{Script, Step};

/// Records this thread until the guard is dropped.
fn listen(collector: &Collector) -> DefaultGuard {
    // Without a global subscriber, the first thread to reach a call site may cache for all threads
    // that no subscriber is interested.
    let _ = set_global_default(tracing_subscriber::registry());
    set_default(collector.subscriber())
}

fn observed(builder: ClientBuilder<Client>, collector: &Collector) -> ClientBuilder<Client> {
    builder
        .with_retry(DefaultRetry::new().with_backoff(Duration::ZERO, Duration::ZERO))
        .with_interceptor(Metrics::new(collector.meters()))
        .with_interceptor(Propagation::new(TraceContextPropagator::new()))
}

fn scripted(collector: &Collector, steps: impl IntoIterator<Item = Step>) -> (Script, Client) {
    let script = Script::new(steps);
    let builder = script.client(&ManualClock::jumping());
    (script, observed(builder, collector).build().unwrap())
}

const NOT_FOUND: &str =
    r#"{"error":{"code":404,"status":"NOT_FOUND","message":"no p/secret-thing"}}"#;

#[tokio::test]
async fn a_call_with_two_retries() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let hang = Step::Hang;
    let (_, client) = scripted(&collector, [Step::status(503, ""), hang, Step::ok("{}")]);
    client.get("p/t").with_attempt_timeout(Duration::from_secs(2)).await.unwrap();
    let server = "server.address=things.googleapis.com server.port=443";
    let template = format!("{server} url.template=/things/v1/{{name}}");
    let version = "network.protocol.version=1.1";
    let expected = format!(
        "things.get [client] gcp.client.service=things http.response.status_code=200 \
         rpc.method=things.get rpc.response.status_code=OK rpc.system.name=http {server}\n  \
         ! retrying delay_s=0.000 discovery.retry.reason=transient error.type=503 \
         target=discovery_runtime\n  \
         ! retrying delay_s=0.000 discovery.retry.reason=interrupted error.type=timeout \
         target=discovery_runtime\n  \
         GET /things/v1/{{name}} [client] error.type=503 http.request.method=GET \
         http.response.status_code=503 {version} {template}\n  \
         GET /things/v1/{{name}} [client] error.type=timeout http.request.method=GET \
         http.request.resend_count=1 {template}\n  \
         GET /things/v1/{{name}} [client] http.request.method=GET http.request.resend_count=2 \
         http.response.status_code=200 {version} {template}\n"
    );
    assert_eq!(collector.traces().unwrap(), expected);
    let request = "http.request.method=GET";
    let method = "rpc.method=things.get";
    let expected = [
        format!("discovery.client.call.attempts {method}: 1× 3 {{attempt}}"),
        format!(
            "discovery.client.retries discovery.retry.reason=interrupted error.type=timeout \
             {method}: 1 {{retry}}"
        ),
        format!(
            "discovery.client.retries discovery.retry.reason=transient error.type=503 \
             {method}: 1 {{retry}}"
        ),
        format!(
            "http.client.request.duration error.type=503 {request} \
             http.response.status_code=503 {version} {method} {server}: 1× 0.000 s"
        ),
        format!(
            "http.client.request.duration error.type=timeout {request} {method} {server}: \
             1× 2.000 s"
        ),
        format!(
            "http.client.request.duration {request} http.response.status_code=200 {version} \
             {method} {server}: 1× 0.000 s"
        ),
        format!(
            "rpc.client.call.duration {method} rpc.response.status_code=OK rpc.system.name=http \
             {server}: 1× 2.000 s"
        ),
    ];
    assert_eq!(collector.lines().unwrap(), expected);
}

/// Types of errors of calls and their attempts, and codes of responses.
#[tokio::test]
async fn error_types() {
    let in_stream = r#"[{"error":{"code":503,"message":"gone","status":"UNAVAILABLE"}}]"#;
    for (step, attempt, call, code) in [
        (Step::status(404, NOT_FOUND), "404", "NOT_FOUND", Some("NOT_FOUND")),
        (Step::status(400, ""), "400", "INVALID_ARGUMENT", Some("INVALID_ARGUMENT")),
        (Step::ok("{"), "decode", "decode", None),
        (Step::Fail(TransportErrorKind::Connect), "connect", "connect", None),
        (Step::Fail(TransportErrorKind::Interrupted), "transport", "transport", None),
        (Step::ok(in_stream), "service", "UNAVAILABLE", Some("UNAVAILABLE")),
    ] {
        let collector = Collector::new();
        let _guard = listen(&collector);
        let (_, client) = scripted(&collector, [step.clone()]);
        let once = DefaultRetry::new().with_max_attempts(1);
        match step {
            Step::Answer { body, .. } if body == in_stream => {
                client.watch().with_retry(once).send().await.unwrap_err();
            }
            _ => drop(client.get("p/t").with_retry(once).await.unwrap_err()),
        }
        let traces = collector.traces().unwrap();
        let (outer, inner) = traces.split_once("\n  GET").unwrap();
        assert!(outer.contains(&format!(" error.type={call} ")), "{traces}");
        assert!(inner.contains(&format!(" error.type={attempt} ")), "{traces}");
        let shown = outer.split("rpc.response.status_code=").nth(1);
        assert_eq!(shown.and_then(|rest| rest.split(' ').next()), code, "{traces}");
        let lines = collector.lines().unwrap().concat();
        assert!(lines.contains(&format!("request.duration error.type={attempt} ")), "{lines}");
        assert!(lines.contains(&format!("call.duration error.type={call} ")), "{lines}");
    }
}

/// Outcomes of calls: attempts, error type, cancelled.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<(u32, Option<&'static str>, bool)>>>);

impl Interceptor for Calls {
    fn after_call(&self, report: &CallReport<'_>) {
        let outcome = (report.attempts, report.error_type(), report.cancelled);
        self.0.lock().unwrap().push(outcome);
    }
}

#[tokio::test]
async fn dropped_calls_are_cancelled() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let (script, calls) = (Script::new([Step::Hang]), Calls::default());
    let builder = script.client(&ManualClock::new()).with_interceptor(calls.clone());
    let client = observed(builder, &collector).build().unwrap();
    {
        let mut call = pin!(client.get("p/t").send());
        let mut cx = Context::from_waker(Waker::noop());
        assert!(matches!(call.as_mut().poll(&mut cx), Poll::Pending));
    }
    assert_eq!(*calls.0.lock().unwrap(), [(1, Some("cancelled"), true)]);
    let traces = collector.traces().unwrap();
    assert_eq!(traces.matches("error.type=cancelled").count(), 2, "{traces}");
    let lines = collector.lines().unwrap().concat();
    assert!(lines.contains("rpc.client.call.duration error.type=cancelled"), "{lines}");
}

#[tokio::test]
async fn nothing_that_a_caller_names_is_recorded() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let (_, client) = scripted(
        &collector,
        [
            Step::status(503, NOT_FOUND),
            Step::ok("{}"),
            Step::status(404, NOT_FOUND),
            Step::status(302, "").with("location", "/secret-place?secret-key=1"),
            Step::status(404, NOT_FOUND),
            Step::ok("secret-page"),
            Step::ok("{}"),
        ],
    );
    let call = client.get("p/secret-thing").with_header("x-secret-header", "secret-value");
    call.with_query("key", "secret-key").await.unwrap();
    for _ in 0..3 {
        client.get("p/secret-thing").fields("secret-field").await.unwrap_err();
    }
    client.list("secret-parent").page_token("secret-token").send().await.unwrap();
    let all = collector.traces().unwrap() + &collector.lines().unwrap().concat();
    assert!(all.contains("things.list") && all.contains("404"), "{all}");
    assert!(!all.contains("secret"), "{all}");
}

#[tokio::test]
async fn every_attempt_carries_its_own_span() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let (script, client) = scripted(&collector, [Step::status(503, ""), Step::ok("{}")]);
    client.get("p/t").await.unwrap();
    let spans = collector.spans().unwrap();
    let attempts = spans.iter().filter(|span| span.name.starts_with("GET "));
    let expected: Vec<String> = attempts
        .map(|span| &span.span_context)
        .map(|context| format!("00-{}-{}-01", context.trace_id(), context.span_id()))
        .collect();
    let sent: Vec<String> = script
        .sent()
        .iter()
        .map(|sent| sent.headers["traceparent"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent, expected);
    assert_eq!(sent.len(), 2);
    assert_ne!(sent[0], sent[1]);
    assert!(!script.sent()[0].headers.contains_key("tracestate"));
}

#[tokio::test]
async fn traces_of_the_caller() {
    let collector = Collector::new();
    let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    // Without a span, no header is sent.
    let (script, client) = scripted(&collector, [Step::ok("{}"), Step::ok("{}")]);
    client.get("p/t").await.unwrap();
    assert!(!script.sent()[0].headers.contains_key("traceparent"));
    // A header of the call takes precedence.
    let _guard = listen(&collector);
    client.get("p/t").with_header("traceparent", own).await.unwrap();
    assert_eq!(script.sent()[1].headers["traceparent"], own);
}

/// A context of OpenTelemetry without `tracing`, on this and on the background thread.
#[test]
fn contexts_without_tracing() {
    use opentelemetry::trace::{
        SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    };
    let parent = SpanContext::new(
        TraceId::from(7),
        SpanId::from(9),
        TraceFlags::SAMPLED,
        true,
        TraceState::from_key_value([("a", "b")]).unwrap(),
    );
    let collector = Collector::new();
    let (script, client) = scripted(&collector, [Step::ok("{}")]);
    let cx = opentelemetry::Context::new().with_remote_span_context(parent);
    let guard = cx.attach();
    client.get("p/t").blocking().send().unwrap();
    drop(guard);
    let headers = &script.sent()[0].headers;
    assert_eq!(headers["traceparent"], format!("00-{:032x}-{:016x}-01", 7, 9));
    assert_eq!(headers["tracestate"], "a=b");
}

#[test]
fn blocking_calls_belong_to_the_span_of_their_caller() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let page = r#"{"things":[{"name":"a"}],"nextPageToken":"t"}"#;
    let steps = [Step::ok("{}"), Step::ok(page), Step::ok("{}"), Step::ok(r#"[{"name":"a"}]"#)];
    let (_, client) = scripted(&collector, steps);
    let span = tracing::info_span!(target: "program", "handle");
    span.in_scope(|| {
        client.get("p/t").blocking().send().unwrap();
        assert_eq!(client.list("p").blocking().items().count(), 1);
        assert_eq!(client.watch().blocking().stream().count(), 1);
    });
    drop(span);
    let traces = collector.traces().unwrap();
    let names = |depth: &str| -> Vec<String> {
        let lines = traces.lines().filter_map(|line| line.strip_prefix(depth));
        let lines = lines.filter(|line| !line.starts_with(' '));
        lines.map(|line| line.split(" [").next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["handle "], "{traces}");
    assert_eq!(names("  "), ["things.get", "things.list", "things.list", "things.watch"]);
    let list = "GET /things/v1/{parent}/things";
    assert_eq!(names("    "), ["GET /things/v1/{name}", list, list, list]);
}

#[tokio::test]
async fn tokens() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let token = r#"{"access_token":"secret-1","expires_in":3599,"token_type":"Bearer"}"#;
    let service = FaultServer::replying(Reply::json(token)).await.unwrap();
    service.inject(Fault::Status(503));
    let user = AuthorizedUser::new("secret-id", Some(Secret::new("secret-2")), "secret-3")
        .with_token_url(format!("{}secret-path", service.url()));
    let api = FaultServer::replying(Reply::json("{}")).await.unwrap();
    api.inject(Fault::Status(401));
    let builder = Client::builder().with_endpoint(api.url()).with_credentials(Cached::new(user));
    let client = observed(builder, &collector).build().unwrap();
    client.get("p/t").await.unwrap();

    let traces = collector.traces().unwrap();
    let tokens: Vec<&str> = traces
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with("get access token") || line.starts_with("POST"))
        .collect();
    let url = service.url();
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    let server = format!("server.address=127.0.0.1 server.port={port}");
    let version = "network.protocol.version=1.1";
    let posted = "http.request.method=POST";
    assert_eq!(
        tokens,
        [
            "get access token ".to_owned(),
            format!(
                "POST [client] error.type=503 {posted} http.response.status_code=503 {version} \
                 {server}"
            ),
            format!(
                "POST [client] {posted} http.request.resend_count=1 \
                 http.response.status_code=200 {version} {server}"
            ),
            "get access token ".to_owned(),
            format!("POST [client] {posted} http.response.status_code=200 {version} {server}"),
        ],
        "{traces}"
    );
    let lines = collector.lines().unwrap();
    assert!(lines.contains(&"discovery.client.tokens : 2 {token}".to_owned()), "{lines:#?}");
    let retry = "discovery.client.retries discovery.retry.reason=unauthenticated error.type=401 \
                 rpc.method=things.get: 1 {retry}";
    assert!(lines.contains(&retry.to_owned()), "{lines:#?}");
    assert!(!(traces + &lines.concat()).contains("secret"));
}

#[tokio::test]
async fn tokens_that_are_refused() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let user = AuthorizedUser::new("id", None, "refresh");
    let script = Script::new([Step::status(400, r#"{"error":"invalid_grant"}"#)]);
    let builder = script.client(&ManualClock::jumping()).with_credentials(Cached::new(user));
    let client = observed(builder, &collector).build().unwrap();
    client.get("p/t").await.unwrap_err();
    let lines = collector.lines().unwrap();
    let token = "discovery.client.tokens error.type=refused: 1 {token}".to_owned();
    assert!(lines.contains(&token), "{lines:#?}");
    // The attempt sent nothing.
    let requests = lines.iter().filter(|line| line.starts_with("http.client.request.duration"));
    assert_eq!(requests.count(), 0, "{lines:#?}");
    let traces = collector.traces().unwrap();
    assert!(traces.contains("get access token error.type=refused"), "{traces}");
    assert!(traces.contains("POST [client] error.type=400"), "{traces}");
}

#[tokio::test]
async fn messages_of_streams() {
    let collector = Collector::new();
    let _guard = listen(&collector);
    let calls = Calls::default();
    let script = Script::new([Step::ok(r#"[{"name":"a"},{"name":"b"}]"#)]);
    let builder = script.client(&ManualClock::jumping()).with_interceptor(calls.clone());
    let client = observed(builder, &collector).build().unwrap();
    let mut stream = client.watch().stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), Thing::named("a"));
    // The call has ended with its first message.
    assert_eq!(*calls.0.lock().unwrap(), [(1, None, false)]);
    assert_eq!(stream.next().await.unwrap().unwrap(), Thing::named("b"));
    assert!(stream.next().await.is_none());
    assert_eq!(calls.0.lock().unwrap().len(), 1);
    assert_eq!(collector.traces().unwrap().lines().count(), 2);
}
