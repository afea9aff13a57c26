//! `--wait`: operations are polled until they end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panic")]

mod support;

use support::{Answer, Output, Run, SINK, Seen, Server};

fn run(server: &Server, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Run::new(folder.path(), server, args).of(SINK).go()
}

/// Returns method and path of the requests.
fn lines(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| format!("{} {}", seen.method, seen.path)).collect()
}

const STOP: &[&str] = &["by-status-machines", "stop", "p", "z", "m"];
const START: &[&str] = &["operations", "start"];

fn with<'a>(command: &[&'a str], flags: &[&'a str]) -> Vec<&'a str> {
    [command, flags].concat()
}

#[test]
fn the_result_is_printed_when_the_operation_ends() {
    let server = Server::new(vec![
        Answer::json(200, r#"{"name":"operations/1","metadata":{"progress":5}}"#),
        Answer::json(
            200,
            r#"{"name":"operations/1","done":true,"response":{"@type":"x/T","a":5}}"#,
        ),
    ]);
    let output = run(&server, &with(START, &["--wait", "--format", "compact"]));
    assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{output:?}");
    assert_eq!(output.stdout, "{\"@type\":\"x/T\",\"a\":5}\n");
    let expected =
        ["POST /sink/v1/operations/v1/things", "GET /sink/v1/operations/v1/operations/1"];
    assert_eq!(lines(&server), expected);
}

#[test]
fn an_operation_with_a_status_is_its_own_result() {
    let place = "/sink/v1/by_status/v1/projects/p/zones/z";
    let server = Server::of(|_, seen: &Seen| {
        let status = if seen.path.ends_with("/wait") { "DONE" } else { "RUNNING" };
        Answer::json(200, &format!(r#"{{"name":"o-1","status":"{status}"}}"#))
    });
    let output = run(&server, &with(STOP, &["--wait", "--select", "status"]));
    assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{output:?}");
    assert!(output.stdout.contains("DONE"), "{output:?}");
    let expected =
        [format!("POST {place}/machines/m/stop"), format!("POST {place}/operations/o-1/wait")];
    assert_eq!(lines(&server), expected);
}

#[test]
fn a_failed_operation_decides_the_exit_code() {
    for (error, code) in [
        (r#"{"code":5,"message":"no such thing"}"#, 1),
        (r#"{"code":13,"message":"no such thing"}"#, 5),
    ] {
        let answer = format!(r#"{{"name":"operations/1","done":true,"error":{error}}}"#);
        let output = run(&Server::json(&answer), &with(START, &["--wait"]));
        assert_eq!((output.status, output.stdout.as_str()), (code, ""), "{output:?}");
        assert!(output.stderr.contains("operations/1 failed: no such thing"), "{output:?}");
    }
    let answer = r#"{"name":"o","status":"DONE","httpErrorStatusCode":403,
        "error":{"errors":[{"code":"QUOTA_EXCEEDED","message":"Quota exceeded."}]}}"#;
    let output = run(&Server::json(answer), &with(STOP, &["--wait", "--error-format", "json"]));
    assert_eq!((output.status, output.stdout.as_str()), (1, ""), "{output:?}");
    assert!(output.stderr.contains("QUOTA_EXCEEDED"), "{output:?}");
}

#[test]
fn a_limit_ends_the_wait_and_not_the_operation() {
    let server = Server::json(r#"{"name":"operations/1"}"#);
    let output = run(&server, &with(START, &["--wait=0"]));
    assert_eq!((output.status, output.stdout.as_str()), (5, ""), "{output:?}");
    assert!(output.stderr.contains("operations/1 has not ended after 0"), "{output:?}");
    let again = "'sink operations runs-get operations/1' asks for it again";
    assert!(output.stderr.contains(again) && !output.stderr.contains("--timeout"), "{output:?}");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn without_the_flag_the_operation_is_printed() {
    let server = Server::json(r#"{"name":"operations/1"}"#);
    let output = run(&server, &with(START, &["--format", "compact"]));
    assert_eq!(output.stdout, "{\"name\":\"operations/1\"}\n");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn other_methods_and_printed_commands_do_not_wait() {
    let server = Server::json("{}");
    for (args, told) in [
        (with(&["paging", "list"], &["--wait"]), "methods that start an operation"),
        (with(START, &["--wait", "--curl"]), "printed commands"),
        (with(START, &["--wait", "--code", "rust"]), "printed commands"),
        (with(START, &["--wait=soon"]), "'soon' is not a whole number"),
    ] {
        let output = run(&server, &args);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{output:?}");
        assert!(output.stderr.contains(told), "{output:?}");
    }
    assert!(server.seen().is_empty());
    assert_eq!(run(&server, &with(START, &["--wait", "--dry-run"])).status, 0);
}

#[test]
fn an_operation_that_may_not_be_polled_is_not_started() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join(".config/sink");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.yaml"), "allow: ['*.start']").unwrap();
    let server = Server::json(r#"{"name":"operations/1","done":true}"#);
    let output = Run::new(folder.path(), &server, &with(START, &["--wait"])).of(SINK).go();
    assert_eq!((output.status, server.seen().len()), (2, 0), "{output:?}");
    assert!(output.stderr.contains("is not among 'allow' in config.yaml"), "{output:?}");
    let output = Run::new(folder.path(), &server, START).of(SINK).go();
    assert_eq!((output.status, server.seen().len()), (0, 1), "{output:?}");
}
