//! Successful statuses with invalid responses.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use support::{Answer, Output, Run, SINK, Server};

fn run(words: &[&str], sink: bool, kind: &'static str, body: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let body = body.to_owned();
    let server = Server::of(move |_, _| Answer::of(200, kind, body.as_bytes()));
    let run = Run::new(folder.path(), &server, words);
    if sink { run.of(SINK).go() } else { run.go() }
}

const DELETE: &[&str] = &["projects", "companies", "delete", "projects/p/companies/c"];
const GET: &[&str] = &["projects", "companies", "get", "projects/p/companies/c"];

#[test]
fn html_pages_are_errors() {
    for words in [DELETE, GET] {
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
        let output = run(words, false, "text/html", page);
        assert_ne!(output.status, 0, "{}", output.stdout);
        assert_eq!(output.stdout, "");
        assert!(output.stderr.contains("an HTML page, not JSON: Sign in"), "{}", output.stderr);
    }
}

/// A method without a response schema.
#[test]
fn html_pages_are_errors_without_a_response_schema() {
    let words = &["required-by-buckets", "delete", "b"];
    let output = run(words, true, "text/html", "<html><title>Sign in</title>");
    assert_ne!(output.status, 0, "{}", output.stdout);
    assert!(output.stderr.contains("an HTML page, not JSON"), "{}", output.stderr);
    let output = run(words, true, "text/html", "");
    assert_eq!((output.status, &*output.stdout), (0, ""), "{}", output.stderr);
}

#[test]
fn errors_in_successful_responses_are_errors() {
    let error = r#"{"error":{"code":403,"message":"not yours","status":"PERMISSION_DENIED"}}"#;
    let output = run(GET, false, "application/json", error);
    assert_ne!(output.status, 0);
    assert_eq!(output.stdout, "");
    assert!(output.stderr.contains("403 PERMISSION_DENIED: not yours"), "{}", output.stderr);

    // An interrupted stream: its items, then the error.
    let stream = format!(r#"[{{"name":"a"}},{{"name":"b"}},{error}]"#);
    let output = run(GET, false, "application/json", &stream);
    assert_ne!(output.status, 0);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&output.stdout).unwrap(),
        serde_json::json!([{"name": "a"}, {"name": "b"}])
    );
    assert!(output.stderr.contains("not yours (after 2 items)"), "{}", output.stderr);
}

#[test]
fn streams_are_lines() {
    let talk = &["streams", "stream-talk", "s", "-r", "."];
    for (kind, body) in [
        ("application/json", r#"[{"text":"a"},{"text":"b"}]"#),
        ("text/event-stream", "data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\"}\n\n"),
    ] {
        let output = run(talk, true, kind, body);
        assert_eq!(output.status, 0, "{kind}: {}", output.stderr);
        assert_eq!(output.stdout, "{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "{kind}");
    }
    let error = r#"{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}"#;
    let output = run(talk, true, "application/json", &format!(r#"[{{"text":"a"}},{error}]"#));
    assert_ne!(output.status, 0);
    assert_eq!(output.stdout, "{\"text\":\"a\"}\n");
    assert!(output.stderr.contains("slow down"), "{}", output.stderr);
}

/// Values that do not fit their types, the place of the first, and what is wrong with it.
const MISFITS: [(&str, &str, &str); 6] = [
    (r#"{"suspended":"true"}"#, "/suspended", "expected a boolean, found a string"),
    (r#"{"name":5}"#, "/name", "expected a string, found a number"),
    (r#"{"derivedInfo":[]}"#, "/derivedInfo", "expected an object, found a list"),
    (
        r#"{"keywordSearchableJobCustomAttributes":["a",null]}"#,
        "/keywordSearchableJobCustomAttributes/1",
        "expected a string, found null",
    ),
    (r#"{"size":5.5}"#, "/size", "expected a string, found a number"),
    (
        r#"{"derivedInfo":{"headquartersLocation":{"latLng":{"latitude":"x"}}}}"#,
        "/derivedInfo/headquartersLocation/latLng/latitude",
        "expected a number, found a string",
    ),
];

#[test]
fn values_that_do_not_fit_are_printed_or_refused() {
    for (body, pointer, reason) in MISFITS {
        let output = run(GET, false, "application/json", body);
        assert_eq!((output.status, &*output.stderr), (0, ""), "{body}");
        let printed: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(printed, serde_json::from_str::<serde_json::Value>(body).unwrap());
        let output = run(&[GET, &["--strict"]].concat(), false, "application/json", body);
        assert!(output.status != 0 && output.stdout.is_empty(), "{}", output.stdout);
        for part in ["jobs.projects.companies.get", &format!("{pointer} "), reason] {
            assert!(output.stderr.contains(part), "{part} is missing: {}", output.stderr);
        }
    }
    let good = r#"{"suspended":true,"name":"n","size":"MINI","derivedInfo":null,"new":[1]}"#;
    let output = run(&[GET, &["--strict"]].concat(), false, "application/json", good);
    assert_eq!(output.status, 0, "{}", output.stderr);
}

/// The library refuses them too.
#[test]
fn answers_of_another_form_are_errors() {
    let list: &[&str] = &["projects", "companies", "list", "projects/p"];
    let all = &[list, &["--all"]].concat();
    for (body, found) in [
        ("null", "expected an object, found null"),
        ("5", "expected an object, found a number"),
        ("\"{}\"", "expected an object, found a string"),
        ("", "the answer has no body"),
        (" \n", "the answer has no body"),
    ] {
        for words in [GET, DELETE, list, all] {
            let output = run(words, false, "application/json", body);
            assert!(output.status != 0 && output.stdout.is_empty(), "{words:?} {body}: {output:?}");
            assert!(output.stderr.contains(found), "{words:?} {body}: {}", output.stderr);
        }
    }
    // Perhaps the messages of a stream, but no page.
    assert_eq!(run(GET, false, "application/json", "[]").stdout, "[]\n");
    let output = run(all, false, "application/json", "[]");
    assert!(output.status != 0 && output.stdout.is_empty(), "{output:?}");
    assert!(output.stderr.contains("expected an object, found a list"), "{}", output.stderr);
}

#[test]
fn a_page_whose_items_cannot_be_read_is_an_error() {
    let list = &["projects", "companies", "list", "projects/p"];
    for (companies, found) in [(r#""none""#, "a string"), ("5", "a number"), ("{}", "an object")] {
        let body = format!(r#"{{"companies":{companies},"nextPageToken":""}}"#);
        let output = run(&[list.as_slice(), &["--all"]].concat(), false, "application/json", &body);
        assert!(output.status != 0 && output.stdout.is_empty(), "{}", output.stdout);
        for part in ["jobs.projects.companies.list", "/companies ", found] {
            assert!(output.stderr.contains(part), "{part} is missing: {}", output.stderr);
        }
        assert_eq!(run(list, false, "application/json", &body).status, 0);
    }
    let empty = run(&[list.as_slice(), &["--all"]].concat(), false, "application/json", "{}");
    assert_eq!(empty.status, 0, "{}", empty.stderr);
}

#[test]
fn messages_that_do_not_fit_are_printed_or_refused() {
    let talk = ["streams", "stream-talk", "s", "-r", "."];
    let body = r#"[{"text":"a"},{"text":5},{"text":"b"}]"#;
    let output = run(&talk, true, "application/json", body);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(output.stdout.lines().count(), 3);
    let output = run(&[talk.as_slice(), &["--strict"]].concat(), true, "application/json", body);
    assert_ne!(output.status, 0);
    assert_eq!(output.stdout, "{\"text\":\"a\"}\n");
    assert!(output.stderr.contains("/text "), "{}", output.stderr);
}
