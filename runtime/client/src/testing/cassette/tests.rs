use super::*;
use crate::testing::{MockTransport, Reply};

fn request(uri: &str, body: &[u8]) -> http::Request<Body> {
    let request = http::Request::post(uri)
        .header("authorization", "Bearer SECRET-1")
        .header("content-type", "application/json");
    request.body(Body::bytes(body.to_vec())).unwrap()
}

async fn send(cassette: &Cassette, uri: &str, body: &[u8]) -> Result<(u16, Bytes), String> {
    let failed = |error: TransportError| error.to_string();
    let (head, body) = cassette.send(request(uri, body)).await.map_err(failed)?.into_parts();
    Ok((head.status.as_u16(), body.collect(u64::MAX).await.map_err(failed)?))
}

pub(super) struct File(pub(super) PathBuf);

impl File {
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cassette-{}", std::process::id()));
        Self(folder.join(format!("{name}.json")))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn recordings_are_replayed() {
    let file = File::new("replay");
    let mock = MockTransport::new();
    mock.expect_any()
        .reply(Reply::json("{\"state\":\"PENDING\"}").with_header("x-a", "b"))
        .reply(Reply::json("{\"state\":\"DONE\"}"))
        .reply(Reply::error(404, "gone"))
        .reply(Reply::new(200).with_body("image/png", &b"\x89PNG\xff"[..]));
    let cassette = Cassette::record(&file.0, mock.clone());
    let (poll, other) = ("https://x/poll?key=SECRET-2", "https://x/other");
    let mut answers = Vec::new();
    for (uri, body) in [
        (poll, &b"{\"a\": 1, \"b\": 2}"[..]),
        (poll, b"{\"a\": 1, \"b\": 2}"),
        (other, b"\xff\x00"),
        (other, b""),
    ] {
        answers.push(send(&cassette, uri, body).await.unwrap());
    }
    assert_eq!(mock.requests()[0].header("authorization"), Some("Bearer SECRET-1"));
    cassette.save().unwrap();
    let text = std::fs::read_to_string(&file.0).unwrap();
    assert!(!text.contains("SECRET"), "{text}");

    let cassette = Cassette::replay(&file.0).unwrap();
    assert_eq!(cassette.unplayed(), 4);
    // The same request with another key and order of members.
    for want in [0, 1] {
        let answer = send(&cassette, "https://x/poll?key=OTHER", b"{\"b\":2,\"a\":1}").await;
        assert_eq!(answer.unwrap(), answers[want]);
    }
    assert_eq!(send(&cassette, other, b"\xff\x00").await.unwrap(), answers[2]);
    assert_eq!(send(&cassette, other, b"").await.unwrap(), answers[3]);
    assert_eq!(cassette.unplayed(), 0);
    let error = send(&cassette, other, b"").await.unwrap_err();
    assert!(error.contains("already replayed"), "{error}");
    let error = send(&cassette, "https://x/third?key=SECRET-3", b"").await.unwrap_err();
    assert!(error.contains("POST https://x/third?key=REDACTED is not in"), "{error}");
    assert!(error.contains("its URL is https://x/poll?key=REDACTED"), "{error}");
    let head = Cassette::replay(&file.0).unwrap().send(request(poll, b"{\"a\":1,\"b\":2}")).await;
    assert_eq!(head.unwrap().headers()["x-a"], "b");
}

#[tokio::test]
async fn random_boundaries_match_again() {
    let file = File::new("boundary");
    let multipart = |boundary: &str| {
        let body = format!("--{boundary}\r\n\r\nx\r\n--{boundary}--");
        let content_type = format!("multipart/mixed; boundary={boundary}");
        let request = http::Request::post("https://x/").header("content-type", content_type);
        request.body(Body::bytes(body)).unwrap()
    };
    let mock = MockTransport::new();
    mock.expect_any();
    let cassette = Cassette::record(&file.0, mock);
    cassette.send(multipart("one")).await.unwrap();
    cassette.save().unwrap();
    Cassette::replay(&file.0).unwrap().send(multipart("two")).await.unwrap();
}

#[tokio::test]
async fn other_secrets_can_be_named() {
    let file = File::new("named");
    let mock = MockTransport::new();
    mock.expect_any().reply(Reply::json("{\"id\":\"project-7\",\"pet\":\"SECRET-4\"}"));
    let named = |cassette: Cassette| cassette.with_secret("pet").with_replacement("project-7", "P");
    let cassette = named(Cassette::record(&file.0, mock));
    send(&cassette, "https://x/project-7?pet=SECRET-5", b"").await.unwrap();
    cassette.save().unwrap();
    let text = std::fs::read_to_string(&file.0).unwrap();
    assert!(!text.contains("SECRET") && !text.contains("project-7"), "{text}");
    let cassette = named(Cassette::replay(&file.0).unwrap());
    let answer = send(&cassette, "https://x/project-7?pet=other", b"").await.unwrap();
    assert_eq!(answer.1, "{\"id\":\"P\",\"pet\":\"REDACTED\"}");
}

#[test]
fn invalid_recordings_are_rejected() {
    let file = File::new("broken");
    assert_eq!(Cassette::replay(&file.0).unwrap_err().kind(), io::ErrorKind::NotFound);
    std::fs::create_dir_all(file.0.parent().unwrap()).unwrap();
    for text in ["", "{}", "[{}]", "[{\"request\":{}}]"] {
        std::fs::write(&file.0, text).unwrap();
        let error = Cassette::replay(&file.0).unwrap_err();
        assert!(error.to_string().contains("is not a recording"), "{error}");
    }
}
