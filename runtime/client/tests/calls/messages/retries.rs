//! Calls are retried until the first item has arrived, but not afterwards.

use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::{ErrorKind, ResponseStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{ERROR, Raw, all, client};
use crate::api::{Client, Thing};

const BOTH: &[u8] = b"[{\"name\":\"a\"},{\"name\":\"b\"}]";

/// Truncates the first response after `bytes` of the body; the second one is complete.
async fn cut(
    bytes: usize,
    open: fn(&Client) -> ResponseStream<Thing>,
) -> (Vec<String>, Option<discovery_runtime::Error>) {
    let raw = Raw::new().await;
    let serve = async {
        let mut chunks = raw.accept("").await;
        chunks.send(&BOTH[..bytes]).await;
        drop(chunks);
        let mut chunks = raw.accept("").await;
        chunks.send(BOTH).await;
        chunks.end().await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        read = all(open(&raw.client())) => read,
        () = serve => unreachable!(),
    }
}

#[tokio::test]
async fn a_cut_before_the_first_item_is_made_good() {
    for bytes in [0, 1, 5, 12] {
        let (names, error) = cut(bytes, |client| client.watch().stream()).await;
        assert_eq!(names, ["a", "b"], "{bytes}: {error:?}");
    }
}

#[tokio::test]
async fn a_cut_after_the_first_item_is_an_error_after_it() {
    for bytes in [13, 14, 20, 25] {
        let (names, error) = cut(bytes, |client| client.watch().stream()).await;
        assert_eq!(names, ["a"], "{bytes}");
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Transport, "{bytes}: {error}");
        assert!(error.to_string().contains("(after one item)"), "{bytes}: {error}");
    }
}

#[tokio::test]
async fn what_must_not_be_executed_twice_is_not() {
    for bytes in [0, 5] {
        let (names, error) = cut(bytes, |client| client.tell(&Thing::default()).stream()).await;
        assert_eq!(names.len(), 0);
        let error = error.unwrap();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error}");
        assert!(error.maybe_sent());
    }
}

/// Responds with these bodies in order.
async fn in_turn(bodies: &'static [&'static str]) -> FaultServer {
    let next = Arc::new(AtomicUsize::new(0));
    let handler = move |_| {
        let body = bodies[next.fetch_add(1, Ordering::Relaxed).min(bodies.len() - 1)];
        async move { Reply::json(body) }
    };
    FaultServer::start(handler).await.unwrap()
}

#[tokio::test]
async fn an_error_in_place_of_the_first_item_counts_as_its_status() {
    const UNAVAILABLE: &str = r#"[{"error":{"code":503,"message":"gone","status":"UNAVAILABLE"}}]"#;
    const DENIED: &str = r#"[{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}]"#;
    const FULL: &str = r#"[{"name":"a"}]"#;
    let server = in_turn(&[UNAVAILABLE, FULL]).await;
    assert_eq!(all(client(&server.url()).watch().stream()).await.0, ["a"]);
    assert_eq!(server.requests().len(), 2);

    let server = in_turn(&[UNAVAILABLE, FULL]).await;
    let (names, error) = all(client(&server.url()).tell(&Thing::default()).stream()).await;
    assert_eq!((names.len(), error.unwrap().attempts()), (0, 1));

    let server = in_turn(&[DENIED, FULL]).await;
    let error = all(client(&server.url()).watch().stream()).await.1.unwrap();
    assert_eq!(error.code(), Some(discovery_runtime::status::Code::PermissionDenied), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_error_behind_the_first_item_is_final() {
    let body: &'static str = format!("[{{\"name\":\"a\"}},{ERROR}]").leak();
    let server = in_turn(vec![body, r#"[{"name":"a"}]"#].leak()).await;
    let (names, error) = all(client(&server.url()).watch().stream()).await;
    assert_eq!(
        (names.len(), error.unwrap().code()),
        (1, Some(discovery_runtime::status::Code::Unavailable))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn statuses_are_retried_as_for_any_call() {
    let server = in_turn(&[r#"[{"name":"a"}]"#]).await;
    server.inject(Fault::Status(503));
    assert_eq!(all(client(&server.url()).watch().stream()).await.0, ["a"]);
    assert_eq!(server.requests().len(), 2);
    server.inject(Fault::Status(404));
    assert!(all(client(&server.url()).watch().stream()).await.1.unwrap().is_not_found());
}
