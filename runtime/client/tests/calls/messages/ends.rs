//! Limits of size and time.

use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::Reply;
use discovery_runtime::{CallOptions, ErrorKind};
use std::time::Duration;

use super::{Chunks, Raw, all, replying};
use crate::script::{Script, Step};

#[tokio::test]
async fn an_item_has_a_limit() {
    let body = format!("[{}]", vec![r#"{"name":"aaaa"}"#; 1000].join(","));
    let (_server, client) = replying(Reply::json(body)).await;
    let fits = client.watch().stream().with_max_item_size(15);
    assert_eq!(all(fits).await.0.len(), 1000);
    let (names, error) = all(client.watch().stream().with_max_item_size(14)).await;
    let error = error.unwrap();
    assert_eq!((names.len(), error.kind()), (0, ErrorKind::Decode));
    assert!(error.to_string().contains("longer than the limit of 14 bytes"), "{error}");
}

/// The client's limit for responses is one for items here.
#[tokio::test]
async fn a_stream_may_be_longer_than_a_response() {
    let body = format!("[{}]", vec![r#"{"name":"aaaa"}"#; 1000].join(","));
    let (server, _) = replying(Reply::json(body)).await;
    let builder = crate::api::Client::builder().with_endpoint(server.url()).with_anonymous();
    let client = builder.with_response_limit(100).build().unwrap();
    assert_eq!(all(client.watch().stream()).await.0.len(), 1000);
    assert!(client.watch().send().await.unwrap_err().to_string().contains("longer than the limit"));
}

#[tokio::test]
async fn a_pause_ends_the_stream() {
    let clock = ManualClock::new();
    let script = Script::new([Step::Stall, Step::Stall]);
    let client =
        script.client(&clock).with_retry(discovery_runtime::retry::NoRetry).build().unwrap();
    for (limit, expected) in [(None, Duration::from_secs(30)), (Some(5), Duration::from_secs(5))] {
        let mut stream = client.watch().stream();
        if let Some(seconds) = limit {
            stream = stream.with_stall_timeout(Duration::from_secs(seconds));
        }
        let reading = tokio::spawn(async move { stream.next().await });
        clock.wait_for_sleepers(1).await;
        clock.advance(expected);
        let error = reading.await.unwrap().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(&format!("no byte for {expected:?}")), "{error}");
    }
}

/// The client's timeouts are for answers in one piece; the call's own is for all of it.
#[tokio::test]
async fn a_timeout_of_the_call_covers_the_stream() {
    let clock = ManualClock::new();
    let script = Script::new([Step::Stall, Step::Stall]);
    let client =
        script.client(&clock).with_retry(discovery_runtime::retry::NoRetry).build().unwrap();
    for (own, expected) in [(None, "stalled"), (Some(Duration::from_secs(90)), "deadline of 90s")] {
        let watch = client.watch();
        let watch = if own.is_some() { watch.with_timeout(own) } else { watch };
        let stall = own.is_none().then(|| Duration::from_secs(200));
        let mut stream = watch.stream().with_stall_timeout(stall);
        let reading = tokio::spawn(async move { stream.next().await });
        clock.wait_for_sleepers(1).await;
        clock.advance(Duration::from_secs(80));
        tokio::task::yield_now().await;
        assert!(!reading.is_finished(), "the client's 60 s end no stream");
        clock.advance(Duration::from_secs(120));
        let error = reading.await.unwrap().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// Sends an array of one item in a chunk, and reads the item.
async fn one_item(
    server: &Raw,
    stream: &mut discovery_runtime::ResponseStream<crate::api::Thing>,
    after: &str,
) -> Chunks {
    let serve = async {
        let mut chunks = server.accept("").await;
        chunks.send(format!(r#"[{{"name":"a"}}]{after}"#).as_bytes()).await;
        chunks
    };
    let (chunks, first) = tokio::join!(serve, stream.next());
    assert_eq!(first.unwrap().unwrap().name.as_deref(), Some("a"));
    chunks
}

/// The connection stays open after the end of the array: the stream ends nevertheless.
#[tokio::test]
async fn an_open_connection_after_the_array_does_not_hold_the_stream() {
    let server = Raw::new().await;
    let clock = ManualClock::new();
    let client = server.builder().with_clock(clock.clone()).build().unwrap();
    let mut stream = client.watch().stream().with_stall_timeout(None);
    let mut chunks = one_item(&server, &mut stream, "").await;
    let reading = tokio::spawn(async move { stream.next().await.map(Result::unwrap) });
    clock.wait_for_sleepers(1).await;
    chunks.send(b" \n").await;
    clock.advance(Duration::from_secs(1));
    assert_eq!(reading.await.unwrap(), None);
    chunks.end().await;
}

#[tokio::test]
async fn garbage_after_the_array_is_an_error() {
    for garbage in ["x", "]", r#"{"name":"b"}"#, ",", "[]"] {
        for late in [false, true] {
            let server = Raw::new().await;
            let mut stream = server.client().watch().stream();
            let mut chunks = one_item(&server, &mut stream, if late { "" } else { garbage }).await;
            if late {
                chunks.send(garbage.as_bytes()).await;
            }
            let error = stream.next().await.unwrap().unwrap_err();
            assert!(error.to_string().contains("trailing characters"), "{late} {garbage}: {error}");
            assert!(stream.next().await.is_none());
        }
    }
}
