//! Long-running operations, from the call that starts them to their typed result.

use super::client;
use discovery_runtime::ErrorKind;
use discovery_runtime::lro::UntilDone;
use discovery_runtime::testing::{Fault, FaultServer, Incoming, Reply};
use google_kitchen_sink_v1::models::{
    OperationsImportThingsRequest, OperationsImportThingsResponse, OperationsThing,
};
use google_kitchen_sink_v1::resources::operations::Import;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const RUNNING: &str = r#"{"name":"operations/7","metadata":{"done":"half"}}"#;

/// Starts an operation at every POST and DELETE, which has ended with `end` at the third poll.
async fn server(end: &'static str) -> FaultServer {
    let polls = Arc::new(AtomicUsize::new(0));
    FaultServer::start(move |incoming: Incoming| {
        let polls = Arc::clone(&polls);
        async move {
            if incoming.head().method != "GET" {
                polls.store(0, Ordering::Relaxed);
                return Reply::json(RUNNING);
            }
            assert_eq!(incoming.head().path(), "/sink/v1/operations/v1/operations/7");
            let ended = polls.fetch_add(1, Ordering::Relaxed) >= 2;
            Reply::json(if ended { end } else { RUNNING })
        }
    })
    .await
    .unwrap()
}

fn soon<M: discovery_runtime::LongRunning>(wait: UntilDone<M>) -> UntilDone<M> {
    wait.with_pauses(Duration::from_millis(1), Duration::from_millis(4))
}

const MADE: &str = r#"{"name":"operations/7","done":true,
    "response":{"@type":"type.googleapis.com/x.Thing","name":"things/1","title":"T"}}"#;

#[tokio::test]
async fn a_standard_method_gives_the_resource() {
    let server = server(MADE).await;
    let client = client(&server);
    let shown = Arc::new(Mutex::new(Vec::new()));
    let names = Arc::clone(&shown);
    let create = client.operations().create(&OperationsThing::new().set_title("T"));
    let wait = soon(create.with_header("x-trace", "t-1").until_done());
    let wait = wait.on_progress(move |operation| {
        names.lock().unwrap().push((operation.name.clone(), operation.done));
    });
    // Written out, so that the type is seen to follow from the method.
    let thing: OperationsThing = wait.await.unwrap();
    assert_eq!((thing.name.as_deref(), thing.title.as_deref()), (Some("things/1"), Some("T")));
    let name = || Some("operations/7".to_owned());
    let running = (name(), None);
    let expected = [running.clone(), running.clone(), running, (name(), Some(true))];
    assert_eq!(*shown.lock().unwrap(), expected);
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests.iter().all(|request| request.head.header("x-trace") == Some("t-1")));
}

#[tokio::test]
async fn results_by_name_by_overlay_and_none() {
    let imported = r#"{"name":"operations/7","done":true,"response":{"count":3}}"#;
    let imports = server(imported).await;
    let import = client(&imports).operations().import(&OperationsImportThingsRequest::new());
    let result: OperationsImportThingsResponse = soon(import.until_done()).await.unwrap();
    assert_eq!(result.count, Some(3));
    let deleted = r#"{"name":"operations/7","done":true,
        "response":{"@type":"type.googleapis.com/google.protobuf.Empty"}}"#;
    let deletes = server(deleted).await;
    let () = soon(client(&deletes).operations().delete("things/1").until_done()).await.unwrap();
    let rebuilds = server(MADE).await;
    let rebuild = client(&rebuilds).operations().rebuild();
    let rebuilt: OperationsThing = soon(rebuild.until_done()).await.unwrap();
    assert_eq!(rebuilt.title.as_deref(), Some("T"));
}

#[tokio::test]
async fn a_failed_operation_is_an_error_with_its_status() {
    let failed = r#"{"name":"operations/7","done":true,
        "error":{"code":9,"message":"the catalog is locked"}}"#;
    let server = server(failed).await;
    let import = client(&server).operations().import(&OperationsImportThingsRequest::new());
    let error = soon(import.until_done()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert!(error.to_string().contains("operations/7 failed: the catalog is locked"), "{error}");
}

#[tokio::test]
async fn another_process_waits_on_and_polls_survive_faults() {
    let server = server(r#"{"name":"operations/7","done":true,"response":{"count":4}}"#).await;
    let client = client(&server);
    server.inject(Fault::Status(503));
    server.inject(Fault::Reset);
    let wait = UntilDone::<Import>::resume(client.runtime(), "operations/7");
    assert_eq!(soon(wait).await.unwrap().count, Some(4));
    assert!(server.requests().iter().all(|request| request.head.method == "GET"));
}

#[tokio::test]
async fn the_wait_ends_when_the_time_is_over() {
    let server = FaultServer::replying(Reply::json(RUNNING)).await.unwrap();
    let client = client(&server);
    let wait = soon(UntilDone::<Import>::resume(client.runtime(), "operations/7"));
    let error = wait.with_timeout(Duration::from_millis(30)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("can be waited for again"), "{error}");
}
