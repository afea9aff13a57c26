//! The command on a page of the manual, verbatim.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use serde_json::{Value, json};
use support::{Run, Server, offline};

const PAGE: &str = "--scope https://www.googleapis.com/auth/jobs projects client-events-create \
    projects/p1 -r .client-event create-time=et event-id=magna extra-info=key=no job-event \
    jobs=ipsum type=voluptua. .. parent-event-id=at request-id=sanctus";

fn words() -> Vec<&'static str> {
    PAGE.split_whitespace().collect()
}

fn event() -> Value {
    json!({"clientEvent": {
        "createTime": "et",
        "eventId": "magna",
        "extraInfo": {"key": "no"},
        "jobEvent": {"jobs": ["ipsum"], "type": "voluptua."},
        "parentEventId": "at",
        "requestId": "sanctus",
    }})
}

#[test]
fn runs_against_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json(r#"{"eventId":"magna"}"#);
    let output = Run::new(folder.path(), &server, &words()).go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(output.stdout, "{\n  \"eventId\": \"magna\"\n}\n");
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", "/v3/projects/p1/clientEvents")
    );
    assert_eq!(seen.json(), event());
    // The page's sample values are neither a timestamp nor an event type: they cause warnings, and
    // are sent.
    assert_eq!(output.stderr.matches("warning: ").count(), 2, "{}", output.stderr);
}

#[test]
fn requests_can_be_previewed() {
    let mut args = words();
    args.push("--dry-run");
    let output = offline(&args);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["body"], event());
    assert_eq!(shown["method"], "POST");
    assert_eq!(shown["scopes"], json!(["https://www.googleapis.com/auth/jobs"]));
    assert!(!output.stdout.contains("conformance-token"));
}

#[test]
fn both_spellings_are_equal() {
    let nested: Vec<&str> = PAGE.split_whitespace().collect();
    let nested: Vec<&str> = nested
        .iter()
        .flat_map(|word| match *word {
            "client-events-create" => vec!["client-events", "create"],
            word => vec![word],
        })
        .chain(["--dry-run"])
        .collect();
    let shown: Value = serde_json::from_str(&offline(&nested).stdout).unwrap();
    assert_eq!(shown["body"], event());
}

#[test]
fn methods_use_their_narrowest_scope() {
    let output = offline(&["projects", "companies-get", "projects/p/companies/c", "--dry-run"]);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["scopes"], json!(["https://www.googleapis.com/auth/jobs"]));
}
