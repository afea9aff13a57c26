//! Error messages.

use discovery_runtime::CallOptions;
use std::error::Error as _;
use std::time::Duration;

use discovery_runtime::clock::ManualClock;
use discovery_runtime::error::{HttpFailure, Phase};
use discovery_runtime::retry::NoRetry;
use discovery_runtime::status::{BodyForm, Code, Detail};
use discovery_runtime::transport::TransportErrorKind;
use discovery_runtime::{Error, ErrorKind};

use crate::api::Thing;
use crate::script::{Script, Step};

async fn failing(step: Step) -> Error {
    let client = Script::new([step]).client(&ManualClock::jumping()).with_retry(NoRetry);
    client.build().unwrap().get("a/b").send().await.unwrap_err()
}

#[tokio::test]
async fn googles_status_with_all_details() {
    let body = r#"{"error":{"code":400,"message":"Request is bad.","status":"INVALID_ARGUMENT",
     "details":[
      {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"FIELD_BAD",
       "domain":"things.googleapis.com","metadata":{"service":"things","n":1}},
      {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[
        {"field":"thing.name","description":"too long","reason":"LENGTH"},{"field":"x"}]},
      {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
        {"subject":"project:1","description":"d"}]},
      {"@type":"type.googleapis.com/google.rpc.Help","links":[
        {"description":"Docs","url":"https://example.com"}]},
      {"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"de","message":"Nein"},
      {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.25s"},
      {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"r1"},
      {"@type":"type.googleapis.com/other.Thing","x":1}]}}"#;
    let error = failing(Step::status(400, body)).await;
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.code(), Some(Code::InvalidArgument));
    assert_eq!(error.reason(), Some("FIELD_BAD"));
    assert_eq!(error.domain(), Some("things.googleapis.com"));
    assert_eq!(error.retry_after(), Some(Duration::from_millis(250)));
    assert_eq!(error.method_id(), Some("things.get"));
    assert!(!error.maybe_sent());
    let fields: Vec<&str> = error.field_violations().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["thing.name", "x"]);
    assert_eq!(error.request_id(), Some("r1"));
    let step = Step::status(500, "").with("x-goog-request-id", "r2");
    assert_eq!(failing(step).await.request_id(), Some("r2"));
    let status = error.status().unwrap();
    assert_eq!(status.localized_message(), Some("Nein"));
    assert_eq!(status.metadata().unwrap()["n"], "1");
    assert_eq!(status.details().len(), 8);
    assert!(matches!(&status.details()[2], Detail::QuotaFailure { violations }
        if violations[0].subject == "project:1"));
    assert!(matches!(&status.details()[3], Detail::Help { links }
        if links[0].url == "https://example.com"));
    assert!(matches!(&status.details()[7], Detail::Other(json) if json["x"] == 1));
    assert_eq!(
        error.to_string(),
        "things.get: Request is bad. (HTTP 400, INVALID_ARGUMENT, reason FIELD_BAD, \
         retry after 250.0ms)"
    );
}

#[tokio::test]
async fn the_older_form() {
    let body = r#"{"error":{"errors":[{"domain":"usageLimits","reason":"accessNotConfigured",
        "message":"Not on.","locationType":"parameter","location":"key"}],
        "code":403,"message":"Access Not Configured."}}"#;
    let error = failing(Step::status(403, body)).await;
    assert_eq!(error.code(), Some(Code::PermissionDenied));
    assert_eq!(error.reason(), Some("accessNotConfigured"));
    assert_eq!(error.domain(), Some("usageLimits"));
    assert_eq!(error.status().unwrap().errors()[0].location, "key");
    assert!(error.is_denied());
}

#[tokio::test]
async fn bodies_other_than_a_status() {
    let table = [
        ("", BodyForm::Empty, "the server gave no reason"),
        ("  \n", BodyForm::Empty, "the server gave no reason"),
        (
            "<html><title>502 Bad\nGateway</title></html>",
            BodyForm::Html,
            "the server answered with an HTML page: 502 Bad",
        ),
        ("<!doctype html><p>x", BodyForm::Html, "the server answered with an HTML page"),
        (
            "{\"error\":{\"code\"",
            BodyForm::Truncated,
            "the server answered with truncated JSON: {\"error\":{\"code\"",
        ),
        ("upstream connect error", BodyForm::Text, "the server answered with text: upstream"),
        (
            "{\"message\":\"no\"}",
            BodyForm::Json,
            "the server answered with JSON in an unknown form",
        ),
        ("[{\"error\":{\"code\":404,\"message\":\"gone\"}}]", BodyForm::Array, "gone"),
        (
            "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}",
            BodyForm::OAuth,
            "invalid_grant: expired",
        ),
        ("\u{feff}{\"error\":{\"message\":\"bom\"}}", BodyForm::Status, "bom"),
    ];
    for (body, form, message) in table {
        let error = failing(Step::status(404, body)).await;
        assert_eq!(error.http().unwrap().form(), form, "{body}");
        assert!(error.message().starts_with(message), "{body}: {}", error.message());
        assert_eq!(error.code(), Some(Code::NotFound), "{body}");
        assert!(!error.to_string().contains('\n'), "{body}");
    }
}

/// Statuses without their usual parts, or without the envelope.
#[tokio::test]
async fn sparse_and_bare_statuses() {
    let sorting = r#"{"reason":"badRequest","message":"Sorting is not supported here."}"#;
    let table = [
        (400, format!(r#"{{"error":{{"errors":[{sorting}]}}}}"#), Code::InvalidArgument, "Sorting"),
        (
            400,
            format!(r#"{{"errors":[{{"reason":"x"}},{sorting}]}}"#),
            Code::InvalidArgument,
            "Sorting",
        ),
        (
            501,
            r#"{"error":{"code":501,"status":"UNIMPLEMENTED"}}"#.into(),
            Code::Unimplemented,
            "the server gave no message",
        ),
        (409, r#"{"code":6,"message":"It is there."}"#.into(), Code::AlreadyExists, "It is there."),
        (404, r#"{"code":"5","message":"Gone.","details":[]}"#.into(), Code::NotFound, "Gone."),
        (404, r#"{"status":"NOT_FOUND","message":"Gone."}"#.into(), Code::NotFound, "Gone."),
        (500, r#"[{"code":13,"message":"Broken."}]"#.into(), Code::Internal, "Broken."),
    ];
    for (http, body, code, message) in table {
        let error = failing(Step::status(http, &body)).await;
        assert_eq!(error.code(), Some(code), "{body}");
        assert!(error.message().starts_with(message), "{body}: {}", error.message());
        assert!(error.status().is_some(), "{body}");
    }
}

/// Services with the older format respond with 409 to duplicates and to other conflicts.
#[tokio::test]
async fn duplicates_and_other_conflicts() {
    let table = [
        ("create", "conflict", true),
        ("get", "conflict", false),
        ("get", "alreadyExists", true),
        ("get", "duplicate", true),
        ("create", "backendError", false),
    ];
    for (method, reason, duplicate) in table {
        let body = format!(r#"{{"error":{{"code":409,"errors":[{{"reason":"{reason}"}}]}}}}"#);
        let client = Script::new([Step::status(409, &body)]).client(&ManualClock::jumping());
        let client = client.with_retry(NoRetry).build().unwrap();
        let error = match method {
            "create" => client.create("a", &Thing::named("n")).send().await.unwrap_err(),
            _ => client.get("a/b").send().await.unwrap_err(),
        };
        assert_eq!(error.is_already_exists(), duplicate, "{method} {reason}");
        assert!(error.is_conflict(), "{method} {reason}");
    }
}

#[tokio::test]
async fn long_bodies_are_truncated_with_a_note() {
    let long = "x".repeat(HttpFailure::BODY_LIMIT + 5);
    let error = failing(Step::status(500, &long)).await;
    let http = error.http().unwrap();
    assert_eq!((http.body().len(), http.is_truncated()), (HttpFailure::BODY_LIMIT, true));
    assert!(error.to_string().len() < 1000);
    let exact = "x".repeat(HttpFailure::BODY_LIMIT);
    assert!(!failing(Step::status(500, &exact)).await.http().unwrap().is_truncated());
}

#[tokio::test]
async fn server_text_cannot_forge_lines() {
    let body = r#"{"error":{"message":"a\nERROR forged\u001b[31m","code":400}}"#;
    let text = failing(Step::status(400, body)).await.to_string();
    assert_eq!(text, "things.get: a ERROR forged [31m (HTTP 400)");
}

#[tokio::test]
async fn codes_and_the_chance_of_execution() {
    let table = [
        (400, Code::InvalidArgument, false),
        (401, Code::Unauthenticated, false),
        (404, Code::NotFound, false),
        (408, Code::DeadlineExceeded, true),
        (409, Code::Aborted, false),
        (412, Code::FailedPrecondition, false),
        (416, Code::OutOfRange, false),
        (429, Code::ResourceExhausted, false),
        (499, Code::Cancelled, false),
        (500, Code::Internal, true),
        (501, Code::Unimplemented, true),
        (503, Code::Unavailable, true),
        (504, Code::DeadlineExceeded, true),
    ];
    for (status, code, maybe) in table {
        let error = failing(Step::status(status, "")).await;
        assert_eq!((error.code(), error.maybe_sent()), (Some(code), maybe), "{status}");
        assert_eq!(error.http_status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn failures_below_http() {
    let error = failing(Step::Fail(TransportErrorKind::Connect)).await;
    assert!(error.is_connect() && !error.maybe_sent());
    assert_eq!((error.phase(), error.attempts()), (Phase::Send, 1));
    assert_eq!(error.source().unwrap().to_string(), "scripted failure");
    assert_eq!(error.to_string(), "things.get: scripted failure");
    let error = failing(Step::Break).await;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Transport, Phase::Body));
}

#[tokio::test]
async fn errors_are_reported_before_sending() {
    let script = Script::new([]);
    let client = script.client(&ManualClock::jumping()).build().unwrap();
    let thing = Thing::default();
    let errors = [
        client.get("a/..").send().await.unwrap_err(),
        client.get("").send().await.unwrap_err(),
        client.create("%2e%2e", &thing).send().await.unwrap_err(),
        client.get("a").with_header("bad name", "x").send().await.unwrap_err(),
        client.get("a").with_header("x", "line\nbreak").send().await.unwrap_err(),
        client.get("a").with_header("host", "evil.example").send().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().starts_with("things."), "{error}");
        assert_eq!((error.attempts(), error.maybe_sent()), (0, false));
    }
    assert_eq!(script.count(), 0);
}

#[test]
fn errors_and_calls_are_small_and_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    crosses::<discovery_runtime::Client>();
    crosses::<discovery_runtime::Call>();
    assert_eq!(size_of::<Error>(), 2 * size_of::<usize>());
    assert_eq!(size_of::<crate::api::Get>(), 2 * size_of::<usize>());
}
