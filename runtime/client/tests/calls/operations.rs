//! Waiting for operations, without async.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime as rt;
use discovery_runtime::json::Json;
use discovery_runtime::lro::{Targeted, UntilDone};
use discovery_runtime::spec::{MethodSpec, OperationSpec, Segment, TargetSpec};
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{LongRunning, Method};

use crate::api::SERVICE;

macro_rules! method {
    ($name:ident = $spec:expr) => {
        struct $name {
            call: rt::Call,
        }
        impl Method for $name {
            const SPEC: &'static MethodSpec = &$spec;
            type Response = Json;
        }
        rt::typed_call!($name);
    };
}

const NAMED: &[Segment] = &[Segment::Literal("v1/"), Segment::Reserved("name")];

method!(Poll = MethodSpec::get("things.operations.get", &SERVICE, NAMED));
method!(Get = MethodSpec::get("things.things.get", &SERVICE, NAMED));
method!(
    Start = MethodSpec {
        operation: Some(Self::OPERATION),
        ..MethodSpec::post(
            "things.things.start",
            &SERVICE,
            &[Segment::Literal("v1/"), Segment::Reserved("name"), Segment::Literal(":start")],
        )
    }
);

impl LongRunning for Start {
    type Result = Json;
    type Poll = Poll;
    const OPERATION: &'static OperationSpec = &OperationSpec {
        target: Some(TargetSpec { get: Get::SPEC, from_link: false }),
        ..OperationSpec::new(Poll::SPEC, "name")
    };
}

impl Targeted for Start {
    type Get = Get;
}

/// Starts an operation that has ended at the second poll, about the thing `t`.
fn server() -> (tokio::runtime::Runtime, FaultServer) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let polls = Arc::new(AtomicUsize::new(0));
    let server = runtime.block_on(FaultServer::start(move |request: rt::testing::Incoming| {
        let polls = polls.clone();
        async move {
            let path = request.head().path().to_owned();
            if path.ends_with("/t") {
                return Reply::json(r#"{"name":"t"}"#);
            }
            let polled = path.contains("operations");
            let done = polled && polls.fetch_add(1, Ordering::Relaxed) > 0;
            let end = if done { r#","done":true,"response":{"a":1}"# } else { "" };
            Reply::json(format!(r#"{{"name":"operations/1"{end}}}"#))
        }
    }));
    (runtime, server.unwrap())
}

fn start(server: &FaultServer) -> rt::blocking::Call<Start> {
    let builder = rt::Client::builder(&SERVICE).with_endpoint(server.url()).with_anonymous();
    let call = rt::Call::new(&builder.build().unwrap(), Start::SPEC);
    rt::blocking::Call::new(call.path("name", &"t").body(&Json::from("x")))
}

fn quick(wait: UntilDone<Start>) -> UntilDone<Start> {
    wait.with_pauses(Duration::from_millis(1), Duration::from_millis(2))
}

#[test]
fn blocking_calls_wait_with_settings() {
    let (_runtime, server) = server();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = seen.clone();
    let result = start(&server).until_done_with(|wait| {
        quick(wait).on_progress(move |operation| note.lock().unwrap().push(operation.to_string()))
    });
    assert_eq!(result.unwrap().as_str(), r#"{"a":1}"#);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[..2], [r#"{"name":"operations/1"}"#; 2]);
    assert!(seen.len() == 3 && seen[2].contains("done"), "{seen:?}");
    let late = start(&server).until_done_with(|wait| wait.with_timeout(Duration::ZERO));
    assert!(late.unwrap_err().is_timeout());
}

#[test]
fn blocking_calls_get_the_resource() {
    let (runtime, server) = server();
    // The first poll is before the operation has ended.
    runtime
        .block_on(async {
            let builder =
                rt::Client::builder(&SERVICE).with_endpoint(server.url()).with_anonymous();
            let client = builder.build().unwrap();
            rt::Call::new(&client, Poll::SPEC).path("name", &"operations/1").send::<Json>().await
        })
        .unwrap();
    let got = start(&server).until_resource().unwrap();
    assert_eq!(got.as_str(), r#"{"name":"t"}"#);
    let lines: Vec<String> = server.requests().iter().map(|request| request.line()).collect();
    let last: Vec<&str> = lines.iter().rev().take(3).map(String::as_str).collect();
    assert!(last[0].starts_with("GET /things/v1/t"), "{lines:?}");
    assert!(last[1].starts_with("GET /things/v1/operations/1"), "{lines:?}");
    assert!(last[2].starts_with("POST /things/v1/t:start"), "{lines:?}");
}
