//! Sources of uploads, and progress reports.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime::json::Json;
use discovery_runtime::media::{Protocol, Source, Upload};
use discovery_runtime::testing::Fault;
use discovery_runtime::{Call, ErrorKind, blocking};

use crate::common::{
    CHUNK, INSERT, INSERT_PHOTO, K, LIST, client, content_of, insert, noise, store,
};

#[tokio::test]
async fn errors_are_reported_before_sending() {
    let (_, server) = store().await;
    let client = client(&server);
    let photo = |len| Upload::<Json>::new(Call::new(&client, &INSERT_PHOTO), noise(len));
    let error = photo(1001).await.unwrap_err();
    assert!(error.to_string().contains("1001 bytes; the method accepts at most 1000"), "{error}");
    let error = photo(1).with_protocol(Protocol::Resumable).await.unwrap_err();
    assert!(error.to_string().contains("does not offer"), "{error}");
    let error = Upload::<Json>::new(Call::new(&client, &LIST), noise(1)).await.unwrap_err();
    assert!(error.to_string().contains("does not accept media"), "{error}");
    let error = insert(&client, "a", noise(1)).with_protocol(Protocol::Simple).await.unwrap_err();
    assert!(error.to_string().contains("metadata"), "{error}");
    let error = insert(&client, "a", Source::from_path("/no/such/file")).await.unwrap_err();
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
    let upload = insert(&client, "a", Source::from_path(&path)).with_protocol(Protocol::Resumable);
    upload.with_chunk_size(u64::MAX).await.unwrap();
    assert_eq!(content_of(&store, "a"), content);
    let open = Source::from_file(std::fs::File::open(&path).unwrap()).unwrap();
    insert(&client, "b", open).await.unwrap();
    assert_eq!(content_of(&store, "b"), content);
    // A truncated file is reported and not sent.
    let open = Source::from_file(std::fs::File::open(&path).unwrap()).unwrap();
    std::fs::write(&path, &content[..100]).unwrap();
    let error = insert(&client, "c", open).await.unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert!(format!("{error:?}").contains("before its initial size"), "{error:?}");
    assert!(store.object("/v1/files/c").is_none());
}

#[tokio::test]
async fn readers_are_opened_where_needed() {
    let (store, server) = store().await;
    let content = noise(700 * K);
    let copy = content.clone();
    let source = Source::from_opener(content.len() as u64, move |offset| {
        let rest = copy[usize::try_from(offset).unwrap()..].to_vec();
        async move { Ok(std::io::Cursor::new(rest)) }
    });
    let upload = insert(&client(&server), "a", source).with_chunk_size(CHUNK);
    upload.with_protocol(Protocol::Resumable).await.unwrap();
    assert_eq!(content_of(&store, "a"), content);
    let once = Source::from_reader(std::io::Cursor::new(content.clone()));
    insert(&client(&server), "b", once).await.unwrap();
    assert_eq!(content_of(&store, "b"), content);
}

#[tokio::test]
async fn progress_is_reported() {
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

/// A blocking call in the callback of another would wait for itself.
#[test]
fn a_progress_callback_cannot_make_a_blocking_call() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let (_store, server) = servers.block_on(store());
    let client = client(&server);
    let (other, errors) = (client.clone(), Arc::new(Mutex::new(Vec::new())));
    let keep = Arc::clone(&errors);
    let upload = insert(&client, "a", noise(600 * K)).with_chunk_size(CHUNK);
    let upload = upload.with_protocol(Protocol::Resumable).on_progress(move |_| {
        let call = Call::new(&other, &LIST);
        let answer = blocking::wait(async move { call.send::<Json>().await });
        keep.lock().unwrap().push(answer.unwrap_err().to_string());
    });
    blocking::wait(upload.send()).unwrap().unwrap();
    let errors = errors.lock().unwrap();
    assert!(errors.len() >= 3, "{errors:?}");
    assert!(errors.iter().all(|error| error.contains("cannot make a blocking call")), "{errors:?}");
    // Later calls are not affected.
    let call = Call::new(&client, &LIST);
    let error = blocking::wait(async move { call.send::<Json>().await }).unwrap().unwrap_err();
    assert_eq!(error.message(), "no such object");
}

#[tokio::test]
async fn the_deadline_of_the_call_applies() {
    let (_, server) = store().await;
    let client = client(&server);
    server.always(|head| head.method == "PUT", Fault::StallAlways);
    let call = Call::new(&client, &INSERT).with_timeout(Duration::from_millis(300));
    let upload: Upload<Json> = Upload::new(call, noise(10)).with_protocol(Protocol::Resumable);
    let error = tokio::time::timeout(Duration::from_secs(20), upload.send()).await.unwrap();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_file_has_the_type_of_its_name() {
    let (_, server) = store().await;
    let client = client(&server);
    let folder = std::env::temp_dir().join(format!("types-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("photo.PNG");
    std::fs::write(&path, "content").unwrap();
    let send = async |source: Source| {
        let call = Call::new(&client, &INSERT).query("name", &"a");
        let call = call.body(&Json::from(serde_json::json!({"title": "T"})));
        let upload = Upload::<Json>::new(call, source).with_protocol(Protocol::Multipart);
        upload.await.unwrap();
        String::from_utf8(server.take_requests()[0].body.to_vec()).unwrap()
    };
    let sent = send(Source::from_path(&path)).await;
    assert!(sent.to_lowercase().contains("content-type: image/png"), "{sent}");
    let sent = send(Source::from_path(&path).with_content_type("text/x")).await;
    assert!(sent.to_lowercase().contains("content-type: text/x"), "{sent}");
    std::fs::remove_dir_all(&folder).unwrap();
}
