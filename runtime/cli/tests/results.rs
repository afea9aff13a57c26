//! Output of responses: formats, files, pages, and errors.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use serde_json::{Value, json};
use support::{Answer, Output, Run, Server};

const LIST: &[&str] = &["projects", "jobs-list", "projects/p1"];

fn run(server: &Server, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Run::new(folder.path(), server, args).go()
}

fn list(server: &Server, more: &[&str]) -> Output {
    run(server, &[LIST, more].concat())
}

const JOBS: &str = r#"{"jobs":[{"name":"a","n":1.50,"deep":{"x":"1,2"}},{"name":"b"}],"big":12345678901234567890.10,"nothing":null}"#;

#[test]
fn formats_of_a_list() {
    let server = Server::json(JOBS);
    for (more, want) in [
        (&["--format", "compact"][..], format!("{JOBS}\n")),
        (&["--format=jsonl"], "{\"name\":\"a\",\"n\":1.50,\"deep\":{\"x\":\"1,2\"}}\n{\"name\":\"b\"}\n".to_owned()),
        (&["--format", "jsonl", "--select", "name"], "{\"name\":\"a\"}\n{\"name\":\"b\"}\n".to_owned()),
        (&["--format", "csv"], "name,n,deep.x\r\na,1.50,\"1,2\"\r\nb,,\r\n".to_owned()),
        (&["--format", "table"], "NAME  N\na     1.50\nb\n".to_owned()),
        (&["--format", "value", "--select", "jobs[].name"], "a\nb\n".to_owned()),
        (&["--select", "jobs[].name", "--format", "compact"], "{\"jobs\":[{\"name\":\"a\"},{\"name\":\"b\"}]}\n".to_owned()),
        (
            &["--format", "yaml"],
            "jobs:\n  - name: a\n    \"n\": 1.50\n    deep:\n      x: \"1,2\"\n  - name: b\nbig: 12345678901234567890.10\nnothing: null\n".to_owned(),
        ),
    ] {
        let output = list(&server, more);
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), (want.as_str(), ""), "{more:?}");
    }
}

#[test]
fn yaml_escapes_special_characters() {
    let server = Server::json(r#"{"a":"\u007f\u0085\u2028\ufeff\uffff","b":"x\ny\u009b","n":1e3}"#);
    let output = run(&server, &["projects", "jobs-get", "projects/p1/jobs/j", "--format", "yaml"]);
    let want = "a: \"\\x7f\\x85\\u2028\\ufeff\\uffff\"\nb: \"x\\ny\\x9b\"\n\"n\": 1.0e+3\n";
    assert_eq!(output.stdout, want);
}

#[test]
fn the_servers_text_is_kept() {
    let server = Server::json(r#"{"z":1E5,"a":"\u00e9","a2":1.0,"new":{"y":[]}}"#);
    let output = run(&server, &["projects", "jobs-get", "projects/p1/jobs/j"]);
    let want = "{\n  \"z\": 1E5,\n  \"a\": \"\\u00e9\",\n  \"a2\": 1.0,\n  \"new\": {\n    \"y\": []\n  }\n}\n";
    assert_eq!(output.stdout, want);
}

#[test]
fn misspelled_selections_are_reported() {
    let output = list(&Server::json(JOBS), &["--select", "jbos[].name"]);
    assert_eq!(output.stdout, "{}\n");
    assert!(
        output.stderr.contains("'jbos' is not a member of ListJobsResponse. Did you mean 'jobs' ?")
    );
}

#[test]
fn a_file_is_written_on_success_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("o.json");
    let go = |server: &Server| {
        let args = [LIST, &["-o", "o.json"]].concat();
        Run::new(folder.path(), server, &args).go()
    };
    let denied = Server::new(vec![Answer::json(403, r#"{"error":{"code":403,"message":"no"}}"#)]);
    assert_eq!(go(&denied).status, 1);
    assert!(!path.exists());
    let output = go(&Server::json("{}"));
    assert_eq!((output.status, output.stdout.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\n");
    assert_eq!(go(&denied).status, 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\n");
}

fn pages() -> Server {
    Server::new(
        [
            r#"{"jobs":[{"name":"a"},{"name":"b"}],"nextPageToken":"t2","metadata":{"requestId":"1"}}"#,
            r#"{"jobs":[{"name":"c"}],"nextPageToken":"t3","metadata":{"requestId":"2"}}"#,
            r#"{"jobs":[{"name":"d"}],"metadata":{"requestId":"3"}}"#,
        ]
        .map(|page| Answer::json(200, page))
        .to_vec(),
    )
}

fn tokens(server: &Server) -> Vec<String> {
    let query = |seen: support::Seen| {
        let token = seen.query.split('&').find_map(|pair| pair.strip_prefix("pageToken="));
        token.unwrap_or_default().to_owned()
    };
    server.seen().into_iter().map(query).collect()
}

#[test]
fn pages_become_one_document() {
    let server = pages();
    let output = list(&server, &["--all"]);
    let got: Value = serde_json::from_str(&output.stdout).unwrap();
    let want = json!({
        "jobs": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}],
        "metadata": {"requestId": "1"},
    });
    assert_eq!(got, want);
    assert_eq!(tokens(&server), ["", "t2", "t3"]);
    assert_eq!(output.stderr, "");
}

#[test]
fn pages_end_at_the_limit() {
    for (more, names, next, calls) in [
        (&["--limit", "3"][..], vec!["a", "b", "c"], Some("t3"), 2),
        (&["--limit", "1"], vec!["a"], None, 1),
        (&["--limit", "0"], vec![], None, 1),
        (&["--max-pages", "1"], vec!["a", "b"], Some("t2"), 1),
        (&["--max-pages=9"], vec!["a", "b", "c", "d"], None, 3),
    ] {
        let server = pages();
        let got: Value = serde_json::from_str(&list(&server, more).stdout).unwrap();
        let found: Vec<&str> =
            got["jobs"].as_array().unwrap().iter().filter_map(|job| job["name"].as_str()).collect();
        assert_eq!((found, got["nextPageToken"].as_str()), (names, next), "{more:?}");
        assert_eq!(server.seen().len(), calls, "{more:?}");
    }
}

#[test]
fn items_stream_as_lines() {
    let output = list(&pages(), &["--all", "--format", "jsonl", "--select", "name"]);
    let names = ["a", "b", "c", "d"].map(|name| format!("{{\"name\":\"{name}\"}}\n"));
    assert_eq!(output.stdout, names.concat());
}

#[test]
fn repeated_page_tokens_are_errors() {
    let server = Server::json(r#"{"jobs":[],"nextPageToken":"t"}"#);
    let output = list(&server, &["--all"]);
    assert_eq!((output.status, output.stdout.as_str()), (5, ""));
    assert!(output.stderr.contains("twice"), "{}", output.stderr);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn page_tokens_of_a_search_are_sent_in_its_body() {
    let server = Server::new(vec![
        Answer::json(200, r#"{"matchingJobs":[{"jobSummary":"a"}],"nextPageToken":"t2"}"#),
        Answer::json(200, r#"{"matchingJobs":[{"jobSummary":"b"}]}"#),
    ]);
    let args = ["projects", "jobs-search", "projects/p1", "--all", "-r", "job-query.query=q"];
    let output = run(&server, &args);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(output.stdout.matches("jobSummary").count(), 2);
    assert_eq!(server.seen()[1].json()["pageToken"], "t2");
}

#[test]
fn masks_keep_page_tokens_and_show_the_named_fields() {
    for (more, want) in [
        (
            &["--all", "--format", "compact"][..],
            "{\"jobs\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"}]}\n",
        ),
        (
            &["--max-pages", "1", "--format", "compact"],
            "{\"jobs\":[{\"name\":\"a\"},{\"name\":\"b\"}]}\n",
        ),
        (&["--all", "--format", "value", "--select", "name"], "a\nb\nc\nd\n"),
        (&["--limit", "2", "--format", "jsonl"], "{\"name\":\"a\"}\n{\"name\":\"b\"}\n"),
    ] {
        let pages = [
            r#"{"jobs":[{"name":"a"},{"name":"b"}],"nextPageToken":"t2"}"#,
            r#"{"jobs":[{"name":"c"}],"nextPageToken":"t3"}"#,
            r#"{"jobs":[{"name":"d"}]}"#,
        ];
        let server = Server::new(pages.map(|page| Answer::json(200, page)).to_vec());
        let output = list(&server, &[&["-p", "fields=jobs(name)"], more].concat());
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), (want, ""), "{more:?}");
        for seen in server.seen() {
            assert!(seen.query.contains("fields=jobs%28name%29%2CnextPageToken"), "{}", seen.query);
        }
    }
}

#[test]
fn masks_are_unchanged_without_pagination() {
    let server = Server::json(r#"{"jobs":[{"name":"a"}]}"#);
    let output = list(&server, &["-p", "fields=jobs(name)"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let query = &server.seen()[0].query;
    assert!(query.ends_with("fields=jobs%28name%29"), "{query}");
    let output = list(&server, &["--all", "-p", "fields=nextPageToken"]);
    assert_eq!((output.status, server.seen().len()), (2, 1), "{}", output.stderr);
    assert!(output.stderr.contains("leaves out 'jobs'"), "{}", output.stderr);
}

#[test]
fn tokens_of_other_kinds() {
    for (token, status, calls) in [
        ("12", 0, 2),
        ("12345678901234567890123", 0, 2),
        ("null", 0, 1),
        ("\"\"", 0, 1),
        ("true", 5, 1),
        ("{}", 5, 1),
    ] {
        let first = format!(r#"{{"jobs":[{{"name":"a"}}],"nextPageToken":{token}}}"#);
        let pages = [first.as_str(), r#"{"jobs":[{"name":"b"}]}"#];
        let server = Server::new(pages.map(|page| Answer::json(200, page)).to_vec());
        let output = list(&server, &["--all"]);
        let got = (output.status, server.seen().len());
        assert_eq!(got, (status, calls), "{token}: {}", output.stderr);
        assert_eq!(output.stderr.contains("nextPageToken"), status != 0, "{}", output.stderr);
        let sent = tokens(&server).pop().unwrap();
        assert_eq!(sent, if calls == 2 { token } else { "" });
    }
}

fn aggregated() -> Server {
    let pages = [
        r#"{"items":{"zones/a":{"things":[{"name":"x"}],"note":"n"}},"unreachables":["zones/c"],"nextPageToken":"t"}"#,
        r#"{"items":{"zones/a":{"things":[{"name":"y"}]},"zones/b":{"note":"m"}}}"#,
    ];
    Server::new(pages.map(|page| Answer::json(200, page)).to_vec())
}

#[test]
fn items_of_a_map_keep_their_keys() {
    for (more, want) in [
        (&["--format", "table"][..], "KEY      VALUE.NOTE\nzones/a  n\nzones/b  m\n"),
        (
            &["--format", "csv", "--select", "things.name"],
            "key,value.things.name\r\nzones/a,\"x, y\"\r\nzones/b,\r\n",
        ),
        (&["--format", "value", "--select", "items[].note"], "zones/a\tn\nzones/b\tm\n"),
        (
            &["--format", "jsonl"],
            "{\"key\":\"zones/a\",\"value\":{\"things\":[{\"name\":\"x\"}],\"note\":\"n\"}}\n{\"key\":\"zones/a\",\"value\":{\"things\":[{\"name\":\"y\"}]}}\n{\"key\":\"zones/b\",\"value\":{\"note\":\"m\"}}\n",
        ),
        (
            &["--format", "compact"],
            "{\"items\":{\"zones/a\":{\"things\":[{\"name\":\"x\"},{\"name\":\"y\"}],\"note\":\"n\"},\"zones/b\":{\"note\":\"m\"}},\"unreachables\":[\"zones/c\"]}\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let args = [&["paging-items-things", "aggregated-list", "--all"], more].concat();
        let output = Run::new(folder.path(), &aggregated(), &args).of(support::SINK).go();
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), (want, ""), "{more:?}");
    }
}

#[test]
fn errors_include_hints() {
    let disabled = r#"{"error":{"code":403,"message":"API is off","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"activationUrl":"https://enable.example/x"}}]}}"#;
    let violations = r#"{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"job.title","description":"too long"}]}]}}"#;
    for (status, body, code, words) in [
        (
            403,
            disabled,
            1,
            &[
                "error: 403 PERMISSION_DENIED: API is off",
                "SERVICE_DISABLED",
                "enable the API: https://enable.example/x",
            ][..],
        ),
        (400, violations, 1, &["400 INVALID_ARGUMENT: bad", "job.title: too long", "--dry-run"]),
        (
            401,
            r#"{"error":{"code":401,"message":"who?","status":"UNAUTHENTICATED"}}"#,
            4,
            &["auth login"],
        ),
        (404, "<html>gone</html>", 1, &["404 NOT_FOUND", "check the name"]),
    ] {
        let output = list(&Server::new(vec![Answer::json(status, body)]), &[]);
        assert_eq!((output.status, output.stdout.as_str()), (code, ""), "{status}");
        for word in words {
            assert!(output.stderr.contains(word), "{word}: {}", output.stderr);
        }
    }
}

#[test]
fn errors_for_programs_are_one_line() {
    let body = r#"{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}"#;
    let server = Server::new(vec![Answer::json(404, body)]);
    let output = list(&server, &["--error-format", "json"]);
    assert_eq!(output.stderr.lines().count(), 1);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["exit"], 1);
    assert_eq!(error["error"]["api"]["status"], "NOT_FOUND");
    let output = support::offline(&[
        "projects",
        "jobs-list",
        "projects/p",
        "-p",
        "fliter=x",
        "--error-format=json",
    ]);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["issues"][0]["instead"], "filter=x");
    let output = support::offline(&["projects", "--error-format=json", "jobs-lst"]);
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "usage");
}

#[test]
fn the_log_hides_secrets() {
    let output = list(&Server::json("{}"), &["-vv", "-p", "key=SECRET"]);
    assert!(output.stderr.contains("> GET http://127.0.0.1"), "{}", output.stderr);
    assert!(output.stderr.contains("< 200"), "{}", output.stderr);
    assert!(output.stderr.contains("< {}"), "{}", output.stderr);
    assert!(!output.stderr.contains("SECRET") && !output.stderr.contains("conformance-token"));
}
