//! Uploads to a failing server.

use bytes::Bytes;
use discovery_runtime::Call;
use discovery_runtime::json::Json;
use discovery_runtime::media::{Protocol, Source, Upload};
use discovery_runtime::testing::Fault;

use crate::common::{
    CHUNK, INSERT, INSERT_PHOTO, K, client, content_of, insert, noise, once, store,
};

#[tokio::test]
async fn content_type_defaults_to_the_metadata() {
    let (store, server) = store().await;
    let client = client(&server);
    let drive = "application/vnd.google-apps.document";
    for protocol in [Protocol::Multipart, Protocol::Resumable] {
        for (metadata, given, guessed, sent) in [
            (Some("text/x"), None, None, "text/x"),
            (Some("text/x"), None, Some("image/png"), "text/x"),
            // An explicit type takes precedence: Drive converts between types.
            (Some("text/x"), Some("text/y"), Some("image/png"), "text/y"),
            (Some(drive), Some("text/html"), None, "text/html"),
            (Some(drive), None, Some("text/html"), "text/html"),
            (Some(drive), None, None, "application/octet-stream"),
            (None, None, Some("image/png"), "image/png"),
            (None, None, None, "application/octet-stream"),
        ] {
            let metadata = serde_json::json!({ "contentType": metadata });
            let call = Call::new(&client, &INSERT).query("name", &"a").body(&Json::from(metadata));
            let mut source = Source::from_bytes("content");
            if let Some(given) = given {
                source = source.with_content_type(given);
            }
            if let Some(guessed) = guessed {
                source = source.with_guessed_content_type(guessed);
            }
            let upload = Upload::<Json>::new(call, source).with_protocol(protocol);
            upload.await.unwrap();
            let object = store.object("/v1/files/a").unwrap();
            assert_eq!(object.content_type, sent, "{protocol:?} {given:?} {guessed:?}");
        }
    }
}

#[tokio::test]
async fn empty_bodies_are_not_sent_as_metadata() {
    let (store, server) = store().await;
    let client = client(&server);
    for (protocol, metadata, fine) in [
        (Some(Protocol::Simple), "{}", true),
        (Some(Protocol::Simple), r#"{"a":1}"#, false),
        (None, "{}", true),
    ] {
        let metadata: serde_json::Value = serde_json::from_str(metadata).unwrap();
        let call = Call::new(&client, &INSERT).query("name", &"n").body(&Json::from(metadata));
        let mut upload = Upload::<Json>::new(call, Source::from_bytes("content"));
        if let Some(protocol) = protocol {
            upload = upload.with_protocol(protocol);
        }
        assert_eq!(upload.await.is_ok(), fine);
    }
    assert_eq!(content_of(&store, "n"), "content");
}

#[tokio::test]
async fn content_that_the_method_rejects_is_not_sent() {
    let (_store, server) = store().await;
    let client = client(&server);
    let send = async |content_type: &'static str| {
        let call = Call::new(&client, &INSERT_PHOTO).query("name", &"p");
        let source = Source::from_bytes("content").with_content_type(content_type);
        Upload::<Json>::new(call, source).await
    };
    for fine in ["image/png", "IMAGE/PNG", "image/png; q=1"] {
        send(fine).await.unwrap();
    }
    let error = send("image/jpeg").await.unwrap_err();
    assert!(error.to_string().contains("of type image/png, not image/jpeg"), "{error}");
    assert_eq!(server.requests().len(), 3);
}

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
async fn the_start_declares_type_and_size() {
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
        for source in [Source::from_bytes(content.clone()), once(&content)] {
            let upload = insert(&client, "a", source).with_chunk_size(CHUNK);
            upload.with_protocol(Protocol::Resumable).await.unwrap();
            assert_eq!(content_of(&store, "a"), content, "{len}");
        }
    }
}

#[tokio::test]
async fn only_streams_need_memory_for_chunks() {
    const MIB: usize = 1024 * K;
    let (_, server) = store().await;
    let client = client(&server);
    for (stream, sent) in [(false, vec![18 * MIB]), (true, vec![8 * MIB, 8 * MIB, 2 * MIB])] {
        let content = Bytes::from(vec![7; 18 * MIB]);
        let source = if stream { once(&content) } else { Source::from_bytes(content) };
        server.take_requests();
        insert(&client, "a", source).with_protocol(Protocol::Resumable).await.unwrap();
        let puts = server.requests().into_iter().filter(|r| r.head.method == "PUT");
        let lengths = puts.map(|r| r.head.header("content-length").unwrap().parse().unwrap());
        assert_eq!(lengths.collect::<Vec<usize>>(), sent);
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
async fn one_request_uploads_are_sent_again_only_where_that_is_safe() {
    let (store, server) = store().await;
    let client = client(&server);
    server.inject(Fault::LoseAnswer);
    insert(&client, "a", noise(10)).await.unwrap_err();
    assert_eq!(server.take_requests().len(), 1);
    for source in [Source::from_bytes(noise(10)), once(&noise(10))] {
        let streamed = format!("{source:?}").contains("stream");
        let call = Call::new(&client, &INSERT).query("name", &"b").with_idempotent(true);
        server.inject(Fault::LoseAnswer);
        let upload: Upload<Json> = Upload::new(call, source).with_protocol(Protocol::Simple);
        assert_eq!(upload.await.is_err(), streamed, "a spent stream cannot be sent again");
        assert_eq!(content_of(&store, "b"), noise(10));
    }
}
