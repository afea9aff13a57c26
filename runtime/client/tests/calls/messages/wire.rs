//! Items at any chunk boundaries, and the time of their arrival.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::AsyncReadExt as _;

use super::{Raw, all};

const BODY: &str = "[{\"name\":\"a\"}\n,\r\n{\"name\":\"ü}]\\\"\"} ]\n";
const NAMES: [&str; 2] = ["a", "ü}]\""];

/// Sends a body in two chunks, and returns the names that the client reads.
async fn in_two(raw: &Raw, headers: &str, first: &[u8], second: &[u8]) -> Vec<String> {
    let serve = async {
        let mut chunks = raw.accept(headers).await;
        chunks.send(first).await;
        chunks.send(second).await;
        chunks.end().await;
    };
    let (read, ()) = tokio::join!(all(raw.client().watch().stream()), serve);
    assert!(read.1.is_none(), "{:?}", read.1);
    read.0
}

#[tokio::test]
async fn chunks_end_anywhere() {
    let raw = Raw::new().await;
    for at in 0..=BODY.len() {
        let (first, second) = BODY.as_bytes().split_at(at);
        assert_eq!(in_two(&raw, "", first, second).await, NAMES, "split at {at}");
    }
}

#[tokio::test]
async fn compressed_chunks_end_anywhere() {
    let raw = Raw::new().await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(BODY.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    for at in 0..=packed.len() {
        let (first, second) = packed.split_at(at);
        let names = in_two(&raw, "content-encoding: gzip\r\n", first, second).await;
        assert_eq!(names, NAMES, "split at {at}");
    }
}

/// Each item is returned before the next one is sent, with and without compression.
#[tokio::test]
async fn items_arrive_as_they_are_sent() {
    for gzip in [false, true] {
        let raw = Raw::new().await;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let mut pack = |text: &str| {
            if !gzip {
                return text.as_bytes().to_vec();
            }
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.flush().unwrap();
            std::mem::take(encoder.get_mut())
        };
        let headers = if gzip { "content-encoding: gzip\r\n" } else { "" };
        let mut stream = raw.client().watch().stream();
        let mut connection = None;
        for (number, text) in
            ["[{\"name\":\"0\"}", ",{\"name\":\"1\"}", ",\n{\"name\":\"2\"}"].iter().enumerate()
        {
            let piece = pack(text);
            let serve = async {
                let mut chunks = match connection.take() {
                    Some(chunks) => chunks,
                    None => raw.accept(headers).await,
                };
                chunks.send(&piece).await;
                chunks
            };
            let (item, chunks) = tokio::join!(stream.next(), serve);
            connection = Some(chunks);
            assert_eq!(item.unwrap().unwrap().name.unwrap(), number.to_string(), "gzip: {gzip}");
        }
    }
}

#[tokio::test]
async fn dropping_the_stream_closes_its_connection() {
    let raw = Raw::new().await;
    let mut stream = raw.client().watch().stream();
    let serve = async {
        let mut chunks = raw.accept("").await;
        chunks.send(b"[{\"name\":\"a\"},").await;
        chunks
    };
    let (item, mut chunks) = tokio::join!(stream.next(), serve);
    item.unwrap().unwrap();
    drop(stream);
    // The client sends no more, so this is the end of its side.
    assert!(matches!(chunks.0.read(&mut [0; 8]).await, Ok(0) | Err(_)));
}

#[tokio::test]
async fn a_dropped_future_loses_nothing() {
    let raw = Raw::new().await;
    let mut stream = raw.client().watch().stream();
    let serve = async {
        let mut chunks = raw.accept("").await;
        chunks.send(b"[{\"name\":").await;
        chunks
    };
    let mut chunks = tokio::select! {
        biased;
        _ = stream.next() => panic!("nothing is complete"),
        chunks = serve => chunks,
    };
    let rest = async {
        chunks.send(b"\"a\"}]").await;
        chunks.end().await;
    };
    let (item, ()) = tokio::join!(stream.next(), rest);
    assert_eq!(item.unwrap().unwrap().name.as_deref(), Some("a"));
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_item_is_asked_for() {
    let (server, client) = super::replying(discovery_runtime::testing::Reply::json("[]")).await;
    let stream = client.watch().stream();
    assert_eq!(server.requests().len(), 0);
    assert_eq!(stream.collect().await.unwrap(), []);
    assert_eq!(
        server.requests()[0].line(),
        "GET /things/v1/p/things?alt=json&prettyPrint=false HTTP/1.1".replace(" HTTP/1.1", "")
    );
}
