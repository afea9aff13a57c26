//! Uploads and downloads.

use super::client;
use discovery_runtime::media::{Protocol, UploadSession};
use discovery_runtime::testing::{Fault, ObjectStore};
use google_kitchen_sink_v1::models::MediaFile;
use google_kitchen_sink_v1::resources::media::Insert;
use google_kitchen_sink_v1::{Call, Client};
use std::sync::{Arc, Mutex};

/// What is uploaded to the document's upload path is stored here.
const STORED: &str = "/tiny/v1/files/picture";

const CHUNK: usize = 256 * 1024;

fn picture(len: usize) -> Vec<u8> {
    (0..len as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn insert(client: &Client) -> Call<Insert> {
    client.media().insert(&MediaFile::new().set_name("sunset")).with_query("name", "picture")
}

#[tokio::test]
async fn every_protocol_sends_content_and_metadata() {
    let store = ObjectStore::new();
    let server = store.serve().await.unwrap();
    let client = client(&server);
    for protocol in [Protocol::Multipart, Protocol::Resumable] {
        let content = picture(600 * 1024);
        let source = discovery_runtime::media::Source::bytes(content.clone());
        let source = source.with_content_type("image/png");
        insert(&client).upload(source).with_protocol(protocol).await.unwrap();
        let stored = store.object(STORED).unwrap();
        assert_eq!((stored.content(), &*stored.content_type), (content.into(), "image/png"));
        assert_eq!(stored.metadata["name"], "sunset");
    }
}

#[tokio::test]
async fn an_upload_survives_faults_and_is_exact() {
    let store = ObjectStore::new();
    let server = store.serve().await.unwrap();
    let client = client(&server);
    let content = picture(3 * CHUNK + 17);
    for fault in [
        Fault::Reset,
        Fault::ResetAfter(100 * 1024),
        Fault::LoseAnswer,
        Fault::Status(503),
        Fault::StatusAfter { status: 503, bytes: 300 * 1024 },
    ] {
        server.inject_when(|head| head.method == "PUT", fault);
        let upload = insert(&client).upload(content.clone()).with_chunk_size(2 * CHUNK as u64);
        upload.with_protocol(Protocol::Resumable).await.unwrap();
        assert_eq!(store.object(STORED).unwrap().content(), content, "{fault}");
    }
}

#[tokio::test]
async fn a_session_goes_on_where_another_stopped() {
    let store = ObjectStore::new();
    let server = store.serve().await.unwrap();
    let client = client(&server);
    let content = picture(3 * CHUNK);
    let second = |head: &discovery_runtime::testing::Head| {
        head.header("content-range").is_some_and(|range| range.starts_with("bytes 262144-"))
    };
    server.always(second, Fault::Reset);
    let saved = Arc::new(Mutex::new(String::new()));
    let keep = Arc::clone(&saved);
    let upload = insert(&client).upload(content.clone()).with_chunk_size(CHUNK as u64);
    let upload = upload.with_protocol(Protocol::Resumable);
    let cut = upload.on_session(move |session| *keep.lock().unwrap() = session.to_json());
    cut.await.unwrap_err();
    server.calm();
    let session = UploadSession::from_json(&saved.lock().unwrap()).unwrap();
    assert_eq!(session.confirmed(), CHUNK as u64);
    insert(&client).upload(content.clone()).with_session(session).await.unwrap();
    assert_eq!(store.object(STORED).unwrap().content(), content);
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke_off() {
    let store = ObjectStore::new();
    let content = picture(600 * 1024);
    store.put("/sink/v1/media/files/sunset", "image/png", content.clone());
    let server = store.serve().await.unwrap();
    server.inject(Fault::BrokenStreamAfter(300 * 1024));
    let bytes = client(&server).media().get("sunset").download().to_bytes(1 << 20).await.unwrap();
    assert_eq!(bytes, content);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].head.header("range"), None);
    assert!(requests[1].head.header("range").is_some_and(|range| range.starts_with("bytes=")));
}
