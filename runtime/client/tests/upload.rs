//! Uploads, against a real server that fails.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use common::{INSERT, INSERT_PHOTO, builder, client, insert, noise};
use discovery_runtime::json::Json;
use discovery_runtime::media::{Protocol, Source, Upload, UploadSession};
use discovery_runtime::testing::{Fault, FaultServer, ObjectStore};
use discovery_runtime::{Call, ErrorKind};

const K: usize = 1024;
const CHUNK: u64 = 256 * 1024;

async fn store() -> (ObjectStore, FaultServer) {
    let store = ObjectStore::new();
    let server = store.serve().await.unwrap();
    (store, server)
}

/// A stream that can be read once, in pieces of odd sizes.
fn once(content: &[u8]) -> Source {
    let pieces: Vec<Bytes> = content.chunks(70_001).map(Bytes::copy_from_slice).collect();
    Source::stream(Pieces(pieces.into_iter()))
}

struct Pieces(std::vec::IntoIter<Bytes>);

impl futures_core::Stream for Pieces {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next().map(Ok))
    }
}

fn content_of(store: &ObjectStore, name: &str) -> Bytes {
    let object = store.object(&format!("/v1/files/{name}")).expect("no object");
    assert_eq!(object.size, object.content().len() as u64);
    object.content()
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
async fn an_expired_session_is_replaced_once() {
    for status in [404, 410] {
        let (store, server) = store().await;
        let client = client(&server);
        let content = noise(700 * K);
        let (keeper, sessions) = (store.clone(), Arc::new(Mutex::new(Vec::new())));
        let log = Arc::clone(&sessions);
        let hook = move |session: &UploadSession| {
            let mut log = log.lock().unwrap();
            if log.is_empty() {
                keeper.expire_sessions(status);
            }
            log.push(session.uri().to_owned());
        };
        let upload = insert(&client, "a", content.clone()).with_chunk_size(CHUNK);
        upload.with_protocol(Protocol::Resumable).on_session(hook).await.unwrap();
        assert_eq!(content_of(&store, "a"), content);
        let mut sessions = sessions.lock().unwrap().clone();
        sessions.dedup();
        assert_eq!(sessions.len(), 2);
    }
}

#[tokio::test]
async fn an_expired_session_of_a_spent_stream_is_told() {
    let (store, server) = store().await;
    let keeper = store.clone();
    let upload = insert(&client(&server), "a", once(&noise(1400 * K))).with_chunk_size(CHUNK);
    let upload = upload.on_session(move |session| {
        if session.confirmed() == 2 * CHUNK {
            keeper.expire_sessions(410);
        }
    });
    let error = upload.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(
        error.to_string().starts_with("store.files.insert: the upload session has expired, and"),
        "{error}"
    );
}

#[tokio::test]
async fn another_process_goes_on() {
    let content = noise(1400 * K);
    for streamed in [false, true] {
        let (store, server) = store().await;
        let source = || if streamed { once(&content) } else { content.clone().into() };
        let stored = Arc::new(Mutex::new(String::new()));
        let keep = Arc::clone(&stored);
        // The first process is cut off in its third chunk, for good.
        server.always(
            |head| head.header("content-range").is_some_and(|r| r.starts_with("bytes 5242")),
            Fault::Reset,
        );
        let first = insert(&client(&server), "a", source()).with_chunk_size(CHUNK);
        let hook = move |session: &UploadSession| *keep.lock().unwrap() = session.to_json();
        let error = first.with_protocol(Protocol::Resumable).on_session(hook).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        server.calm();
        server.take_requests();
        // The second has nothing but the text.
        let session = UploadSession::from_json(&stored.lock().unwrap()).unwrap();
        assert_eq!((session.confirmed(), session.content_type()), (2 * CHUNK, "text/plain"));
        insert(&client(&server), "a", source()).with_session(session).await.unwrap();
        assert_eq!(content_of(&store, "a"), content);
        let total = if streamed { "*" } else { "1433600" };
        let requests = server.requests();
        let range = |at: usize| requests[at].head.header("content-range").unwrap().to_owned();
        assert_eq!(range(0), format!("bytes */{total}"));
        assert_eq!(range(1), "bytes 524288-1433599/1433600");
        assert_eq!(requests.len(), 2);
    }
}

#[tokio::test]
async fn a_finished_session_is_seen() {
    let (store, server) = store().await;
    let client = client(&server);
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    assert_eq!((session.total(), session.confirmed()), (Some(10), 0));
    for _ in 0..2 {
        let answer = insert(&client, "a", noise(10)).with_session(session.clone()).await.unwrap();
        assert!(answer.as_str().contains("\"size\":\"10\""));
    }
    assert_eq!(content_of(&store, "a"), noise(10));
    assert_eq!(server.requests().len(), 4, "start; query and chunk; query");
}

#[tokio::test]
async fn a_session_of_other_content_is_refused() {
    let (_, server) = store().await;
    let client = client(&server);
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    let error = insert(&client, "a", noise(11)).with_session(session.clone()).await.unwrap_err();
    assert!(error.to_string().contains("for 10 bytes, but the content has 11"), "{error}");
    let other = session.to_json().replace("store.files.insert", "x.insert");
    let session = UploadSession::from_json(&other).unwrap();
    let error = insert(&client, "a", noise(10)).with_session(session).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.requests().len(), 1);
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

#[tokio::test]
async fn mistakes_are_told_before_anything_is_sent() {
    let (_, server) = store().await;
    let client = client(&server);
    let photo = |len| Upload::<Json>::new(Call::new(&client, &INSERT_PHOTO), noise(len));
    let error = photo(1001).await.unwrap_err();
    assert!(error.to_string().contains("1001 bytes; the method takes at most 1000"), "{error}");
    let error = photo(1).with_protocol(Protocol::Resumable).await.unwrap_err();
    assert!(error.to_string().contains("does not offer"), "{error}");
    let error = Upload::<Json>::new(Call::new(&client, &common::LIST), noise(1)).await.unwrap_err();
    assert!(error.to_string().contains("takes no media"), "{error}");
    let error = insert(&client, "a", noise(1)).with_protocol(Protocol::Simple).await.unwrap_err();
    assert!(error.to_string().contains("metadata"), "{error}");
    let error = insert(&client, "a", Source::file("/no/such/file")).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/file"), "{error}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn files_are_read_where_they_are() {
    let (store, server) = store().await;
    let client = client(&server);
    let content = noise(900 * K);
    let path = std::env::temp_dir().join(format!("upload-{}", std::process::id()));
    std::fs::write(&path, &content).unwrap();
    server.inject_when(
        |head| head.method == "PUT",
        "return-reset-connection-after-300K".parse().unwrap(),
    );
    let upload = insert(&client, "a", Source::file(&path)).with_protocol(Protocol::Resumable);
    upload.with_chunk_size(u64::MAX).await.unwrap();
    assert_eq!(content_of(&store, "a"), content);
    let open = Source::open_file(std::fs::File::open(&path).unwrap()).unwrap();
    insert(&client, "b", open).await.unwrap();
    assert_eq!(content_of(&store, "b"), content);
    // A file that became shorter is told, and not sent.
    let open = Source::open_file(std::fs::File::open(&path).unwrap()).unwrap();
    std::fs::write(&path, &content[..100]).unwrap();
    let error = insert(&client, "c", open).await.unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert!(format!("{error:?}").contains("short of the size"), "{error:?}");
    assert!(store.object("/v1/files/c").is_none());
}

#[tokio::test]
async fn readers_are_opened_where_needed() {
    let (store, server) = store().await;
    let content = noise(700 * K);
    let copy = content.clone();
    let source = Source::reader(content.len() as u64, move |offset| {
        let rest = copy[usize::try_from(offset).unwrap()..].to_vec();
        async move { Ok(std::io::Cursor::new(rest)) }
    });
    let upload = insert(&client(&server), "a", source).with_chunk_size(CHUNK);
    upload.with_protocol(Protocol::Resumable).await.unwrap();
    assert_eq!(content_of(&store, "a"), content);
    let once = Source::async_read(std::io::Cursor::new(content.clone()));
    insert(&client(&server), "b", once).await.unwrap();
    assert_eq!(content_of(&store, "b"), content);
}

#[tokio::test]
async fn progress_is_told() {
    let (_, server) = store().await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&log);
    let upload = insert(&client(&server), "a", noise(600 * K)).with_chunk_size(CHUNK);
    let upload = upload.with_protocol(Protocol::Resumable);
    upload.on_progress(move |progress| keep.lock().unwrap().push(progress)).await.unwrap();
    let log = log.lock().unwrap();
    assert!(log.iter().all(|p| p.total == Some(614_400) && p.confirmed <= p.transferred));
    assert!(log.windows(2).all(|w| w[0].confirmed <= w[1].confirmed));
    let last = log.last().unwrap();
    assert_eq!((last.transferred, last.confirmed), (614_400, 614_400));
}

#[tokio::test]
async fn a_deadline_of_the_call_holds() {
    let (_, server) = store().await;
    let client = client(&server);
    server.always(|head| head.method == "PUT", Fault::StallAlways);
    let call = Call::new(&client, &INSERT).with_timeout(Duration::from_millis(300));
    let upload: Upload<Json> = Upload::new(call, noise(10)).with_protocol(Protocol::Resumable);
    let error = tokio::time::timeout(Duration::from_secs(20), upload.send()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}
