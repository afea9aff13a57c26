//! What servers send cannot command a terminal, and errors say whether a repetition helps.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use discovery_cli::Terminals;
use serde_json::{Value, json};
use support::{Answer, Output, Run, Server};

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];
const LIST: &[&str] = &["projects", "jobs-list", "projects/p", "--filter", "x"];
const CREATE: &[&str] = &["projects", "jobs-create", "projects/p", "-r", "job.title=x"];
const HOSTILE: &str =
    "a\u{1b}[2J\u{1b}]0;t\u{7}b\u{7f}c\u{9b}1md\r\ne\nerror: forged\u{202e}f\u{2028}g\u{0}h";

fn on_terminal(folder: &Path, server: &Server, args: &[&str]) -> Output {
    let terminals = Terminals { stdout: true, stderr: true, ..Terminals::default() };
    let run = Run::new(folder, server, args);
    let raw = run.stderr.clone();
    let output = Run { terminals, ..run }.go();
    let stderr = String::from_utf8(raw.lock().unwrap().clone()).unwrap();
    Output { stderr, ..output }
}

/// Checks that a text commands nothing, apart from this program's own colors.
fn assert_tame(text: &str) {
    let text = text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    let text = text.replace("\u{1b}[31m", "").replace("\u{1b}[33m", "");
    let odd = |c: char| c.is_control() && !"\n\t".contains(c) || "\u{202e}\u{2028}".contains(c);
    assert!(!text.contains(odd), "{text:?}");
}

#[test]
fn errors_of_servers_are_visible() {
    let folder = tempfile::tempdir().unwrap();
    let error = json!({"error": {"code": 400, "message": HOSTILE, "status": HOSTILE, "details": [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": HOSTILE, "domain": HOSTILE},
        {"@type": "type.googleapis.com/google.rpc.Help",
            "links": [{"description": HOSTILE, "url": HOSTILE}]},
        {"@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": HOSTILE, "description": HOSTILE}]},
    ]}});
    let server = Server::new(vec![Answer::json(400, &error.to_string())]);
    for more in [&[][..], &["-vv"], &["--error-format", "json"]] {
        let output = on_terminal(folder.path(), &server, &[CREATE, more].concat());
        assert_eq!(output.status, 1, "{}", output.stderr);
        assert_tame(&output.stderr);
        assert!(!output.stderr.contains("\nerror: forged"), "{}", output.stderr);
        assert!(output.stderr.contains("u{1b}[2J") || output.stderr.contains("u001b[2J"));
    }
}

#[test]
fn answers_are_visible_on_a_terminal_and_unchanged_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let answer = json!({"jobs": [{"name": HOSTILE, "title": "t"}]}).to_string();
    let server = Server::json(&answer);
    for format in ["json", "compact", "jsonl", "yaml", "table", "csv", "value"] {
        let args = [LIST, &["--format", format]].concat();
        let output = on_terminal(folder.path(), &server, &args);
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert_tame(&output.stdout);
        assert!(output.stdout.contains('a'), "{format}: {}", output.stdout);
    }
    let args = [LIST, &["--format", "value", "--select", "name"]].concat();
    let output = Run::new(folder.path(), &server, &args).go();
    assert!(output.stdout.contains("\u{1b}[2J"), "{:?}", output.stdout);
    // JSON on a terminal is the same document.
    let output = on_terminal(folder.path(), &server, LIST);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["jobs"][0]["name"], HOSTILE);
}

#[test]
fn errors_say_whether_a_repetition_helps() {
    let folder = tempfile::tempdir().unwrap();
    let slow = Answer { headers: "retry-after: 3600\n".to_owned(), ..Answer::json(429, "{}") };
    for (answer, call, want) in [
        (Answer::json(500, "{}"), GET, json!([true, null, null])),
        (Answer::json(500, "{}"), CREATE, json!([false, null, true])),
        (Answer::json(404, "{}"), GET, json!([false, null, null])),
        (Answer::json(400, "{}"), CREATE, json!([false, null, null])),
        (slow.clone(), CREATE, json!([true, 3600, null])),
        (slow, GET, json!([true, 3600, null])),
    ] {
        let server = Server::new(vec![answer.clone()]);
        let args = [call, &["--error-format", "json"]].concat();
        let output = Run::new(folder.path(), &server, &args).go();
        let error: Value = serde_json::from_str(&output.stderr).unwrap();
        let error = &error["error"];
        let got = json!([error["retryable"], error["retryAfter"], error["maybeDone"]]);
        assert_eq!(got, want, "{} {call:?}: {error}", answer.status);
    }
    let server = Server::json("{}");
    let args = ["projects", "jobs-get", "--error-format", "json"];
    let output = Run::new(folder.path(), &server, &args).go();
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!((&error["error"]["retryable"], output.status), (&json!(false), 2));
}
