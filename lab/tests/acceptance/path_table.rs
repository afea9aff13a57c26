//! Unusual values of path parameters are encoded exactly, or rejected before anything is sent.
//!
//! The unit tests in `src/path_tests.rs` check a longer table without a server.

use discovery_runtime::json::Json;
use discovery_runtime::{Call, ErrorKind};

use crate::common::{GET, client};
use crate::jobs;
use crate::support::server;

/// Value, path below `/v3/` for `{+name}`, and path below `/v1/files/` for `{name}`. `None`: the
/// call is rejected before anything is sent.
const TABLE: &[(&str, Option<&str>, Option<&str>)] = &[
    ("projects/p", Some("projects/p"), Some("projects%2Fp")),
    ("..", None, None),
    (".", None, None),
    ("a/../b", None, Some("a%2F..%2Fb")),
    ("%2e%2e", None, Some("%252e%252e")),
    ("a\tb", Some("a%09b"), Some("a%09b")),
    ("a/%2e%2e/b", None, Some("a%2F%252e%252e%2Fb")),
    ("a%2Fb", Some("a%252Fb"), Some("a%252Fb")),
    ("x?y#z", Some("x%3Fy%23z"), Some("x%3Fy%23z")),
    ("ünï ☃", Some("%C3%BCn%C3%AF%20%E2%98%83"), Some("%C3%BCn%C3%AF%20%E2%98%83")),
    ("", None, None),
    ("a//b", Some("a//b"), Some("a%2F%2Fb")),
    ("a\nb", None, None),
    ("100%", Some("100%25"), Some("100%25")),
    ("a+b&c=d", Some("a%2Bb%26c%3Dd"), Some("a%2Bb%26c%3Dd")),
    ("~-_.", Some("~-_."), Some("~-_.")),
];

fn check(value: &str, sent: &[String], outcome: Option<ErrorKind>, expected: Option<String>) {
    assert_eq!(sent, expected.as_slice(), "{value:?}");
    assert_eq!(outcome, expected.is_none().then_some(ErrorKind::InvalidRequest), "{value:?}");
}

#[tokio::test]
async fn wire_bytes_of_unusual_values() {
    let server = server("{}").await;
    let jobs = jobs(&server).build().unwrap();
    let files = client(&server);
    let paths = || -> Vec<String> {
        let path = |request: &discovery_runtime::testing::Recorded| {
            request.line().split([' ', '?']).nth(1).unwrap().to_owned()
        };
        server.take_requests().iter().map(path).collect()
    };
    for (value, reserved, simple) in TABLE {
        let outcome = jobs.projects().companies().get(value).send().await.map(drop);
        let expected = reserved.map(|path| format!("/v3/{path}"));
        check(value, &paths(), outcome.err().map(|error| error.kind()), expected);
        let outcome = Call::new(&files, &GET).path("name", value).send::<Json>().await;
        let expected = simple.map(|path| format!("/v1/files/{path}"));
        check(value, &paths(), outcome.err().map(|error| error.kind()), expected);
    }
}
