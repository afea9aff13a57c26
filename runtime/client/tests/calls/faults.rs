//! Every fault on every transport, over HTTP/1 and HTTP/2, for calls that are idempotent and calls
//! that are not.

use discovery_runtime::CallOptions;
use std::sync::Arc;
use std::time::Duration;

use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::reqwest::ReqwestTransport;
use discovery_runtime::retry::{DefaultRetry, RetryBudget};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::transport::Transport;
use discovery_runtime::{Error, ErrorKind};

use crate::api::{Client, Thing};
use crate::direct;

type Shared = Arc<dyn Transport>;

/// Returns every transport, with its HTTP version.
pub(crate) fn transports() -> Vec<(&'static str, bool, Shared)> {
    let hyper = || HyperTransport::builder().with_no_proxy();
    let over = |client: reqwest::ClientBuilder| ReqwestTransport::new(client.build().unwrap());
    vec![
        ("hyper, HTTP/1", false, Arc::new(hyper().with_http1_only().build().unwrap()) as Shared),
        ("hyper, HTTP/2", true, Arc::new(hyper().with_http2_only().build().unwrap())),
        ("reqwest, HTTP/1", false, Arc::new(over(direct::reqwest().http1_only()))),
        ("reqwest, HTTP/2", true, Arc::new(over(direct::reqwest().http2_prior_knowledge()))),
    ]
}

fn client(server: &FaultServer, transport: &Shared) -> Client {
    let fast = DefaultRetry::new()
        .with_backoff(Duration::from_millis(1), Duration::from_millis(5))
        .with_throttled_backoff(Duration::from_millis(1));
    Client::builder()
        .with_endpoint(server.url())
        .with_anonymous()
        .with_transport(Arc::clone(transport))
        .with_retry(fast)
        .with_retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap()
}

/// Outcome of a call with a single fault.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Success on the second attempt.
    Again,
    /// An error after the first attempt.
    Error(ErrorKind),
}
use End::{Again, Error as Stop};

/// Fault, with the outcomes over HTTP/1 and HTTP/2 of calls that are not idempotent. Idempotent
/// calls always succeed.
const TABLE: &[(Fault, End, End)] = &[
    (Fault::Reset, Stop(ErrorKind::Transport), Stop(ErrorKind::Transport)),
    (Fault::LoseAnswer, Stop(ErrorKind::Transport), Stop(ErrorKind::Transport)),
    (Fault::BrokenStream, Stop(ErrorKind::Transport), Stop(ErrorKind::Transport)),
    (Fault::WrongLength, Stop(ErrorKind::Transport), Stop(ErrorKind::Transport)),
    (Fault::Truncated, Stop(ErrorKind::Decode), Stop(ErrorKind::Decode)),
    (Fault::StallAlways, Stop(ErrorKind::Timeout), Stop(ErrorKind::Timeout)),
    (
        Fault::SlowHeaders(Duration::from_secs(20)),
        Stop(ErrorKind::Timeout),
        Stop(ErrorKind::Timeout),
    ),
    (Fault::Status(408), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Status(500), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Status(502), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Html(502), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Status(503), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Status(504), Stop(ErrorKind::Service), Stop(ErrorKind::Service)),
    (Fault::Status(429), Again, Again),
    (Fault::StatusRetryAfter { status: 429, seconds: 0 }, Again, Again),
    (Fault::RstStream, Stop(ErrorKind::Transport), Stop(ErrorKind::Transport)),
    // HTTP/1 cannot signal that the request was not processed: the connection is closed.
    (Fault::GoAway, Stop(ErrorKind::Transport), Again),
    (Fault::RefusedStream, Stop(ErrorKind::Transport), Again),
];

async fn meet(name: &str, http2: bool, transport: &Shared) {
    let server = FaultServer::replying(Reply::json(r#"{"name":"ok"}"#)).await.unwrap();
    let client = client(&server, transport);
    let thing = Thing::named("in");
    for &(fault, http1_end, http2_end) in TABLE {
        let case = format!("{name}: {fault}");
        for warm in [false, true] {
            if warm {
                client.get("warm").send().await.unwrap();
            }
            server.take_requests();
            server.inject(fault);
            let got = client.get("p/t").with_attempt_timeout(patience(fault)).send().await;
            let seen = server.take_requests().len();
            assert!(got.is_ok(), "{case}, get: {got:?}");
            // On a busy machine, another attempt may time out as well.
            assert!(seen == 2 || seen > 2 && is_slow(fault), "{case}, get: {seen} requests");

            server.inject(fault);
            let call = client.create("p", &thing).with_attempt_timeout(patience(fault));
            let created = call.send().await;
            let seen = server.take_requests().len();
            let expected = if http2 { http2_end } else { http1_end };
            check(&case, created, seen, expected);
        }
    }
}

fn is_slow(fault: Fault) -> bool {
    matches!(fault, Fault::StallAlways | Fault::SlowHeaders(_))
}

fn patience(fault: Fault) -> Duration {
    Duration::from_millis(if is_slow(fault) { 300 } else { 30_000 })
}

fn check(case: &str, outcome: Result<Thing, Error>, requests: usize, expected: End) {
    match (outcome, expected) {
        (Ok(_), Again) => assert_eq!(requests, 2, "{case}, create"),
        (Err(error), Stop(kind)) => {
            assert_eq!(error.kind(), kind, "{case}, create: {error}");
            assert_eq!((requests, error.attempts()), (1, 1), "{case}, create: {error}");
            assert!(error.maybe_sent(), "{case}, create: {error}");
        }
        (outcome, expected) => panic!("{case}, create: {outcome:?} instead of {expected:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_on_hyper() {
    for (name, http2, transport) in transports().into_iter().filter(|t| t.0.starts_with("hyper")) {
        meet(name, http2, &transport).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_on_reqwest() {
    for (name, http2, transport) in transports().into_iter().filter(|t| t.0.starts_with("req")) {
        meet(name, http2, &transport).await;
    }
}

#[tokio::test]
async fn refused_connections() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let url = server.url();
    drop(server);
    for (name, _, transport) in transports() {
        let other = FaultServer::replying(Reply::json("{}")).await.unwrap();
        let call = client(&other, &transport).create("p", &Thing::default());
        assert!(call.send().await.is_ok());
        let builder = Client::builder().with_endpoint(url.clone()).with_anonymous();
        let builder = builder.with_transport(transport).with_retry(
            DefaultRetry::new().with_backoff(Duration::from_millis(1), Duration::from_millis(1)),
        );
        let call = builder.build().unwrap().create("p", &Thing::default());
        let error = call.send().await.unwrap_err();
        assert!(error.is_connect() && !error.maybe_sent(), "{name}: {error}");
        assert_eq!(error.attempts(), 5, "{name}: {error}");
    }
}

#[tokio::test]
async fn a_permanent_fault_ends_with_the_last_error() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    for (name, _, transport) in transports() {
        for fault in [Fault::Reset, Fault::Status(503), Fault::Truncated] {
            server.take_requests();
            server.always(|_| true, fault);
            let error = client(&server, &transport).get("p").send().await.unwrap_err();
            assert_eq!(error.attempts(), 5, "{name}: {fault}: {error}");
            assert_eq!(server.take_requests().len(), 5, "{name}: {fault}");
            server.calm();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_faults_cause_no_double_execution() {
    use discovery_runtime::testing::Chaos;
    let server = FaultServer::replying(Reply::json(r#"{"name":"ok"}"#)).await.unwrap();
    for (name, http2, transport) in transports() {
        // A reset fails every call of an HTTP/2 connection, so calls are sequential.
        let cut = if http2 { Fault::RstStream } else { Fault::LoseAnswer };
        let lost = if http2 { Fault::RefusedStream } else { Fault::Reset };
        let faults = [Fault::Status(503), Fault::Status(429), cut, lost];
        server.chaos(Chaos::new(5, faults, 42));
        let client = client(&server, &transport);
        let calls: Vec<_> = (0..200)
            .map(|number| {
                let client = client.clone();
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        client.get("p/t").send().await.map(drop)
                    } else {
                        let parent = format!("only-{number}");
                        client.create(&parent, &Thing::default()).send().await.map(drop)
                    }
                })
            })
            .collect();
        let mut ends = Vec::new();
        for call in calls {
            ends.push(call.await.unwrap());
        }
        assert!(ends.iter().filter(|end| end.is_ok()).count() > 100, "{name}");
        // A create that failed with 503 or without a response was sent once; one that was throttled
        // was retried.
        let requests = server.take_requests();
        for number in (1..200).step_by(2) {
            let path = format!("/only-{number}/");
            let executed = |request: &&discovery_runtime::testing::Recorded| {
                let refused = [Some(Fault::Status(429)), Some(Fault::RefusedStream)];
                request.head.path().contains(&path) && !refused.contains(&request.fault)
            };
            assert!(requests.iter().filter(executed).count() <= 1, "{name}: {path}");
        }
    }
}
