//! Content that is stored compressed, against a server with Cloud Storage's transcoding: it
//! decompresses for clients that do not accept gzip, and then ignores ranges.

use std::io::Write as _;

use bytes::Bytes;
use discovery_runtime::media::Download;
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::{Call, Client};

use crate::common::{GET, client, noise};

const ALL: u64 = u64::MAX;

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// What a test of the server varies.
#[derive(Clone, Copy)]
enum Server {
    /// Transcodes as documented.
    CloudStorage,
    /// A proxy in front decompresses whatever the client accepts.
    Decompressing,
    /// The content is stored as it is, and a front end compresses the response.
    Compressing,
}

async fn serve(kind: Server, content: Vec<u8>) -> FaultServer {
    let packed = gzip(&content);
    FaultServer::start(move |request| {
        let head = request.head();
        let accepts = head.header("accept-encoding").is_some_and(|text| text.contains("gzip"));
        let compressed = accepts && !matches!(kind, Server::Decompressing);
        let body = Bytes::from(if compressed { packed.clone() } else { content.clone() });
        let stored = if matches!(kind, Server::Compressing) { "identity" } else { "gzip" };
        let mut reply = Reply::new(200)
            .with_header("etag", "\"g1\"")
            .with_header("x-goog-stored-content-encoding", stored);
        if compressed {
            reply = reply.with_header("content-encoding", "gzip");
        }
        let range = head.header("range").filter(|_| compressed && stored == "gzip");
        let range = range.map(|range| range.trim_start_matches("bytes=").to_owned());
        let body = match range.as_deref().and_then(|range| range.split_once('-')) {
            Some((first, last)) => {
                let first = first.parse().unwrap();
                let end = last.parse::<usize>().map_or(body.len(), |last| last + 1);
                let shown = format!("bytes {first}-{}/{}", end - 1, body.len());
                reply = reply.with_status(206).with_header("content-range", shown);
                body.slice(first..end)
            }
            None => body,
        };
        let reply = reply.with_body("text/plain", body);
        async move { reply }
    })
    .await
    .unwrap()
}

fn get(client: &Client) -> Download {
    Download::new(Call::new(client, &GET).path("name", &"a"))
}

#[tokio::test]
async fn stored_bytes_are_returned_with_ranges_and_resume() {
    let content = noise(100_000);
    let packed = gzip(&content);
    let server = serve(Server::CloudStorage, content.clone()).await;
    let client = client(&server);
    assert_eq!(get(&client).to_bytes(ALL).await.unwrap(), content);
    let stored = || get(&client).with_stored_bytes();
    let mut stream = stored().open().await.unwrap();
    assert_eq!(stream.content_encoding(), Some("gzip"));
    assert_eq!(stream.size(), Some(packed.len() as u64));
    assert!(stream.next().await.unwrap().is_ok());
    assert_eq!(stored().to_bytes(ALL).await.unwrap(), packed);
    assert_eq!(stored().with_range(10..20).to_bytes(ALL).await.unwrap(), packed[10..20]);
    server.inject(Fault::BrokenStreamAfter(5000));
    server.take_requests();
    assert_eq!(stored().to_bytes(ALL).await.unwrap(), packed);
    let sent = server.requests();
    let ranges: Vec<_> = sent.iter().map(|request| request.head.header("range")).collect();
    assert_eq!(ranges, [None, Some("bytes=5000-")]);
    assert!(sent.iter().all(|request| request.head.header("accept-encoding") == Some("gzip")));
}

#[tokio::test]
async fn decompressed_content_cannot_resume() {
    let content = noise(100_000);
    let server = serve(Server::CloudStorage, content.clone()).await;
    let client = client(&server);
    // The server ignores the range; the bytes before it are skipped.
    assert_eq!(get(&client).with_range(10..20).to_bytes(ALL).await.unwrap(), content[10..20]);
    server.inject(Fault::BrokenStreamAfter(5000));
    let error = get(&client).to_bytes(ALL).await.unwrap_err();
    assert!(error.to_string().contains("decompresses the content"), "{error}");
}

#[tokio::test]
async fn stored_bytes_are_never_other_bytes() {
    let content = noise(10_000);
    let server = serve(Server::Decompressing, content.clone()).await;
    let error = get(&client(&server)).with_stored_bytes().to_bytes(ALL).await.unwrap_err();
    assert!(error.to_string().contains("another encoding than it is stored in"), "{error}");
    let server = serve(Server::Compressing, content.clone()).await;
    let client = client(&server);
    let mut stream = get(&client).with_stored_bytes().open().await.unwrap();
    assert_eq!(stream.content_encoding(), None);
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(bytes, content);
}
