//! Batches, with a real server.

use crate::common::{CREATE, DELETE, GET, LIST, Store, builder, client};
use discovery_runtime::CallOptions;
use discovery_runtime::batch::Batch;
use discovery_runtime::json::Json;
use discovery_runtime::testing::{Fault, FaultServer, Incoming, Reply};
use discovery_runtime::{Call, Client, ErrorKind, Method, spec::MethodSpec};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub(crate) struct Get {
    call: Call,
}

impl Method for Get {
    const SPEC: &'static MethodSpec = &GET;
    type Response = Json;
}

discovery_runtime::typed_call!(Get);

/// Responds to each part, in reverse order: `GET …/missing` is 404, `GET …/busy` is alternately 503
/// and successful, and others repeat the request.
pub(crate) async fn server() -> FaultServer {
    static BUSY: AtomicUsize = AtomicUsize::new(0);
    FaultServer::start(|mut incoming: Incoming| async move {
        let body = String::from_utf8(incoming.body().await.to_vec()).unwrap();
        let content_type = incoming.head().header("content-type").unwrap().to_owned();
        let boundary = content_type.strip_prefix("multipart/mixed; boundary=").unwrap();
        let mut answers = Vec::new();
        for part in body.split(&format!("--{boundary}")).filter(|part| part.contains("HTTP/1.1")) {
            let (head, request) = part.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("Content-Type: application/http"), "{head}");
            let id = head.split("Content-ID: <").nth(1).unwrap().split('>').next().unwrap();
            let line = request.lines().next().unwrap();
            let busy = line.contains("/busy") && BUSY.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
            let (status, answer) = match () {
                () if line.contains("/missing") => ("404 Not Found", error(404, "NOT_FOUND")),
                () if busy => ("503 Service Unavailable", error(503, "UNAVAILABLE")),
                () if line.starts_with("DELETE") => ("204 No Content", String::new()),
                () => {
                    let body = request.split_once("\r\n\r\n").unwrap().1.trim();
                    ("200 OK", serde_json::json!({"line": line, "body": body}).to_string())
                }
            };
            answers.push(format!(
                "--b\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\n\
                 HTTP/1.1 {status}\r\nContent-Type: application/json\r\nX-Id: {id}\r\n\r\n{answer}\r\n"
            ));
        }
        answers.reverse();
        let body = format!("{}--b--\r\n", answers.concat());
        Reply::new(200).with_body("multipart/mixed; boundary=b", body)
    })
    .await
    .unwrap()
}

fn error(code: u16, status: &str) -> String {
    serde_json::json!({"error": {"code": code, "status": status, "message": "m"}}).to_string()
}

pub(crate) fn get(client: &Client, name: &str) -> Get {
    Call::new(client, &GET).path("name", &name).into()
}

fn text(value: &Json, member: &str) -> String {
    value.get(member).unwrap().as_text().unwrap().into_owned()
}

#[tokio::test]
async fn each_call_has_its_own_response() {
    let server = server().await;
    let client = client(&server);
    let mut batch = Batch::new(&client);
    assert!(batch.is_empty());
    let first = batch.add(get(&client, "a b").with_header("x-mine", "1")).unwrap();
    let missing = batch.add(get(&client, "missing")).unwrap();
    let body = Json::from(serde_json::json!({"title": "T"}));
    let created = batch.add(discovery_runtime::Call::new(&client, &CREATE).body(&body)).unwrap();
    let mut typed = Batch::new(&client);
    let foreign = typed.add(get(&client, "x")).unwrap();
    let mut answers = batch.send().await.unwrap();
    assert_eq!(answers.failures(), 1);
    let full = answers.take_full(first).unwrap();
    assert_eq!(
        text(&full.value, "line"),
        "GET /v1/files/a%20b?alt=json&prettyPrint=false HTTP/1.1"
    );
    assert_eq!(full.response.headers["x-id"], "part-0");
    let error = answers.take(missing).unwrap_err();
    assert_eq!(error.to_string(), "store.files.get: m (HTTP 404, NOT_FOUND)");
    assert!(error.is_not_found());
    assert_eq!(text(&answers.take(created).unwrap(), "body"), "{\"title\":\"T\"}");
    assert_eq!(answers.take(foreign).unwrap_err().kind(), ErrorKind::InvalidRequest);
    let request = &server.requests()[0];
    assert_eq!(request.line(), "POST /batch/store/v1");
    let sent = String::from_utf8(request.body.to_vec()).unwrap();
    assert!(sent.contains("x-mine: 1\r\n") && sent.contains("content-length: 13\r\n"), "{sent}");
}

#[tokio::test]
async fn calls_without_response_bodies() {
    let server = server().await;
    let client = client(&server);
    struct Delete {
        call: Call,
    }
    discovery_runtime::typed_call!(Delete);
    impl Method for Delete {
        const SPEC: &'static MethodSpec = &DELETE;
        type Response = ();
    }
    let mut batch = Batch::new(&client);
    let call = Delete { call: Call::new(&client, Delete::SPEC).path("name", &"a") };
    let deleted = batch.add(call).unwrap();
    batch.send().await.unwrap().take(deleted).unwrap();
}

#[tokio::test]
async fn transient_failures_are_retried_separately() {
    let server = server().await;
    let client = client(&server);
    let mut batch = Batch::new(&client);
    let busy = batch.add(get(&client, "busy")).unwrap();
    let fine = batch.add(get(&client, "fine")).unwrap();
    let mut answers = batch.send().await.unwrap();
    assert!(text(&answers.take(busy).unwrap(), "line").contains("busy"));
    assert!(text(&answers.take(fine).unwrap(), "line").contains("fine"));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let again = String::from_utf8(requests[1].body.to_vec()).unwrap();
    assert!(again.contains("/busy") && !again.contains("/fine"));
}

#[tokio::test]
async fn batches_are_retried_only_if_idempotent() {
    let server = server().await;
    let client = client(&server);
    for (safe, requests) in [(true, 2), (false, 1)] {
        server.inject(Fault::LoseAnswer);
        let mut batch = Batch::new(&client);
        let ticket = batch.add(get(&client, "a")).unwrap();
        if !safe {
            let create = discovery_runtime::Call::new(&client, &CREATE);
            let _ = batch.add(create.body(&Json::from("x"))).unwrap();
        }
        match batch.send().await {
            Ok(mut answers) => drop(answers.take(ticket).unwrap()),
            Err(error) => {
                assert!(!safe && error.maybe_sent());
                assert_eq!(error.method_id(), Some("store.batch"));
            }
        }
        assert_eq!(server.take_requests().len(), requests);
    }
}

#[tokio::test]
async fn responses_with_missing_parts() {
    let server = FaultServer::replying(
        Reply::new(200).with_body("multipart/mixed; boundary=b", "--b\r\n\r\nHTTP/1.1 200 OK\r\n"),
    );
    let server = server.await.unwrap();
    let mut batch = Batch::new(&client(&server)).with_timeout(Duration::from_secs(20));
    let ticket = batch.add(discovery_runtime::Call::new(&client(&server), &CREATE)).unwrap();
    let error = batch.send().await.unwrap().take(ticket).unwrap_err();
    assert!(error.to_string().contains("has no part for this call"), "{error}");
    assert!(error.maybe_sent());
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let mut batch = Batch::new(&client(&server));
    let _ = batch.add(discovery_runtime::Call::new(&client(&server), &LIST)).unwrap();
    let error = batch.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

/// A response that cannot be matched is permanent, even for idempotent calls: they may have been
/// executed, and the server would respond the same way again.
#[tokio::test]
async fn responses_that_cannot_be_matched() {
    let part = "--b\r\nContent-ID: <other>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
    for (body, whole) in [(format!("{part}--b--\r\n"), true), (part.to_owned(), false)] {
        let reply = Reply::new(200).with_body("multipart/mixed; boundary=b", body);
        let server = FaultServer::replying(reply).await.unwrap();
        let client = client(&server);
        let mut batch = Batch::new(&client);
        let call = discovery_runtime::Call::new(&client, &DELETE).path("name", &"a");
        let ticket = batch.add(call).unwrap();
        let error = batch.send().await.unwrap().take(ticket).unwrap_err();
        assert!(error.to_string().contains("has no part for this call"), "{error}");
        assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Decode, true));
        assert_eq!(server.requests().len() == 1, whole);
    }
}

#[tokio::test]
async fn limits_and_errors() {
    let server = server().await;
    let client = client(&server);
    let mut batch = Batch::new(&client).with_limit(1);
    let _ = batch.add(get(&client, "a")).unwrap();
    assert!(batch.is_full());
    let error = batch.add(get(&client, "b")).unwrap_err();
    assert!(error.to_string().contains("full with 1 calls"), "{error}");
    let other = Store::builder_at("http://localhost:1/").build().unwrap().0;
    let mut batch = Batch::new(&client);
    assert!(batch.add(get(&other, "b")).is_err());
    assert!(batch.add(get(&client, "..")).is_err(), "an argument that cannot be sent");
    assert_eq!(batch.len(), 0);
    assert_eq!(batch.send().await.unwrap().failures(), 0);
    assert!(server.requests().is_empty());
    let _ = builder(&server);
}

#[allow(unreachable_pub, dead_code, reason = "the macro writes public constants")]
mod line {
    use discovery_runtime::json;

    #[derive(Clone, PartialEq)]
    pub struct Line {
        pub line: Option<bool>,
        pub body: Option<String>,
        pub extra: json::Extra,
    }

    json::model! {
        Line = "Line";
        "line" => line as LINE;
        "body" => body as BODY;
    }
}

#[tokio::test]
async fn values_that_do_not_fit_are_set_aside_or_refused() {
    struct Typed {
        call: Call,
    }
    discovery_runtime::typed_call!(Typed);
    impl Method for Typed {
        const SPEC: &'static MethodSpec = &GET;
        type Response = line::Line;
    }
    let server = server().await;
    for strict in [false, true] {
        let client = builder(&server).with_strict_responses(strict).build().unwrap().0;
        let typed = || Typed::from(Call::new(&client, &GET).path("name", &"a"));
        let mut batch = Batch::new(&client);
        let inherited = batch.add(typed()).unwrap();
        let lenient = batch.add(typed().with_strict_responses(false)).unwrap();
        let refusing = batch.add(typed().with_strict_responses(true)).unwrap();
        let mut answers = batch.send().await.unwrap();
        let value = answers.take(lenient).unwrap();
        assert_eq!((value.line, value.body.as_deref()), (None, Some("")));
        assert!(value.extra.get("line").is_some());
        assert_eq!(answers.take(inherited).is_err(), strict);
        let error = answers.take(refusing).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let error = error.to_string();
        assert!(error.contains("store.files.get") && error.contains("/line "), "{error}");
        assert!(error.contains("expected a boolean, found a string"), "{error}");
    }
}
