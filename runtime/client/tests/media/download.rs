//! Downloads from a failing server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{GET, builder, client, noise};
use bytes::Bytes;
use discovery_runtime::media::Download;
use discovery_runtime::testing::{Fault, FaultServer, ObjectStore, Reply};
use discovery_runtime::{Call, Client, ErrorKind};

const K: usize = 1024;

async fn store(content: &[u8]) -> (ObjectStore, FaultServer) {
    let store = ObjectStore::new();
    store.put("/v1/files/a", "text/plain", content.to_vec());
    let server = store.serve().await.unwrap();
    (store, server)
}

fn get(client: &Client) -> Download {
    Download::new(Call::new(client, &GET).path("name", &"a"))
}

const ALL: u64 = u64::MAX;

#[tokio::test]
async fn content_is_exact_under_every_fault() {
    let content = noise(600 * K);
    let (_, server) = store(&content).await;
    let client = builder(&server).with_stall_timeout(Duration::from_secs(1)).build().unwrap().0;
    for fault in [
        "return-broken-stream",
        "return-broken-stream-after-0K",
        "return-broken-stream-after-256K",
        "return-broken-stream-after-599K",
        "return-wrong-length",
        "return-reset-connection",
        "return-503",
        "return-429",
        "stall-for-2s-after-256K",
        "slow-headers-for-1s",
        "return-503-after-256K",
    ] {
        server.inject(fault.parse().unwrap());
        server.inject(Fault::BrokenStreamAfter(100 * 1024));
        let bytes = get(&client).to_bytes(ALL).await.unwrap_or_else(|e| panic!("{fault}: {e:?}"));
        assert_eq!(bytes, content, "{fault}");
        server.calm();
    }
    let ranges: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|r| r.head.header("if-range").map(str::to_owned))
        .collect();
    assert!(!ranges.is_empty() && ranges.iter().all(|etag| etag == "\"g1\""), "{ranges:?}");
}

#[tokio::test]
async fn requested_ranges() {
    let (_, server) = store(b"hello").await;
    let client = client(&server);
    let mut stream = get(&client).open().await.unwrap();
    assert_eq!(stream.content_type(), Some("text/plain"));
    assert_eq!((stream.etag(), stream.size()), (Some("\"g1\""), Some(5)));
    assert_eq!(stream.next().await.unwrap().unwrap(), "hello");
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    let request = &server.requests()[0];
    assert_eq!(request.line(), "GET /v1/files/a?alt=media");
    assert_eq!(
        (request.head.header("range"), request.head.header("accept-encoding")),
        (None, None)
    );
}

#[tokio::test]
async fn parts() {
    let content = noise(1000);
    let (_, server) = store(&content).await;
    let client = client(&server);
    let part = async |download: Download| download.to_bytes(ALL).await.unwrap();
    assert_eq!(part(get(&client).with_range(100..)).await, content[100..]);
    assert_eq!(part(get(&client).with_range(..100)).await, content[..100]);
    assert_eq!(part(get(&client).with_range(100..=199)).await, content[100..200]);
    assert_eq!(part(get(&client).with_range(900..5000)).await, content[900..]);
    assert_eq!(part(get(&client).with_last(10)).await, content[990..]);
    assert_eq!(part(get(&client).with_last(5000)).await, content);
    let error = get(&client).with_range(1000..).to_bytes(ALL).await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 416);
    let error = get(&client).with_range(5..5).to_bytes(ALL).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    // Interrupted in the middle, each resumes where it stopped.
    for (download, want) in [
        (get(&client).with_range(100..=899), &content[100..900]),
        (get(&client).with_last(500), &content[500..]),
    ] {
        server.inject(Fault::BrokenStream);
        assert_eq!(part(download).await, want);
    }
}

#[tokio::test]
async fn changed_content_is_reported() {
    let content = noise(600 * K);
    let (store, server) = store(&content).await;
    let client = client(&server);
    server.inject(Fault::BrokenStreamAfter(256 * 1024));
    let mut stream = get(&client).open().await.unwrap();
    let mut read = 0;
    while read < 256 * K {
        read += stream.next().await.unwrap().unwrap().len();
    }
    store.put("/v1/files/a", "text/plain", noise(700 * K));
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(error.to_string().contains("changed during the download, at byte 262144"), "{error}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn an_etag_can_be_required() {
    let (_, server) = store(b"hello").await;
    let client = client(&server);
    assert_eq!(get(&client).with_etag("\"g1\"").to_bytes(ALL).await.unwrap(), "hello");
    let error = get(&client).with_etag("\"g0\"").to_bytes(ALL).await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 412);
}

/// Starts a server without ETags, which may also ignore ranges.
async fn plain(headers: &'static [(&'static str, &'static str)], ranges: bool) -> FaultServer {
    FaultServer::start(move |request| async move {
        let start = request.head().header("range").filter(|_| ranges);
        let start =
            start.and_then(|r| r.trim_start_matches("bytes=").trim_end_matches('-').parse().ok());
        let body = Bytes::from(noise(1000)).slice(start.unwrap_or(0)..);
        let mut reply = Reply::new(200).with_body("text/plain", body);
        if let Some(start) = start {
            reply = reply
                .with_status(206)
                .with_header("content-range", format!("bytes {start}-999/1000"));
        }
        headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn without_a_validator_downloads_do_not_resume() {
    let server = plain(&[], true).await;
    let client = client(&server);
    server.inject(Fault::BrokenStream);
    let error = get(&client).to_bytes(ALL).await.unwrap_err();
    assert!(error.to_string().contains("broke off at byte 10"), "{error}");
    assert!(error.to_string().contains("no ETag"), "{error}");
    assert_eq!(server.requests().len(), 1);
    server.inject(Fault::BrokenStream);
    assert_eq!(get(&client).with_unvalidated_resume().to_bytes(ALL).await.unwrap(), noise(1000));
    // No byte was received: the next attempt is a new download.
    server.inject(Fault::BrokenStreamAfter(0));
    assert_eq!(get(&client).to_bytes(ALL).await.unwrap(), noise(1000));
}

#[tokio::test]
async fn other_validators_work() {
    for headers in [
        &[
            ("last-modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
            ("date", "Mon, 01 Jan 2024 00:00:01 GMT"),
        ][..],
        &[("x-goog-generation", "7")],
        &[("x-goog-hash", "md5=7")],
    ] {
        let server = plain(headers, true).await;
        server.inject(Fault::BrokenStream);
        assert_eq!(get(&client(&server)).to_bytes(ALL).await.unwrap(), noise(1000), "{headers:?}");
    }
}

#[tokio::test]
async fn a_server_that_ignores_ranges() {
    let server = plain(&[("etag", "\"e\"")], false).await;
    let client = client(&server);
    server.inject(Fault::BrokenStream);
    assert_eq!(get(&client).to_bytes(ALL).await.unwrap(), noise(1000));
    assert_eq!(get(&client).with_range(10..20).to_bytes(ALL).await.unwrap(), noise(1000)[10..20]);
    assert_eq!(get(&client).with_last(20).to_bytes(ALL).await.unwrap(), noise(1000)[980..]);
    // Without a validator, a full response may be of other content, so no byte can be skipped.
    let silent = plain(&[], false).await;
    silent.inject(Fault::BrokenStream);
    let download = get(&crate::common::client(&silent)).with_unvalidated_resume();
    let error = download.to_bytes(ALL).await.unwrap_err();
    assert!(error.to_string().contains("sent all of it instead of the rest"), "{error}");
}

#[tokio::test]
async fn corruption_is_detected() {
    let (_, server) = store(&noise(100 * K)).await;
    let client = client(&server);
    server.inject(Fault::Corrupted);
    let error = get(&client).to_bytes(ALL).await.unwrap_err();
    assert!(error.to_string().contains("damaged: its CRC-32C"), "{error}");
    // The checksum covers both connections.
    server.inject(Fault::BrokenStream);
    server.inject(Fault::Corrupted);
    assert!(get(&client).to_bytes(ALL).await.is_err());
}

#[tokio::test]
async fn failures_without_progress_end_it() {
    let (_, server) = store(&noise(100 * K)).await;
    server.inject(Fault::BrokenStreamAfter(1024));
    server.always(|_| true, Fault::BrokenStreamAfter(0));
    let error = get(&client(&server)).to_bytes(ALL).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(server.requests().len(), 5, "five failures in a row");
    server.calm();
    // Each connection returns a kilobyte, which counts as progress.
    server.always(|_| true, Fault::BrokenStreamAfter(1024));
    server.take_requests();
    assert_eq!(get(&client(&server)).to_bytes(ALL).await.unwrap(), noise(100 * K));
    assert_eq!(server.requests().len(), 100);
}

#[tokio::test]
async fn files_are_complete_or_absent() {
    let content = noise(3000 * K);
    let (_, server) = store(&content).await;
    let client = client(&server);
    let folder = std::env::temp_dir().join(format!("download-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("file");
    let names =
        || std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    server.inject(Fault::BrokenStreamAfter(1024 * 1024));
    server.inject(Fault::Status(404));
    get(&client).to_file(&path).await.unwrap_err();
    assert!(names().is_empty(), "{:?}", names());
    server.inject(Fault::BrokenStreamAfter(1024 * 1024));
    let done = get(&client).to_file(&path).await.unwrap();
    assert_eq!((done.bytes, done.etag.as_deref()), (content.len() as u64, Some("\"g1\"")));
    assert_eq!(done.content_type.as_deref(), Some("text/plain"));
    assert_eq!((std::fs::read(&path).unwrap(), names().len()), (content.clone(), 1));
    // A failed download keeps the existing file.
    server.inject(Fault::Corrupted);
    get(&client).to_file(&path).await.unwrap_err();
    assert_eq!((std::fs::read(&path).unwrap(), names().len()), (content.clone(), 1));
    // A canceled download leaves no files behind either.
    server.inject("stall-for-60s-after-2048K".parse().unwrap());
    let given_up = get(&client).to_file(&path);
    tokio::time::timeout(Duration::from_millis(500), given_up).await.unwrap_err();
    assert_eq!((std::fs::read(&path).unwrap(), names().len()), (content, 1));
    std::fs::remove_dir_all(&folder).unwrap();
    let error = get(&client).to_file("/no/such/folder/file").await.unwrap_err();
    assert!(error.to_string().contains("/no/such/folder/file"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_keeps_its_permissions_and_a_link_stays() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let content = noise(3000 * K);
    let (_, server) = store(&content).await;
    let client = client(&server);
    let folder = std::env::temp_dir().join(format!("permissions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (path, link) = (folder.join("file"), folder.join("link"));
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("file", &link).unwrap();
    let modes = |folder: &std::path::Path| -> Vec<u32> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = entries.filter(|path| !path.is_symlink());
        files.map(|path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777).collect()
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, watched) = (Arc::clone(&seen), folder.clone());
    let download = get(&client).on_progress(move |_| log.lock().unwrap().push(modes(&watched)));
    download.to_file(&link).await.unwrap();
    // During the download, both the old and the new file existed, and other users could read
    // neither.
    let seen = seen.lock().unwrap().clone();
    assert!(seen.iter().any(|modes| modes.len() == 2), "{seen:?}");
    assert!(seen.iter().flatten().all(|mode| *mode == 0o600), "{seen:?}");
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!((modes(&folder), std::fs::read(&path).unwrap()), (vec![0o600], content));
    assert_eq!(get(&client).to_file("/dev/null").await.unwrap().bytes, 3_072_000);
    let error = get(&client).to_file(&folder).await.unwrap_err();
    assert!(error.to_string().contains("is a directory"), "{error}");
    if cfg!(target_os = "linux") {
        let error = get(&client).to_file("/dev/full").await.unwrap_err();
        assert!(error.to_string().contains("cannot write /dev/full: No space"), "{error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn writers_and_progress() {
    let content = noise(600 * K);
    let (_, server) = store(&content).await;
    let client = client(&server);
    let log = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&log);
    let mut written = Vec::new();
    server.inject(Fault::BrokenStreamAfter(256 * 1024));
    let download = get(&client).on_progress(move |progress| keep.lock().unwrap().push(progress));
    assert_eq!(download.to_writer(&mut written).await.unwrap().bytes, 614_400);
    assert_eq!(written, content);
    let log = log.lock().unwrap().clone();
    assert!(log.windows(2).all(|w| w[0].confirmed < w[1].confirmed));
    let last = log.last().unwrap();
    assert_eq!((last.confirmed, last.total), (614_400, Some(614_400)));
    let error = get(&client).to_bytes(1000).await.unwrap_err();
    assert!(error.to_string().contains("limit of 1000"), "{error}");
    assert_eq!(get(&client).to_bytes(614_400).await.unwrap(), content);
}

#[tokio::test]
async fn http2_too() {
    let content = noise(600 * K);
    let (_, server) = store(&content).await;
    let transport = discovery_runtime::hyper::HyperTransport::builder();
    let transport = transport.with_http2_only().build().unwrap();
    let client = builder(&server).with_transport(transport).build().unwrap().0;
    for fault in [
        "return-broken-stream-after-256K",
        "send-goaway",
        "send-rst-stream",
        "send-refused-stream",
        "return-wrong-length",
    ] {
        server.inject(fault.parse().unwrap());
        let bytes = get(&client).to_bytes(ALL).await.unwrap_or_else(|e| panic!("{fault}: {e:?}"));
        assert_eq!(bytes, content, "{fault}");
        let upload = crate::common::insert(&client, "b", content.clone());
        let upload = upload.with_protocol(discovery_runtime::media::Protocol::Resumable);
        server.inject_when(|head| head.method == "PUT", fault.parse().unwrap());
        upload.with_chunk_size(256 * 1024).await.unwrap_or_else(|e| panic!("{fault}: {e:?}"));
    }
    assert!(server.requests().iter().all(|r| r.head.version == http::Version::HTTP_2));
}
