//! Upload sessions that end, expire, or are used by another call.

use discovery_runtime::auth::StaticToken;
use discovery_runtime::json::Json;
use discovery_runtime::media::{Protocol, Source, Upload, UploadSession};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::{Call, Client, Error, ErrorKind};

use crate::common::{CHUNK, INSERT, K, builder, client, content_of, insert, noise, once, store};

#[tokio::test]
async fn an_expired_session_of_a_consumed_stream_is_an_error() {
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
async fn sessions_of_other_content_are_rejected() {
    let (_, server) = store().await;
    let client = client(&server);
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    let error = insert(&client, "a", noise(11)).with_session(session.clone()).await.unwrap_err();
    assert!(error.to_string().contains("for 10 bytes, but the content has 11"), "{error}");
    for other in [noise(9), noise(11)] {
        let upload = insert(&client, "a", once(&other)).with_session(session.clone());
        let error = upload.await.unwrap_err();
        assert!(format!("{error:?}").contains("expected to have 10 bytes"), "{error:?}");
    }
    server.take_requests();
    let other = session.to_json().replace("store.files.insert", "x.insert");
    let session = UploadSession::from_json(&other).unwrap();
    let error = insert(&client, "a", noise(10)).with_session(session).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.requests().len(), 0);
}

/// The content would be stored in the wrong place, or mixed with other content.
#[tokio::test]
async fn sessions_of_other_calls_are_rejected_before_sending() {
    let (_, server) = store().await;
    let (_, elsewhere) = store().await;
    let client = client(&server);
    let metadata = |title: &str| Json::from(serde_json::json!({ "title": title }));
    let call = |client: &Client, name: &str, title: &str| {
        Call::new(client, &INSERT).query("name", &name).body(&metadata(title))
    };
    let text = |content: Vec<u8>| Source::from_bytes(content).with_content_type("text/plain");
    let upload = |call: Call, source: Source| Upload::<Json>::new(call, source);
    let session = upload(call(&client, "a", "T"), text(noise(10))).start().await.unwrap();
    server.take_requests();
    let mut changed = noise(10);
    changed[5] ^= 1;
    let image = Source::from_bytes(noise(10)).with_content_type("image/png");
    let other_server = crate::common::client(&elsewhere);
    let table = [
        ("was opened at http", upload(call(&client, "b", "T"), text(noise(10)))),
        ("was opened at http", upload(call(&other_server, "a", "T"), text(noise(10)))),
        ("was opened at http", {
            upload(call(&client, "a", "T").with_query("fields", "name"), text(noise(10)))
        }),
        ("other metadata", upload(call(&client, "a", "U"), text(noise(10)))),
        ("other metadata", {
            upload(Call::new(&client, &INSERT).query("name", &"a"), text(noise(10)))
        }),
        ("is for text/plain, not for image/png", upload(call(&client, "a", "T"), image)),
        ("for 10 bytes, but the content has 11", upload(call(&client, "a", "T"), text(noise(11)))),
        ("has changed since the upload session", upload(call(&client, "a", "T"), text(changed))),
    ];
    for (part, upload) in table {
        let error = upload.with_session(session.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(part), "{part}: {error}");
        assert!(!UploadSession::survives(&error), "{error}");
    }
    let other = upload(call(&client, "b", "T"), text(noise(10))).with_session(session.clone());
    other.cancel().await.expect_err("nor can another call cancel it");
    assert_eq!((server.requests().len(), elsewhere.requests().len()), (0, 0));
    // An API key is neither part of a session's identity nor stored.
    let keyed = call(&client, "a", "T").with_query("key", "SECRET");
    let session = upload(keyed, text(noise(10))).start().await.unwrap();
    assert!(!session.to_json().contains("SECRET"), "{}", session.to_json());
    upload(call(&client, "a", "T"), text(noise(10))).with_session(session).await.unwrap();
}

#[tokio::test]
async fn errors_state_whether_the_session_is_usable() {
    let (_, server) = store().await;
    let client = client(&server);
    for (status, survives) in [
        (400, false),
        (401, true),
        (403, false),
        (409, false),
        (412, false),
        (429, true),
        (499, false),
        (500, true),
        (503, true),
    ] {
        let session = insert(&client, "a", noise(10)).start().await.unwrap();
        server.always(|head| head.method == "PUT", Fault::Status(status));
        let error = insert(&client, "a", noise(10)).with_session(session).await.unwrap_err();
        assert_eq!(UploadSession::survives(&error), survives, "{error}");
        server.calm();
    }
    // An expired session is replaced once; if that fails, it is unusable.
    for status in [404, 410] {
        let session = insert(&client, "a", noise(10)).start().await.unwrap();
        server.always(|head| head.method == "PUT", Fault::Status(status));
        server.take_requests();
        let error = insert(&client, "a", noise(10)).with_session(session).await.unwrap_err();
        assert!(!UploadSession::survives(&error), "{error}");
        let verbs: Vec<_> = server.requests().iter().map(|r| r.head.method.to_string()).collect();
        assert_eq!(verbs, ["PUT", "POST", "PUT"], "{status}");
        server.calm();
    }
}

#[tokio::test]
async fn sessions_can_be_canceled() {
    let (_, server) = store().await;
    let client = client(&server);
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    for _ in 0..2 {
        insert(&client, "a", noise(10)).with_session(session.clone()).cancel().await.unwrap();
    }
    let error = insert(&client, "a", noise(10)).cancel().await.unwrap_err();
    assert!(error.to_string().contains("no session to cancel"), "{error}");
    // The session was canceled: the upload restarts.
    insert(&client, "a", noise(10)).with_session(session).await.unwrap();
    let verbs: Vec<_> = server.requests().iter().map(|r| r.head.method.to_string()).collect();
    assert_eq!(verbs, ["POST", "DELETE", "DELETE", "PUT", "POST", "PUT"]);
}

#[tokio::test]
async fn tokens_are_sent_only_to_the_api() {
    let (other_store, other) = store().await;
    let other_client = client(&other);
    let session = insert(&other_client, "a", noise(10)).start().await.unwrap();
    let location = session.uri().to_owned();
    let api = FaultServer::replying(Reply::new(200).with_header("location", &location));
    let api = api.await.unwrap();
    let token = StaticToken::new("SECRET-TOKEN");
    let client = builder(&api).with_credentials(token).build().unwrap().0;
    insert(&client, "a", noise(10)).with_protocol(Protocol::Resumable).await.unwrap();
    let sent = |server: &FaultServer| {
        let requests = server.requests();
        requests.last().unwrap().head.header("authorization").map(str::to_owned)
    };
    assert_eq!(sent(&api).as_deref(), Some("Bearer SECRET-TOKEN"));
    assert_eq!(sent(&other), None);
    assert_eq!(content_of(&other_store, "a"), noise(10));
}

#[tokio::test]
async fn no_session_is_shown() {
    let (_, server) = store().await;
    let client = client(&server);
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    let json = session.to_json().replace("upload_id=", "upload_id=SECRET-");
    let session = UploadSession::from_json(&json).unwrap();
    assert!(session.uri().contains("SECRET-"));
    server.always(|head| head.method == "PUT", Fault::Status(400));
    let upload = insert(&client, "a", noise(10)).with_session(session.clone());
    let mut shown = format!("{session:?} {upload:?} {:?}", server);
    let mut error: Option<&dyn std::error::Error> = None;
    let failed: Error = upload.await.unwrap_err();
    error.get_or_insert(&failed);
    while let Some(cause) = error {
        shown += &format!("{cause} {cause:?}");
        error = cause.source();
    }
    shown += &format!("{:?}", server.requests());
    assert!(!shown.contains("SECRET"), "{shown}");
}
