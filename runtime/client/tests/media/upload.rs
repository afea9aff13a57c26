//! Uploads, against a real server that fails.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use discovery_runtime::Call;
use discovery_runtime::json::Json;
use discovery_runtime::media::{Protocol, Source, Upload};
use discovery_runtime::testing::Fault;

use crate::common::{
    CHUNK, INSERT, INSERT_PHOTO, K, builder, client, content_of, insert, noise, once, store,
};

#[tokio::test]
async fn protocols_are_chosen_by_size_and_metadata() {
    let (store, server) = store().await;
    let client = client(&server);
    let small = noise(100);
    let big = noise(9 * 1024 * K);
    insert(&client, "small", small.clone()).send().await.unwrap();
    insert(&client, "big", big.clone()).send().await.unwrap();
    let call = Call::new(&client, &INSERT_PHOTO).query("name", &"photo");
    let answer: Json = Upload::new(call, small.clone()).await.unwrap();
    assert!(answer.as_str().contains("\"size\":\"100\""), "{}", answer.as_str());
    assert_eq!(content_of(&store, "small"), small);
    assert_eq!(content_of(&store, "big"), big);
    let photo = store.object("/v1/files/photo").unwrap();
    assert_eq!((photo.content_type.as_str(), photo.metadata), ("image/png", ().into()));
    let object = store.object("/v1/files/small").unwrap();
    assert_eq!(object.content_type, "text/plain");
    assert_eq!(object.metadata, serde_json::json!({"title": "T"}));
    assert_eq!(store.object("/v1/files/big").unwrap().metadata, object.metadata);
    let lines: Vec<String> = server.requests().iter().map(|r| r.line()).collect();
    assert_eq!(
        lines[0],
        "POST /upload/v1/files?name=small&alt=json&prettyPrint=false&uploadType=multipart"
    );
    assert!(lines[1].ends_with("uploadType=resumable"));
    assert!(lines[2].starts_with("PUT /upload/v1/files?uploadType=resumable&upload_id="));
    assert!(lines[3].ends_with("uploadType=media"), "{lines:?}");
    let content_type = server.requests()[0].head.header("content-type").unwrap().to_owned();
    assert!(content_type.starts_with("multipart/related; boundary="), "{content_type}");
}

#[tokio::test]
async fn start_says_what_will_come() {
    let (_, server) = store().await;
    let client = client(&server);
    insert(&client, "a", noise(300 * K)).with_protocol(Protocol::Resumable).await.unwrap();
    insert(&client, "b", once(b"abc")).await.unwrap();
    let requests = server.requests();
    let header = |at: usize, name: &str| requests[at].head.header(name).map(str::to_owned);
    assert_eq!(header(0, "x-upload-content-type").as_deref(), Some("text/plain"));
    assert_eq!(header(0, "x-upload-content-length").as_deref(), Some("307200"));
    assert_eq!(header(0, "content-type").as_deref(), Some("application/json"));
    assert_eq!(header(1, "content-range").as_deref(), Some("bytes 0-307199/307200"));
    assert_eq!(header(2, "x-upload-content-length"), None);
    assert_eq!(header(3, "content-range").as_deref(), Some("bytes 0-2/3"));
}

#[tokio::test]
async fn empty_content_is_content() {
    let (store, server) = store().await;
    let client = client(&server);
    for (name, protocol) in [("m", Protocol::Multipart), ("r", Protocol::Resumable)] {
        insert(&client, name, Bytes::new()).with_protocol(protocol).await.unwrap();
        assert_eq!(content_of(&store, name), Bytes::new());
    }
    insert(&client, "s", once(b"")).await.unwrap();
    assert_eq!(content_of(&store, "s"), Bytes::new());
    let last = server.requests().pop().unwrap();
    assert_eq!(last.head.header("content-range"), Some("bytes */0"));
    assert_eq!(last.head.header("content-length"), Some("0"));
}

#[tokio::test]
async fn sizes_around_a_chunk() {
    let (store, server) = store().await;
    let client = client(&server);
    for len in [1, 256 * K - 1, 256 * K, 256 * K + 1, 512 * K, 700 * K] {
        let content = noise(len);
        for source in [Source::bytes(content.clone()), once(&content)] {
            let upload = insert(&client, "a", source).with_chunk_size(CHUNK);
            upload.with_protocol(Protocol::Resumable).await.unwrap();
            assert_eq!(content_of(&store, "a"), content, "{len}");
        }
    }
}

/// Every fault, at the first, the second and the last chunk, for content that can be read again
/// and for a stream that cannot.
#[tokio::test]
async fn content_is_exact_under_every_fault() {
    let (store, server) = store().await;
    let client = builder(&server).with_stall_timeout(Duration::from_secs(2)).build().unwrap().0;
    let content = noise(1400 * K);
    let faults = [
        "return-reset-connection",
        "return-reset-connection-after-1K",
        "return-reset-connection-after-256K",
        "return-reset-connection-after-300K",
        "return-reset-connection-after-request",
        "return-503",
        "return-503-after-256K",
        "return-408",
        "return-429",
        "return-500-after-300K",
        "return-html-502",
        "return-broken-stream",
        "send-goaway",
        "stall-for-1s",
    ];
    for fault in faults {
        for nth in [0, 1, 2] {
            for streamed in [false, true] {
                let source = if streamed { once(&content) } else { Source::bytes(content.clone()) };
                let seen = Mutex::new(0);
                server.inject_when(
                    move |head| {
                        let mut seen = seen.lock().unwrap();
                        *seen += usize::from(head.method == "PUT");
                        *seen == nth + 1
                    },
                    fault.parse().unwrap(),
                );
                let upload = insert(&client, "a", source).with_chunk_size(2 * CHUNK);
                let result = upload.with_protocol(Protocol::Resumable).await;
                let what = format!("{fault} at chunk {nth}, streamed: {streamed}");
                result.unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert_eq!(content_of(&store, "a"), content, "{what}");
                let met = server.take_requests().iter().filter(|r| r.fault.is_some()).count();
                assert_eq!(met, 1, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn starting_is_tried_again() {
    let (store, server) = store().await;
    let client = client(&server);
    for fault in [Fault::Status(503), Fault::Reset, Fault::LoseAnswer] {
        server.inject(fault);
        insert(&client, "a", noise(10)).with_protocol(Protocol::Resumable).await.unwrap();
        assert_eq!(content_of(&store, "a"), noise(10));
    }
}

#[tokio::test]
async fn a_query_is_tried_again() {
    let (store, server) = store().await;
    let client = client(&server);
    server.inject_when(|head| head.method == "PUT", Fault::LoseAnswer);
    server.inject_when(
        |head| head.header("content-range").unwrap_or("").contains('*'),
        Fault::Status(503),
    );
    insert(&client, "a", noise(10)).with_protocol(Protocol::Resumable).await.unwrap();
    assert_eq!(content_of(&store, "a"), noise(10));
    let ranges: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|r| r.head.header("content-range").map(str::to_owned))
        .collect();
    assert_eq!(ranges, ["bytes 0-9/10", "bytes */10", "bytes */10"]);
}

#[tokio::test]
async fn the_servers_word_counts() {
    let content = noise(1400 * K);
    for hidden in [false, true] {
        for keeps in [0, 256 * K as u64, 300 * K as u64] {
            for streamed in [false, true] {
                let (store, server) = store().await;
                if hidden {
                    store.hide_308();
                }
                store.keep_at_most(keeps);
                let source = if streamed { once(&content) } else { content.clone().into() };
                let upload = insert(&client(&server), "a", source).with_chunk_size(2 * CHUNK);
                upload.with_protocol(Protocol::Resumable).await.unwrap();
                assert_eq!(content_of(&store, "a"), content, "{keeps} {streamed}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_keeps_nothing_ends_it() {
    let (store, server) = store().await;
    let client = client(&server);
    let keeper = store.clone();
    let upload = insert(&client, "a", noise(600 * K)).with_chunk_size(CHUNK);
    let upload =
        upload.with_protocol(Protocol::Resumable).on_progress(move |_| keeper.keep_at_most(0));
    let error = upload.await.unwrap_err();
    assert!(error.to_string().contains("kept no byte"), "{error}");
    assert!(server.requests().len() < 10);
}

#[tokio::test]
async fn one_request_uploads_are_sent_again_only_where_that_is_safe() {
    let (store, server) = store().await;
    let client = client(&server);
    server.inject(Fault::LoseAnswer);
    insert(&client, "a", noise(10)).await.unwrap_err();
    assert_eq!(server.take_requests().len(), 1);
    for source in [Source::bytes(noise(10)), once(&noise(10))] {
        let streamed = format!("{source:?}").contains("stream");
        let call = Call::new(&client, &INSERT).query("name", &"b").with_idempotent(true);
        server.inject(Fault::LoseAnswer);
        let upload: Upload<Json> = Upload::new(call, source).with_protocol(Protocol::Simple);
        assert_eq!(upload.await.is_err(), streamed, "a spent stream cannot be sent again");
        assert_eq!(content_of(&store, "b"), noise(10));
    }
}
