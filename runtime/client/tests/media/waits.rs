//! No wait exceeds a deadline, whatever the policy, the kind of call, and the server.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use discovery_runtime::batch::Batch;
use discovery_runtime::clock::{Clock as _, ManualClock};
use discovery_runtime::json::Json;
use discovery_runtime::media::{Download, Protocol, Upload};
use discovery_runtime::retry::{self, Decision, RetryBudget, RetryPolicy};
use discovery_runtime::testing::{Fault, MockRequest, MockTransport, Reply};
use discovery_runtime::{Call, Client, ClientBuilder, Error, Result, blocking};

use crate::common::{CHUNK, CREATE, GET, INSERT, Store, client, insert, noise, store};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const THREE_YEARS: u64 = 3 * 365 * 24 * 3600;

/// Always retries after an hour.
#[derive(Clone, Copy, Debug)]
struct Hourly;

impl RetryPolicy for Hourly {
    fn decide(&self, _: &retry::Failure<'_>) -> Decision {
        Decision::Retry(HOUR)
    }
}

type Work = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

fn call(client: &Client) -> Call {
    Call::new(client, &GET).path("name", &"a").with_timeout(SECOND)
}

fn execute(client: &Client) -> Work {
    let call = call(client);
    Box::pin(async move { call.execute().await.map(drop) })
}

fn upload(client: &Client, protocol: Protocol) -> Work {
    let mut call = Call::new(client, &INSERT).query("name", &"a").with_timeout(SECOND);
    if protocol != Protocol::Simple {
        call = call.body(&Json::from(serde_json::json!({"title": "T"})));
    }
    let upload = Upload::<Json>::new(call, noise(1000)).with_protocol(protocol);
    Box::pin(async move { upload.await.map(drop) })
}

fn download(client: &Client) -> Work {
    let download = Download::new(call(client));
    Box::pin(async move { download.to_bytes(u64::MAX).await.map(drop) })
}

fn batch(client: &Client) -> Work {
    let mut batch = Batch::new(client).with_timeout(SECOND);
    let ticket = batch.add(call(client)).unwrap();
    Box::pin(async move { batch.send().await?.take(ticket).map(drop) })
}

/// Kinds of work, with the server's response.
type Case = (&'static str, fn(&Client) -> Work, fn(&MockRequest) -> Reply);

const CASES: &[Case] = &[
    ("a call", execute, busy),
    ("a simple upload", |client| upload(client, Protocol::Simple), busy),
    ("a multipart upload", |client| upload(client, Protocol::Multipart), busy),
    ("the start of a resumable upload", |client| upload(client, Protocol::Resumable), busy),
    (
        "a resumable upload",
        |client| upload(client, Protocol::Resumable),
        |request| match request.verb.as_str() {
            "POST" => Reply::new(200).with_header("location", "https://store.googleapis.com/u"),
            _ => busy(request),
        },
    ),
    (
        "a resumable upload that keeps nothing",
        |client| upload(client, Protocol::Resumable),
        |r| match r.verb.as_str() {
            "POST" => Reply::new(200).with_header("location", "https://store.googleapis.com/u"),
            _ => Reply::new(308),
        },
    ),
    ("the start of a download", download, busy),
    ("a batch", batch, busy),
    ("a part of a batch", batch, |_| {
        Reply::new(200).with_body(
            "multipart/mixed; boundary=b",
            "--b\r\nContent-Type: application/http\r\nContent-ID: <response-0>\r\n\r\n\
             HTTP/1.1 503 Service Unavailable\r\n\r\n\r\n--b--\r\n",
        )
    }),
];

fn busy(_: &MockRequest) -> Reply {
    Reply::error(503, "busy")
}

fn server(answer: fn(&MockRequest) -> Reply) -> MockTransport {
    let mock = MockTransport::new();
    for method in ["store.files.insert", "store.files.get", "store.batch"] {
        mock.expect(method).reply_with(answer).always();
    }
    mock
}

fn hourly(clock: &ManualClock, mock: MockTransport) -> Client {
    let builder = ClientBuilder::<Store>::new().with_transport(mock).with_anonymous();
    let builder = builder.with_clock(clock.clone()).with_retry_budget(RetryBudget::unlimited());
    builder.with_retry(Hourly).build().unwrap().0
}

fn check(what: &str, clock: &ManualClock, outcome: Result<()>) {
    let error: Error = outcome.expect_err(what);
    assert!(clock.now() < SECOND, "{what}: waited {:?}: {error}", clock.slept());
    assert!(clock.slept().is_empty(), "{what}: {:?}", clock.slept());
}

#[tokio::test]
async fn policies_cannot_wait_past_the_deadline() {
    for (what, work, answer) in CASES {
        let (clock, mock) = (ManualClock::jumping(), server(*answer));
        let outcome = work(&hourly(&clock, mock.clone())).await;
        assert!(!mock.requests().is_empty(), "{what}");
        check(what, &clock, outcome);
    }
}

#[test]
fn blocking_calls_do_not_wait_past_the_deadline() {
    for (what, work, answer) in CASES {
        let (clock, mock) = (ManualClock::jumping(), server(*answer));
        let outcome = blocking::wait(work(&hourly(&clock, mock.clone()))).unwrap();
        assert!(!mock.requests().is_empty(), "{what}");
        check(what, &clock, outcome);
    }
}

#[test]
fn interrupted_downloads_do_not_wait_past_the_deadline() {
    let mock = MockTransport::new();
    let content = Reply::json("0123456789").with_header("etag", "\"1\"");
    mock.expect("store.files.get").reply_broken(content, 4).always();
    let clock = ManualClock::jumping();
    let outcome = blocking::wait(download(&hourly(&clock, mock.clone()))).unwrap();
    assert_eq!(mock.requests().len(), 1);
    check("a broken download", &clock, outcome);
}

/// Without a deadline, the server cannot impose a wait of years.
#[tokio::test]
async fn excessive_delays_of_servers_are_errors() {
    let (_, server) = store().await;
    let client = client(&server);
    let fault = Fault::StatusRetryAfter { status: 503, seconds: THREE_YEARS };
    for verb in ["POST", "PUT"] {
        server.inject_when(move |head| head.method == verb, fault);
        let call = Call::new(&client, &INSERT).query("name", &"a").with_timeout(None);
        let call = call.body(&Json::from(serde_json::json!({})));
        let upload = Upload::<Json>::new(call, noise(10)).with_protocol(Protocol::Resumable);
        let error = upload.await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(THREE_YEARS)), "{verb}");
        assert!(error.to_string().contains("retry after 94608000.0s"), "{error}");
    }
    server.inject(fault);
    let call = Call::new(&client, &CREATE).body(&Json::from(serde_json::json!({})));
    let error = call.with_timeout(None).execute().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(THREE_YEARS)));
    server.inject(fault);
    let call = Call::new(&client, &GET).path("name", &"a").with_timeout(None);
    let error = Download::new(call).to_bytes(10).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(THREE_YEARS)));
    // Nor can a policy, which may follow the server blindly.
    server.calm();
    server.inject(fault);
    let call = Call::new(&client, &GET).path("name", &"a").with_timeout(None).with_retry(Obedient);
    let error = call.execute().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(THREE_YEARS)));
    let small = insert(&client, "a", noise(10)).with_chunk_size(CHUNK);
    small.await.expect("what is well is well");
}

#[derive(Debug)]
struct Obedient;

impl RetryPolicy for Obedient {
    fn decide(&self, failure: &retry::Failure<'_>) -> Decision {
        failure.error.retry_after().map_or(Decision::Stop, Decision::Retry)
    }
}
