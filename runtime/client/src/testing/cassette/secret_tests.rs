//! Secrets in recordings.

use std::io::Write as _;

use super::tests::File;
use super::*;
use crate::testing::{MockTransport, Reply};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn post(uri: &str, content_type: &str, body: impl Into<Bytes>) -> http::Request<Body> {
    let request = http::Request::post(uri).header("content-type", content_type);
    let request = request.header("authorization", "Bearer SECRET-TOKEN-1");
    request.body(Body::bytes(body.into())).unwrap()
}

/// Records one exchange; returns the recording and the response of its replay.
async fn record(
    name: &str,
    request: impl Fn() -> http::Request<Body>,
    reply: Reply,
) -> (String, String) {
    let file = File::new(name);
    let mock = MockTransport::new();
    mock.expect_any().reply(reply);
    let cassette = Cassette::record(&file.0, mock);
    cassette.send(request()).await.unwrap();
    cassette.save().unwrap();
    let text = std::fs::read_to_string(&file.0).unwrap();
    let (head, body) =
        Cassette::replay(&file.0).unwrap().send(request()).await.unwrap().into_parts();
    let body = body.collect(u64::MAX).await.unwrap();
    (text, format!("{:?}\n{}", head.headers, String::from_utf8_lossy(&body)))
}

fn clean(text: &str) {
    assert!(!text.contains("SECRET"), "{text}");
}

#[tokio::test]
async fn compressed_responses_are_decompressed() {
    let json = r#"{"access_token": "SECRET-2", "name": "n"}"#;
    let reply = Reply::new(200).with_header("content-encoding", "gzip");
    let reply = reply.with_body("application/json", gzip(json));
    let request = || post("https://x/", "application/json", "{}");
    let (text, answer) = record("gzip", request, reply).await;
    clean(&text);
    assert!(!text.contains("base64") && !answer.contains("content-encoding"), "{text} {answer}");
    assert!(answer.ends_with(r#"{"access_token":"REDACTED","name":"n"}"#), "{answer}");
    let packed = || {
        let mut request = post("https://x/", "application/json", gzip(r#"{"password":"SECRET"}"#));
        request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
        request
    };
    clean(&record("gzip-request", packed, Reply::json("{}")).await.0);
}

#[tokio::test]
async fn opaque_content_is_not_recorded() {
    let packed = gzip("{\"token\": \"SECRET\"}");
    let cut = packed[..packed.len() - 9].to_vec();
    for (status, encoding, body, why) in [
        (200, "br", packed.clone(), "encoding, br, is not"),
        (200, "zstd", packed.clone(), "encoding, zstd, is not"),
        (200, "gzip, gzip", packed.clone(), "encoding, gzip, gzip, is not"),
        (206, "gzip", packed.clone(), "range of compressed content"),
        (200, "gzip", cut, "invalid gzip"),
        (200, "identity", b"\xff SECRET-TOKEN-1".to_vec(), "secret in binary data"),
    ] {
        let file = File::new(&format!("refused-{why}"));
        let mock = MockTransport::new();
        let reply = Reply::new(status).with_header("content-encoding", encoding);
        mock.expect_any().reply(reply.with_body("application/json", body));
        let cassette = Cassette::record(&file.0, mock);
        let error = cassette.send(post("https://x/", "a/b", "")).await.err().unwrap();
        assert!(error.to_string().contains(why), "{error}");
        cassette.save().unwrap();
        assert_eq!(std::fs::read_to_string(&file.0).unwrap(), "[]\n");
    }
    // No content hides nothing.
    let reply = Reply::new(204).with_header("content-encoding", "br");
    record("empty", || post("https://x/", "a/b", ""), reply).await;
}

#[tokio::test]
async fn the_calls_of_a_batch_are_redacted() {
    let call = "POST /v1/a?key=SECRET-2&alt=json HTTP/1.1\r\nauthorization: Bearer SECRET-3\r\n\
                content-length: 43\r\ncontent-type: application/json\r\n\r\n\
                {\"refresh_token\": \"SECRET-4\", \"key\": \"plain\"}";
    let body = |boundary: &str| {
        format!(
            "--{boundary}\r\nContent-Type: application/http\r\nContent-ID: <part-0>\r\n\r\n\
             {call}\r\n--{boundary}--\r\n"
        )
    };
    let answer = "--Answer\r\nContent-Type: application/http\r\nContent-ID: <response-part-0>\r\n\r\n\
                  HTTP/1.1 200 OK\r\nSet-Cookie: SECRET-5\r\nContent-Type: application/json\r\n\r\n\
                  {\"id_token\": \"SECRET-6\", \"quoted\": \"SECRET-TOKEN-1\", \"name\": \"n\"}\r\n\
                  --Answer--\r\n";
    let count = std::sync::atomic::AtomicU32::new(0);
    // Boundaries are random, that of the answer is in its header.
    let request = || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let boundary = format!("bound-{number}");
        let kind = format!("multipart/mixed; boundary={boundary}");
        post("https://x/batch", &kind, body(&boundary))
    };
    for packed in [false, true] {
        let reply = Reply::new(200);
        let kind = "multipart/mixed; boundary=\"Answer\"";
        let reply = if packed {
            reply.with_header("content-encoding", "gzip").with_body(kind, gzip(answer))
        } else {
            reply.with_body(kind, answer)
        };
        let (text, answer) = record("batch", request, reply).await;
        clean(&text);
        assert!(text.contains("<part-0>") && text.contains(r#"\"key\":\"plain\""#), "{text}");
        assert!(answer.contains("<response-part-0>") && answer.contains("HTTP/1.1 200 OK"));
        assert!(answer.contains(r#""name":"n""#), "{answer}");
    }
}

#[tokio::test]
async fn uploads_are_redacted() {
    let body = [
        &b"--B\r\ncontent-type: application/json\r\n\r\n{\"client_secret\": \"SECRET-2\"}\r\n"[..],
        b"--B\r\ncontent-type: image/png\r\n\r\n\x89PNG\xff\r\n--B--\r\n",
    ];
    let body = body.concat();
    let kind = "multipart/related; boundary=B";
    let (text, _) =
        record("related", || post("https://x/", kind, body.clone()), Reply::json("{}")).await;
    clean(&text);
    let base64 = text.split("\"base64\": \"").nth(1).unwrap().split('"').next().unwrap();
    let kept: crate::json::Bytes = base64.parse().unwrap();
    let kept = String::from_utf8_lossy(&kept).into_owned();
    assert!(
        kept.contains("REDACTED") && kept.contains("PNG") && !kept.contains("SECRET"),
        "{kept}"
    );

    for location in ["https://x/upload?upload_id=SECRET-ID-3", "https://x/sessions/SECRET-ID-4"] {
        let file = File::new("session");
        let mock = MockTransport::new();
        mock.expect_any().reply(Reply::new(200).with_header("location", location));
        mock.expect_any().reply(Reply::json("{}").with_header("x-guploader-uploadid", "SECRET-5"));
        let cassette = Cassette::record(&file.0, mock);
        let start = || post("https://x/upload?uploadType=resumable", "a/b", "");
        cassette.send(start()).await.unwrap();
        cassette.send(post(location, "a/b", "content")).await.unwrap();
        cassette.save().unwrap();
        clean(&std::fs::read_to_string(&file.0).unwrap());
        // The replayed session is used as it was recorded.
        let cassette = Cassette::replay(&file.0).unwrap();
        let head = cassette.send(start()).await.unwrap();
        let session = head.headers()["location"].to_str().unwrap().to_owned();
        cassette.send(post(&session, "a/b", "content")).await.unwrap();
        assert_eq!(cassette.unplayed(), 0);
    }
}

#[tokio::test]
async fn forms_events_and_pages_are_redacted() {
    let form = "grant_type=refresh_token&refresh_token=SECRET-2&client_secret=SECRET-3&client_id=c";
    let request = || post("https://x/token", "application/x-www-form-urlencoded", form);
    let quoted = r#"{"error": "invalid_grant", "error_description": "bad SECRET-3, SECRET-2"}"#;
    let (text, answer) = record("form", request, Reply::json(quoted)).await;
    clean(&text);
    assert!(answer.contains("bad REDACTED, REDACTED"), "{answer}");
    for (kind, body) in [
        ("text/event-stream", "data: {\"token\": \"SECRET\"}\n\ndata: {\"token\": \"SECRET\"}\n\n"),
        ("text/html", "<a href=\"https://x/?access_token=SECRET\">x</a>"),
        ("application/json", "{\"private_key\": \"SECRET"),
        ("text/plain", "you sent SECRET-TOKEN-1"),
    ] {
        let reply = Reply::new(200).with_body(kind, body);
        clean(&record("text", || post("https://x/", "a/b", ""), reply).await.0);
    }
}
