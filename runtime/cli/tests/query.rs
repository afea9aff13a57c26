//! `--query` and `--jmespath`: expressions over results.
#![cfg(feature = "query")]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use support::{Answer, Output, Run, SINK, Server};

const LIST: [&str; 3] = ["projects", "companies-list", "projects/p1"];

fn pages() -> Server {
    Server::of(|at, _| {
        let page = [
            r#"{"companies":[{"name":"a","size":9007199254740993},{"name":"b"}],"nextPageToken":"2"}"#,
            r#"{"companies":[{"name":"c"}]}"#,
        ];
        Answer::json(200, page[at.min(1)])
    })
}

fn run(server: &Server, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Run::new(folder.path(), server, &[&LIST[..], args].concat()).go()
}

#[test]
fn results_in_every_format() {
    for (args, want) in [
        (&["--query", "companies[].name"][..], "[\n  \"a\",\n  \"b\"\n]\n"),
        (&["--jmespath", "companies[].name", "--format", "compact"], "[\"a\",\"b\"]\n"),
        (&["--query=companies[0].size"], "9007199254740993\n"),
        (&["--query", "companies[].name", "--format", "value"], "a\nb\n"),
        (
            &["--query", "companies[].{n: name}", "--format", "jsonl"],
            "{\"n\":\"a\"}\n{\"n\":\"b\"}\n",
        ),
        (&["--query", "companies[].{n: name}", "--format", "csv"], "n\r\na\r\nb\r\n"),
        (&["--query", "companies[].{n: name}", "--format", "table"], "N\na\nb\n"),
        (&["--query", "companies[].name", "--format", "yaml"], "- a\n- b\n"),
        (&["--query", "missing"], "null\n"),
        (&["--query", "missing", "--format", "value"], ""),
    ] {
        let output = run(&pages(), args);
        assert_eq!(
            (output.status, output.stdout.as_str()),
            (0, want),
            "{args:?} {}",
            output.stderr
        );
    }
}

#[test]
fn all_pages_are_one_result() {
    for format in ["json", "jsonl", "value"] {
        let args = ["--all", "--query", "length(companies)", "--format", format];
        let output = run(&pages(), &args);
        assert_eq!(output.stdout, "3\n", "{format} {}", output.stderr);
    }
}

#[test]
fn wrong_expressions_send_nothing() {
    for args in [
        &["--query", "companies["][..],
        &["--query", ""],
        &["--query", "[-2147483648]"],
        &["--query", "name", "--select", "name"],
    ] {
        let server = pages();
        let output = run(&server, args);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{args:?}");
        assert!(output.stderr.contains("--jmespath"), "{}", output.stderr);
        assert!(server.seen().is_empty(), "{args:?}");
    }
    let output = run(&pages(), &["--query", "length(companies[0].size)"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("--jmespath: "), "{}", output.stderr);
}

#[test]
fn messages_of_a_stream_are_results_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json(r#"[{"a":1},{"b":2},{"a":3}]"#);
    let args = ["streams", "stream-talk", "s", "-r", ".", "--jmespath", "a"];
    let output = Run::new(folder.path(), &server, &args).of(SINK).go();
    assert_eq!((output.status, output.stdout.as_str()), (0, "1\n3\n"), "{}", output.stderr);
}

/// A parameter of this name keeps its flag.
#[test]
fn parameters_called_query() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json(r#"{"completionResults":[{"suggestion":"x"}]}"#);
    let args = ["projects", "complete", "projects/p1", "--query", "eng"];
    let args = [&args[..], &["--jmespath", "completionResults[].suggestion | [0]"]].concat();
    let output = Run::new(folder.path(), &server, &args).go();
    assert_eq!(output.stdout, "\"x\"\n", "{}", output.stderr);
    assert!(server.seen()[0].query.contains("query=eng"));
}
