//! Uploads are byte-exact under every fault, never send bytes that the server already has, fail if
//! they make no progress, and can be resumed by another process.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime::ErrorKind;
use discovery_runtime::media::{Protocol, Source, UploadSession};
use discovery_runtime::testing::{Fault, FaultServer};

use crate::common::{CHUNK, K, builder, client, content_of, insert, noise, once, store};

/// Every fault, at the first, second, and last chunk, for replayable content and for a stream.
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
                let source =
                    if streamed { once(&content) } else { Source::from_bytes(content.clone()) };
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
async fn the_servers_range_takes_precedence() {
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
async fn uploads_without_progress_fail() {
    let (store, server) = store().await;
    let client = client(&server);
    let keeper = store.clone();
    let upload = insert(&client, "a", noise(600 * K)).with_chunk_size(CHUNK);
    let upload =
        upload.with_protocol(Protocol::Resumable).on_progress(move |_| keeper.keep_at_most(0));
    let error = upload.await.unwrap_err();
    assert!(error.to_string().contains("stored no byte"), "{error}");
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
async fn another_process_resumes() {
    let content = noise(1400 * K);
    for streamed in [false, true] {
        let (store, server) = store().await;
        let source = || if streamed { once(&content) } else { content.clone().into() };
        let stored = Arc::new(Mutex::new(String::new()));
        let keep = Arc::clone(&stored);
        // The first process fails permanently in its third chunk.
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
        // The second process only has the serialized session.
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

/// Environment variables for the child processes of the test below: URL of the server, and file of
/// the session.
const SERVER: &str = "ACCEPTANCE_UPLOAD_SERVER";
const SESSION: &str = "ACCEPTANCE_UPLOAD_SESSION";

/// Child process of [`a_killed_process_is_followed_by_another`]: uploads, stores the session in a
/// file, and resumes an existing one. Does nothing when run as a normal test.
#[tokio::test]
async fn process_that_uploads() {
    let (Ok(server), Ok(file)) = (std::env::var(SERVER), std::env::var(SESSION)) else { return };
    let client = crate::common::Store::builder_at(&server).build().unwrap().0;
    let mut upload = insert(&client, "a", noise(1400 * K)).with_chunk_size(CHUNK);
    upload = match std::fs::read_to_string(&file) {
        Ok(session) => upload.with_session(UploadSession::from_json(&session).unwrap()),
        Err(_) => upload.with_protocol(Protocol::Resumable),
    };
    let keep = move |session: &UploadSession| {
        // Replaced atomically, for concurrent readers.
        let new = format!("{file}.new");
        std::fs::write(&new, session.to_json()).unwrap();
        std::fs::rename(&new, &file).unwrap();
    };
    upload.on_session(keep).await.unwrap();
}

fn process(server: &FaultServer, session: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "uploads::process_that_uploads"])
        .env(SERVER, server.url())
        .env(SESSION, session)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_is_followed_by_another() {
    let (store, server) = store().await;
    let folder = crate::support::Folder::new();
    let session = folder.path().join("session.json");
    // The third chunk is started and never completes.
    let stuck = |head: &discovery_runtime::testing::Head| {
        head.header("content-range").is_some_and(|range| range.starts_with("bytes 524288-"))
    };
    let wait = Duration::from_secs(600);
    server.always(stuck, Fault::StallForAfter { wait, bytes: 100 * 1024 });
    let mut first = process(&server, &session);
    let confirmed = || {
        let kept = std::fs::read_to_string(&session).ok()?;
        Some(UploadSession::from_json(&kept).unwrap().confirmed())
    };
    // Two chunks are stored, and the server has received the headers of the third.
    while confirmed() != Some(2 * CHUNK) || server.requests().len() < 4 {
        assert!(first.try_wait().unwrap().is_none(), "the first process has ended by itself");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(store.object("/v1/files/a").is_none());
    server.calm();
    server.take_requests();
    let second = process(&server, &session).wait().unwrap();
    assert!(second.success());
    assert_eq!(content_of(&store, "a"), noise(1400 * K));
    let requests = server.requests();
    let range = |at: usize| requests[at].head.header("content-range").unwrap().to_owned();
    assert_eq!(range(0), "bytes */1433600", "it asks what the server has");
    assert!(range(1).starts_with("bytes 524288-"), "and sends the rest: {}", range(1));
}
