//! Request IDs: calls that are not idempotent are retried after an unknown outcome, and executed
//! once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::spec::{MethodSpec, RequestIdIn, Segment};
use discovery_runtime::testing::{Fault, FaultServer, Incoming, Recorded, Reply};
use discovery_runtime::{Call, Error, ErrorKind, Response};

use crate::api::{Client, SERVICE, Thing};
use crate::faults::transports;

const IN_QUERY: MethodSpec = MethodSpec {
    request_id: Some(RequestIdIn::Query("requestId")),
    ..MethodSpec::post("things.insert", &SERVICE, &[Segment::Literal("v1/things")])
};
const IN_BODY: MethodSpec =
    MethodSpec { request_id: Some(RequestIdIn::Body("requestId")), ..IN_QUERY };
const NONE: MethodSpec = MethodSpec { request_id: None, ..IN_QUERY };

static QUERY: MethodSpec = IN_QUERY;
static BODY: MethodSpec = IN_BODY;
pub(crate) static PLAIN: MethodSpec = NONE;

/// Things by the ID of the request that created them; requests without an ID always create one.
type Made = Arc<Mutex<BTreeMap<String, usize>>>;

/// A server that executes a request once per ID.
async fn server() -> (FaultServer, Made) {
    let made = Made::default();
    let things = Arc::clone(&made);
    let server = FaultServer::start(move |mut incoming: Incoming| {
        let things = Arc::clone(&things);
        async move {
            let body = incoming.body().await;
            let id = id(incoming.head().query("requestId"), &body);
            let mut things = things.lock().unwrap();
            let next = things.len();
            let id = id.unwrap_or_else(|| format!("none {next}"));
            let number = *things.entry(id).or_insert(next);
            Reply::json(format!(r#"{{"name":"thing {number}"}}"#))
        }
    });
    (server.await.unwrap(), made)
}

fn id(query: Option<String>, body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    query.or_else(|| Some(body["requestId"].as_str()?.to_owned())).filter(|id| !id.is_empty())
}

fn id_of(request: &Recorded) -> Option<String> {
    id(request.head.query("requestId"), &request.body)
}

fn builder(server: &FaultServer) -> discovery_runtime::ClientBuilder<Client> {
    let fast = DefaultRetry::new().with_backoff(Duration::from_millis(1), Duration::from_millis(2));
    Client::builder().with_endpoint(server.url()).with_anonymous().with_retry(fast)
}

fn insert(client: &Client, method: &'static MethodSpec) -> Call {
    Call::new(&client.inner, method).body(&Thing::named("t"))
}

#[tokio::test]
async fn a_post_with_a_lost_answer_is_executed_once() {
    for (name, _, transport) in transports() {
        let (server, made) = server().await;
        let client = builder(&server).with_transport(transport).build().unwrap();
        for method in [&QUERY, &BODY] {
            for fault in [Fault::LoseAnswer, Fault::Status(503), Fault::Reset] {
                made.lock().unwrap().clear();
                server.take_requests();
                server.inject(fault);
                let sent: Result<Response, Error> = insert(&client, method).execute().await;
                let ids: Vec<_> = server.take_requests().iter().map(id_of).collect();
                let case = format!("{name}, {fault}: {ids:?}");
                assert_eq!(sent.unwrap().body, r#"{"name":"thing 0"}"#, "{case}");
                assert_eq!((ids.len(), made.lock().unwrap().len()), (2, 1), "{case}");
                // A reset may happen before the body with the ID arrives.
                let seen = ids[0].as_ref().or(ids[1].as_ref().filter(|_| fault == Fault::Reset));
                assert!(seen.is_some() && seen == ids[1].as_ref(), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn each_call_has_an_id_of_its_own_and_the_callers_wins() {
    let (server, _) = server().await;
    let client = builder(&server).build().unwrap();
    let sent = async |call: Call| {
        server.take_requests();
        call.execute().await.unwrap();
        id_of(&server.take_requests()[0])
    };
    for method in [&QUERY, &BODY] {
        let call = insert(&client, method);
        let (one, two) = (sent(call.clone()).await, sent(call).await);
        assert!(one.is_some() && two.is_some() && one != two, "{one:?} {two:?}");
    }
    let call = || insert(&client, &QUERY);
    assert_eq!(sent(call().query("requestId", &"mine")).await.as_deref(), Some("mine"));
    assert_eq!(sent(call().with_query("requestId", "mine")).await.as_deref(), Some("mine"));
    assert_eq!(sent(call().with_default_request_id("theirs")).await.as_deref(), Some("theirs"));
    assert_eq!(sent(call().query("requestId", &"")).await, None);
    let body = serde_json::json!({"name": "t", "requestId": "mine"});
    let body = discovery_runtime::json::Json::from(body);
    let call = Call::new(&client.inner, &BODY).body(&body).with_default_request_id("theirs");
    assert_eq!(sent(call).await.as_deref(), Some("mine"));
    assert_eq!(sent(insert(&client, &PLAIN)).await, None);
}

#[tokio::test]
async fn without_an_id_nothing_is_sent_twice() {
    let (server, made) = server().await;
    let on = builder(&server).build().unwrap();
    let off = builder(&server).with_request_ids(false).build().unwrap();
    for call in [
        insert(&off, &QUERY),
        insert(&on, &QUERY).with_request_ids(false),
        insert(&on, &QUERY).query("requestId", &""),
        insert(&on, &QUERY).with_idempotent(false),
        insert(&on, &PLAIN),
        // The method reads the ID from a body that is not sent.
        Call::new(&on.inner, &BODY),
    ] {
        made.lock().unwrap().clear();
        server.take_requests();
        server.inject(Fault::LoseAnswer);
        let case = format!("{call:?}");
        let lost = call.execute().await.unwrap_err();
        assert_eq!((lost.kind(), lost.attempts()), (ErrorKind::Transport, 1), "{case}");
        assert!(lost.maybe_sent(), "{case}");
        assert_eq!((server.take_requests().len(), made.lock().unwrap().len()), (1, 1), "{case}");
    }
    // A call may enable what its client disabled.
    server.inject(Fault::LoseAnswer);
    insert(&off, &QUERY).with_request_ids(true).execute().await.unwrap();
}
