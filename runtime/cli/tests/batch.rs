//! `batch`: many calls from a file.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use discovery_cli::Terminals;
use serde_json::{Value, json};
use support::{Answer, Output, Run, Seen, Server};

/// Answers each part of a batch: 404 for names that end in `none`, else the path that was asked.
fn answer(_: usize, seen: &Seen) -> Answer {
    let body = String::from_utf8(seen.body.clone()).unwrap();
    let mut out = String::new();
    let mut id = "";
    for line in body.lines() {
        if let Some(value) = line.strip_prefix("content-id: ").or(line.strip_prefix("Content-ID: "))
        {
            id = value.trim_start_matches('<').trim_end_matches('>');
        }
        let Some(rest) = line.strip_suffix(" HTTP/1.1") else { continue };
        let (verb, target) = rest.split_once(' ').unwrap();
        let path = target.split('?').next().unwrap();
        let (status, json) = match path.ends_with("none") {
            true => ("404 Not Found", json!({"error": {"code": 404, "message": "no"}})),
            false if path.ends_with("odd") => ("200 OK", json!({"title": 5})),
            false => ("200 OK", json!({"verb": verb, "path": path})),
        };
        out.push_str(&format!(
            "--b\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\n\
             HTTP/1.1 {status}\r\nContent-Type: application/json\r\n\r\n{json}\r\n"
        ));
    }
    out.push_str("--b--\r\n");
    Answer::of(200, "multipart/mixed; boundary=b", out.as_bytes())
}

fn go(server: &Server, lines: &[Value], more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(folder.path().join("calls.jsonl"), text).unwrap();
    Run::new(folder.path(), server, &[&["batch", "calls.jsonl"], more].concat()).go()
}

fn results(output: &Output) -> Vec<Value> {
    output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn get(name: &str) -> Value {
    json!(["projects", "jobs-get", format!("projects/p/jobs/{name}")])
}

#[test]
fn results_are_printed_in_order() {
    let server = Server::of(answer);
    let lines = [
        get("a"),
        json!({"method": "jobs.projects.jobs.get", "params": {"name": "projects/p/jobs/none"}}),
        json!({"method": "jobs.projects.jobs.create", "params": {"parent": "projects/p",
            "prettyPrint": false}, "body": {"job": {"title": "Baker"}}}),
        json!(["projects", "jobs", "list", "projects/q", "--filter", "x", "-p", "page-size=3"]),
    ];
    let output = go(&server, &lines, &[]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert_eq!(output.stderr, "error: 1 of 4 calls failed\n");
    let got = results(&output);
    assert_eq!(
        got[0],
        json!({"line": 1, "ok": true,
        "result": {"verb": "GET", "path": "/v3/projects/p/jobs/a"}})
    );
    assert_eq!((&got[1]["line"], &got[1]["ok"]), (&json!(2), &json!(false)));
    assert_eq!(got[1]["error"]["exit"], 1);
    assert_eq!(got[1]["error"]["retryable"], false);
    assert_eq!(got[2]["result"]["verb"], "POST");
    assert_eq!(got[3]["result"]["path"], "/v3/projects/q/jobs");
    let seen = server.seen();
    assert_eq!((seen.len(), seen[0].path.as_str()), (1, "/batch"));
    let body = String::from_utf8(seen[0].body.clone()).unwrap();
    assert!(body.contains(r#"{"job":{"title":"Baker"}}"#) && body.contains("pageSize=3"), "{body}");
}

#[test]
fn strict_refuses_answers_that_do_not_fit() {
    let server = Server::of(answer);
    let lines = [get("odd"), get("a")];
    let output = go(&server, &lines, &[]);
    assert_eq!((output.status, &results(&output)[0]["result"]), (0, &json!({"title": 5})));
    let output = go(&server, &lines, &["--strict"]);
    let got = results(&output);
    assert_ne!(output.status, 0);
    assert_eq!((&got[0]["ok"], &got[1]["ok"]), (&json!(false), &json!(true)), "{}", output.stdout);
    assert!(got[0]["error"]["message"].as_str().unwrap().contains("/title "), "{}", output.stdout);
}

#[test]
fn large_batches_are_split() {
    let server = Server::of(answer);
    let lines: Vec<Value> = (0..250).map(|at| get(&at.to_string())).collect();
    let output = go(&server, &lines, &[]);
    assert_eq!((output.status, server.seen().len()), (0, 3), "{}", output.stderr);
    let got = results(&output);
    for (at, result) in got.iter().enumerate() {
        assert_eq!(result["line"], at + 1);
        assert_eq!(result["result"]["path"], format!("/v3/projects/p/jobs/{at}"));
    }
    assert_eq!(got.len(), 250);
    let output = go(&server, &lines[..7], &["--size", "2"]);
    assert_eq!((output.status, server.seen().len()), (0, 7));
    assert_eq!(go(&server, &lines, &["--size", "0"]).status, 2);
}

#[test]
fn nothing_is_sent_if_a_line_is_wrong() {
    let server = Server::of(answer);
    for (line, says) in [
        (json!(["projects", "jobs-gt", "x"]), "line 2: unrecognized subcommand 'jobs-gt'"),
        (json!(["projects", "jobs-get"]), "line 2: <name> is missing"),
        (json!(["methods"]), "line 2: Only commands of the API's methods"),
        (
            json!(["projects", "jobs-get", "projects/p/jobs/j", "--format", "yaml"]),
            "line 2: --format",
        ),
        (json!(["projects", "jobs-get", "projects/p/jobs/j", "--yes"]), "line 2: --yes"),
        (json!([1]), "line 2: '1' is not a text"),
        (json!(3), "line 2: Neither a list"),
        (json!({"methd": "x"}), "line 2: There is no member 'methd'"),
        (json!({"method": "jobs.projects.jobs.gt"}), "Did you mean 'jobs.projects.jobs.get' ?"),
        (json!({"method": "jobs.projects.jobs.get", "params": {"nam": "x"}}), "'nam' is unknown"),
        (
            json!({"method": "jobs.projects.jobs.create", "params": {"parent": "projects/p"},
            "body": {"job": {"titel": "x"}}}),
            "line 2: --json",
        ),
    ] {
        let output = go(&server, &[get("a"), line.clone()], &[]);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{line}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{line}: {}", output.stderr);
    }
    let output = go(&server, &[get("a")], &["--format", "yaml"]);
    assert!(output.stderr.contains("A batch does not take this flag"), "{}", output.stderr);
    assert_eq!(output.status, 2);
    assert!(server.seen().is_empty());
    assert_eq!(go(&server, &[], &[]).status, 0);
}

#[test]
fn a_failure_of_the_whole_is_told_for_each_call() {
    let server = Server::new(vec![Answer::json(403, r#"{"error":{"code":403,"message":"no"}}"#)]);
    let lines = [get("a"), get("b"), get("c")];
    let output = go(&server, &lines, &["--size", "2"]);
    assert_eq!((output.status, server.seen().len()), (1, 1), "{}", output.stderr);
    let got = results(&output);
    let kinds: Vec<&str> = got.iter().map(|r| r["error"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["api", "api", "unsent"]);
    assert_eq!(output.stderr, "error: 3 of 3 calls failed\n");
}

#[test]
fn limits_and_confirmation_apply() {
    let server = Server::of(answer);
    let delete = json!(["projects", "jobs-delete", "projects/p/jobs/j"]);
    let output = go(&server, &[get("a"), delete.clone()], &["--read-only"]);
    assert_eq!(output.status, 2);
    assert!(
        output.stderr.contains("line 2: jobs.projects.jobs.delete may write"),
        "{}",
        output.stderr
    );
    let output = go(&server, std::slice::from_ref(&delete), &["--dry-run"]);
    assert_eq!(results(&output)[0]["method"], "DELETE", "{}", output.stderr);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.jsonl");
    std::fs::write(&file, delete.to_string()).unwrap();
    let terminals = Terminals { stdin: true, stderr: true, ..Terminals::default() };
    let args = ["batch", "calls.jsonl"];
    let run = Run { terminals, stdin: "n\n", ..Run::new(folder.path(), &server, &args) };
    let output = run.go();
    assert!(output.stderr.contains("1 of 1 calls delete; send them? [y/N]"), "{}", output.stderr);
    assert_eq!((output.status, server.seen().len()), (2, 0));
    let run = Run { terminals, stdin: "y\n", ..Run::new(folder.path(), &server, &args) };
    assert_eq!((run.go().status, server.seen().len()), (0, 1));
}

#[test]
fn standard_input_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of(answer);
    let text = format!("\u{feff}{}\r\n\n{}", get("a"), get("b"));
    let run = Run { stdin: &text, ..Run::new(folder.path(), &server, &["batch", "-"]) };
    let output = run.go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(results(&output)[1]["line"], 3);
}
