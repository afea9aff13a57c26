//! `--curl` with a server, the real curl, and a real shell.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use discovery_cli::App;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use discovery_runtime::spec::{MethodSpec, ServiceSpec};
use serde_json::{Value, json};
use support::{Answer, Run, SINK, Seen, Server};

/// Prints the command of a run and executes it; returns the received requests.
fn carried_out(folder: &Path, server: &Server, run: Run<'_>) -> Vec<Seen> {
    let output = run.go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(server.seen().is_empty(), "--curl sends nothing");
    // The command gets the token from the program.
    for name in ["jobs3", "sink"] {
        let program = folder.join(name);
        std::fs::write(&program, "#!/bin/sh\necho secret-token\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let done = Command::new("sh")
        .args(["-c", &output.stdout])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}\n{done:?}", output.stdout);
    server.seen()
}

fn has_curl() -> bool {
    Command::new("curl").arg("--version").output().is_ok()
}

#[test]
fn curl_sends_the_same_request() {
    if !has_curl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let args = [
        "projects",
        "jobs-create",
        "projects/p 1",
        "-r",
        "job.title=it's \"new\" $HOME",
        "-p",
        "fields=name",
        "--curl",
    ];
    let seen = carried_out(folder.path(), &server, Run::new(folder.path(), &server, &args));
    let [seen] = seen.as_slice() else { unreachable!("one request") };
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/v3/projects/p%201/jobs"));
    assert_eq!(seen.json(), json!({"job": {"title": "it's \"new\" $HOME"}}));
    assert!(seen.query.contains("fields=name"), "{}", seen.query);
    assert_eq!(seen.headers["authorization"], "Bearer secret-token");
    assert_eq!(seen.headers["content-type"], "application/json");
}

#[test]
fn content_is_sent_with_every_protocol() {
    if !has_curl() {
        return;
    }
    for (mode, tokens) in [("simple", &[][..]), ("simple", &["-r", "name=n"]), ("resumable", &[])] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("it's.txt"), "hello").unwrap();
        let opened =
            Answer { headers: "location: SELF/session/1\r\n".to_owned(), ..Answer::json(200, "") };
        let server = Server::new(vec![opened, Answer::json(200, "{}")]);
        let args = ["media", "insert", "-u", mode, "-f", "it's.txt", "--curl"];
        let args = [&args[..], tokens].concat();
        let run = Run::new(folder.path(), &server, &args).of(SINK);
        let seen = carried_out(folder.path(), &server, run);
        let last = seen.last().unwrap();
        let body = String::from_utf8(last.body.clone()).unwrap();
        if tokens.is_empty() {
            assert_eq!((body.as_str(), &*last.headers["content-type"]), ("hello", "text/plain"));
        } else {
            let kind = &last.headers["content-type"];
            let (_, boundary) = kind.split_once("multipart/related; boundary=").unwrap();
            let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
            assert_eq!((parts.len(), parts[3]), (4, "--\r\n"), "{body}");
            let (head, metadata) = parts[1].trim_end().split_once("\r\n\r\n").unwrap();
            assert!(head.contains("application/json"), "{body}");
            assert_eq!(serde_json::from_str::<Value>(metadata).unwrap(), json!({"name": "n"}));
            assert_eq!(parts[2], "\r\ncontent-type: text/plain\r\n\r\nhello\r\n");
        }
        assert_eq!(seen.len(), if mode == "resumable" { 2 } else { 1 });
        if mode == "resumable" {
            assert_eq!((last.method.as_str(), last.path.as_str()), ("PUT", "/session/1"));
        }
        assert!(seen[0].query.contains("uploadType="), "{}", seen[0].query);
    }
}

/// The method `bodies.json` of an API that wraps bodies in `{"data": …}`.
fn wrapping() -> App {
    static METHODS: OnceLock<Vec<&'static MethodInfo>> = OnceLock::new();
    static API: OnceLock<ApiInfo> = OnceLock::new();
    let api = API.get_or_init(|| {
        let sink = SINK.api;
        let service = sink.methods[0].spec.service;
        let service: &'static ServiceSpec =
            Box::leak(Box::new(ServiceSpec { data_wrapper: true, ..*service }));
        let wrapped = |method: &&'static MethodInfo| -> &'static MethodInfo {
            let spec = Box::leak(Box::new(MethodSpec { service, ..*method.spec }));
            Box::leak(Box::new(MethodInfo { spec, ..**method }))
        };
        let methods = METHODS.get_or_init(|| sink.methods.iter().map(wrapped).collect());
        ApiInfo { methods, ..*sink }
    });
    App { api, ..SINK }
}

#[test]
fn wrapped_bodies_are_shown_as_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let args = ["bodies", "create", "-r", "name=a"];
    let shown = |flags: &[&str]| {
        Run::new(folder.path(), &server, &[&args[..], flags].concat()).of(wrapping()).go()
    };
    let want = json!({"data": {"name": "a"}});
    let dry = shown(&["--dry-run"]);
    let dry: Value = serde_json::from_str(&dry.stdout).unwrap();
    assert_eq!(dry["body"], want);
    let refused = shown(&[]);
    assert_eq!(server.seen().pop().unwrap().json(), want, "what is sent");
    assert_eq!((refused.status, refused.stdout.as_str()), (5, ""));
    assert!(refused.stderr.contains("no member 'data'"), "{}", refused.stderr);
    for answer in [r#"{"data":{"a":1}}"#, r#"{"apiVersion":"1","data":{"a":1}}"#] {
        let server = Server::json(answer);
        let output = Run::new(folder.path(), &server, &args).of(wrapping()).go();
        let shown: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(shown, json!({"a": 1}), "{answer}");
    }
    if has_curl() {
        let server = Server::json("{}");
        let args = [&args[..], &["--curl"]].concat();
        let run = Run::new(folder.path(), &server, &args).of(wrapping());
        assert_eq!(carried_out(folder.path(), &server, run)[0].json(), want);
    }
}
