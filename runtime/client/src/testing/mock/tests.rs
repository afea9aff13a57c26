use super::*;
use crate::spec::{MethodSpec, ServiceSpec};

static API: ServiceSpec = ServiceSpec {
    id: "x:v1",
    root_url: "https://x.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "x",
    package_version: "0",
};

static GET: MethodSpec = MethodSpec::get("x.get", &API, &[]);

fn request(uri: &str, body: &'static str) -> http::Request<Body> {
    let request = http::Request::post(uri).extension(&GET).header("x-a", "b");
    request.body(Body::bytes(body)).unwrap()
}

/// Returns status and body of an exchange, or its failure.
async fn send(mock: &MockTransport, uri: &str, body: &'static str) -> Result<(u16, Bytes), String> {
    let failed = |error: TransportError| format!("{}: {error}", error.kind().as_str());
    let (head, body) = mock.send(request(uri, body)).await.map_err(failed)?.into_parts();
    Ok((head.status.as_u16(), body.collect(u64::MAX).await.map_err(failed)?))
}

const URI: &str = "https://x/v1/a?n=1&n=2&key=secret";

#[tokio::test]
async fn responses_are_sent_in_order() {
    let mock = MockTransport::new();
    mock.expect("x.get")
        .reply(Reply::new(503))
        .fail(TransportErrorKind::Connect)
        .reply_broken(Reply::json("{\"a\":1}"), 3)
        .reply_with(|request| Reply::json(request.body.clone()));
    assert_eq!(send(&mock, URI, "").await.unwrap().0, 503);
    assert!(send(&mock, URI, "").await.unwrap_err().starts_with("connect"));
    assert!(send(&mock, URI, "").await.unwrap_err().starts_with("interrupted"));
    assert!(mock.verify().unwrap_err().to_string().contains("x.get was called 3 times, not 4"));
    assert_eq!(send(&mock, URI, "echo").await.unwrap().1, "echo");
    mock.verify().unwrap();
    let requests = mock.requests();
    assert_eq!((requests.len(), requests[3].query("n")), (4, vec!["1".into(), "2".into()]));
    assert_eq!(
        format!("{:?}", requests[3]),
        "POST https://x/v1/a?n=REDACTED&n=REDACTED&key=REDACTED (x.get)"
    );
}

#[tokio::test]
async fn mismatches_are_explained() {
    let mock = MockTransport::new();
    mock.expect("x.list");
    mock.expect("x.get").path("/v1/b");
    mock.expect("x.get").query("n", "1 and 3");
    mock.expect("x.get").header("x-a", "c");
    mock.expect("x.get").header("x-b", "c");
    mock.expect("x.get").body(serde_json::json!({"a": 1}));
    mock.expect("x.get").when("is odd", |_| false);
    mock.expect_any().times(0);
    let text = send(&mock, URI, "{\"a\":2}").await.unwrap_err();
    for line in [
        "other: unexpected request POST https://x/v1/a?",
        "- x.list: another method",
        "- x.get: the path is \"/v1/a\", not \"/v1/b\"",
        "- x.get: `n` is \"1 and 2\", not \"1 and 3\"",
        "- x.get: the header `x-a` differs",
        "- x.get: the header `x-b` is missing",
        "- x.get: the body is {\"a\":2}, not {\"a\":1}",
        "- x.get: it is not a request that is odd",
        "- any method: already called 0 times",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("secret"));
    assert_eq!(mock.verify().unwrap_err().0.len(), 8, "one unexpected, seven not called");
}

#[tokio::test]
async fn matching_and_repeated_calls() {
    let mock = MockTransport::new();
    let body = serde_json::json!({"b": 1, "a": [2]});
    mock.expect("x.get").path("/v1/a").query("n", "1 and 2").header("x-a", "b").body(body).times(2);
    for _ in 0..2 {
        let answer = send(&mock, URI, "{\"a\": [2], \"b\": 1}").await.unwrap();
        assert_eq!(answer, (200, "{}".into()));
    }
    mock.verify().unwrap();
    mock.expect_any().always().reply(Reply::new(204));
    mock.verify().unwrap();
    assert_eq!(send(&mock, URI, "").await.unwrap().0, 204);
    let big = Reply::new(200).with_generated(200_000, |_, out| out.fill(7));
    let mock = MockTransport::new();
    mock.expect_any().reply(big).hang();
    assert_eq!(send(&mock, URI, "").await.unwrap().1.len(), 200_000);
    let wait = std::time::Duration::from_millis(20);
    assert!(tokio::time::timeout(wait, send(&mock, URI, "")).await.is_err());
}
