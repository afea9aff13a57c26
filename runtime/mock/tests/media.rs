//! Uploads, downloads, and batches.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use common::Fixture;
use serde_json::{Value, json};

#[test]
fn content_is_returned_unchanged() {
    let fixture = Fixture::new();
    let media = [("content-type", "text/plain")];
    let note = fixture.send("POST", "/upload/notes?uploadType=media", &media, "plain text");
    assert_eq!(note.json()["id"], "1");
    let related = [("content-type", "multipart/related; boundary=xx")];
    let body = "--xx\r\nContent-Type: application/json\r\n\r\n{\"id\":\"n\",\"text\":\"t\"}\r\n\
                --xx\r\nContent-Type: image/png\r\n\r\n\u{1}\u{2}\r\n\r\n--xx--";
    let note = fixture.send("POST", "/upload/notes?uploadType=multipart", &related, body);
    assert_eq!((&note.json()["id"], &note.json()["text"]), (&json!("n"), &json!("t")));
    for (id, media_type, content) in
        [("1", "text/plain", "plain text"), ("n", "image/png", "\u{1}\u{2}\r\n")]
    {
        let reply = fixture.send("GET", &format!("/notes/{id}?alt=media"), &[], "");
        assert_eq!(reply.header("content-type"), Some(media_type));
        assert_eq!(reply.text, content);
        assert_eq!(fixture.ok("GET", &format!("/notes/{id}"), &Value::Null)["id"], id);
    }
    assert_eq!(fixture.ok("GET", "/notes", &Value::Null)["items"].as_array().unwrap().len(), 2);
    let bad = fixture.send("POST", "/upload/notes?uploadType=multipart", &media, "x");
    assert_eq!(bad.status, 400);
}

#[test]
fn content_type_defaults_to_the_metadata() {
    let fixture = Fixture::new();
    let send = |headers: &[(&str, &str)], protocol: &str, body: &str| {
        fixture.send("POST", &format!("/upload/notes?uploadType={protocol}"), headers, body)
    };
    let related = [("content-type", "multipart/related; boundary=xx")];
    let part = |id: &str, header: &str| {
        format!(
            "--xx\r\nContent-Type: application/json\r\n\r\n\
             {{\"id\":\"{id}\",\"mimeType\":\"text/x\"}}\r\n--xx\r\n{header}\r\nc\r\n--xx--"
        )
    };
    assert_eq!(send(&related, "multipart", &part("a", "")).status, 200);
    let given = part("b", "Content-Type: image/png\r\n");
    assert_eq!(send(&related, "multipart", &given).status, 200);
    let json = [("content-type", "application/json")];
    let start = send(&json, "resumable", r#"{"id":"c","mimeType":"text/x"}"#);
    let location = start.header("location").unwrap();
    let path = location.split_once("localhost").unwrap().1.to_owned();
    let end = fixture.send("PUT", &path, &[("content-range", "bytes 0-0/1")], "c");
    assert_eq!(end.status, 200);
    for (id, media_type) in [("a", "text/x"), ("b", "image/png"), ("c", "text/x")] {
        let content = fixture.send("GET", &format!("/notes/{id}?alt=media"), &[], "");
        assert_eq!(content.header("content-type"), Some(media_type), "{id}");
    }
}

#[test]
fn uploads_can_be_resumed() {
    let fixture = Fixture::new();
    let start = fixture.send(
        "POST",
        "/upload/notes?uploadType=resumable",
        &[("content-type", "application/json"), ("x-upload-content-type", "text/x")],
        r#"{"id":"r"}"#,
    );
    assert_eq!(start.status, 200);
    let location = start.header("location").unwrap();
    let path = location.split_once("localhost").unwrap().1.to_owned();
    // Range sent, content, status, and range received.
    for (range, chunk, status, received) in [
        ("bytes */10", "", 308, None),
        ("bytes 0-3/*", "abcd", 308, Some("bytes=0-3")),
        // A gap, then a chunk that was partly received before.
        ("bytes 6-7/*", "gh", 308, Some("bytes=0-3")),
        ("bytes 2-5/*", "cdef", 308, Some("bytes=0-5")),
        ("bytes=6", "x", 400, None),
        ("bytes 6-9/10", "ghij", 200, None),
        // A client that missed the response asks again.
        ("bytes */10", "", 200, None),
    ] {
        let reply = fixture.send("PUT", &path, &[("content-range", range)], chunk);
        assert_eq!((reply.status, reply.header("range")), (status, received), "{range}");
    }
    let content = fixture.send("GET", "/notes/r?alt=media", &[], "");
    assert_eq!(
        (content.text.as_str(), content.header("content-type")),
        ("abcdefghij", Some("text/x"))
    );
}

#[test]
fn batches_run_several_calls() {
    let fixture = Fixture::new();
    let body = "--b\r\nContent-Type: application/http\r\nContent-ID: <x + 1>\r\n\r\n\
                POST /v1/shelves?shelfId=s HTTP/1.1\r\nContent-Type: application/json\r\n\r\n\
                {\"theme\":\"t\"}\r\n\
                --b\r\nContent-ID: <x + 2>\r\n\r\nGET /v1/shelves/s?prettyPrint=false&fields=theme\r\n\r\n\r\n\
                --b\r\nContent-ID: <x + 3>\r\n\r\nGET /v1/shelves/none\r\n\r\n--b\r\n\r\nnonsense\r\n--b--\r\n";
    let headers = [("content-type", "multipart/mixed; boundary=\"b\"")];
    let reply = fixture.send("POST", "/batch", &headers, body);
    let boundary = reply.header("content-type").unwrap().split_once("boundary=").unwrap().1;
    let parts: Vec<&str> = reply.text.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 6);
    for (part, status, id) in
        [(parts[1], "200 OK", 1), (parts[2], "200 OK", 2), (parts[3], "404 Not Found", 3)]
    {
        assert!(part.contains(&format!("Content-ID: <response-x + {id}>")), "{part}");
        assert!(part.contains(&format!("HTTP/1.1 {status}\r\n")), "{part}");
    }
    assert!(parts[2].ends_with("\r\n\r\n{\"theme\":\"t\"}\n\r\n"));
    assert!(parts[4].contains("HTTP/1.1 400 Bad Request"));
    assert_eq!(fixture.send("POST", "/batch", &[], "x").status, 400);
}

#[test]
fn upload_sessions_use_the_clients_address() {
    let fixture = Fixture::new();
    for (uri, host) in
        [("/upload/notes", Some("proxy.example:81")), ("https://notes.example/upload/notes", None)]
    {
        let request = http::Request::post(format!("{uri}?uploadType=resumable"));
        let request = host.map_or(request, |host| {
            http::Request::post("/upload/notes?uploadType=resumable").header("host", host)
        });
        let reply = fixture.server.respond(request.body("{}".into()).unwrap());
        let location = reply.headers()["location"].to_str().unwrap().to_owned();
        let origin =
            host.map_or("https://notes.example".to_owned(), |host| format!("http://{host}"));
        assert!(location.starts_with(&format!("{origin}/upload/notes?")), "{location}");
    }
}

#[test]
fn uploads_can_be_canceled_and_unknown_protocols_are_rejected() {
    let fixture = Fixture::new();
    let start = fixture.send("POST", "/upload/notes?uploadType=resumable", &[], "{}");
    let path = start.header("location").unwrap().split_once("localhost").unwrap().1.to_owned();
    assert_eq!(fixture.send("DELETE", &path, &[], "").status, 499);
    assert_eq!(fixture.send("PUT", &path, &[("content-range", "bytes 0-0/1")], "c").status, 404);
    let odd = fixture.send("POST", "/upload/notes?uploadType=carrier-pigeon", &[], "x");
    assert_eq!(odd.status, 400);
    assert!(odd.text.contains("Unknown upload protocol"), "{}", odd.text);
}
