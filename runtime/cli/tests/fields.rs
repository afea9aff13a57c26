//! `--select` sent as the parameter `fields`.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use serde_json::Value;
use support::{Answer, Output, Run, SINK, Server, offline};

const LIST: &[&str] = &["projects", "companies", "list", "projects/p"];
const GET: &[&str] = &["projects", "companies", "get", "projects/p/companies/c"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [command, more].concat()
}

fn run(server: &Server, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    Run::new(folder.path(), server, args).go()
}

/// Returns the mask of a preview.
fn fields(args: &[&str]) -> Option<String> {
    mask(&offline(&with(args, &["--dry-run"])))
}

fn mask(output: &Output) -> Option<String> {
    assert_eq!(output.status, 0, "{}", output.stderr);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    in_query(shown["url"].as_str().unwrap())
}

fn in_query(url: &str) -> Option<String> {
    let pair = url.split(['?', '&']).find_map(|pair| pair.strip_prefix("fields="))?;
    Some(pair.replace("%28", "(").replace("%29", ")").replace("%2C", ","))
}

#[test]
fn a_selection_is_sent_where_the_result_is_the_same() {
    for (command, more, want) in [
        (GET, &["--select", "name,displayName"][..], Some("name,displayName")),
        (GET, &["--select", "derived-info.headquartersLocation.locationType"], Some("derivedInfo")),
        (LIST, &["--select", "companies[].name"], Some("companies(name)")),
        (LIST, &["--select", "name,size", "--format", "table"], Some("companies(name,size)")),
        (LIST, &["--select", "companies.name", "--format", "jsonl"], Some("companies(name)")),
        // Items are counted, and pages need their token.
        (LIST, &["--select", "companies.name", "--all"], Some("companies(name),nextPageToken")),
        (
            LIST,
            &["--select", "name", "--format", "csv", "--limit", "5"],
            Some("companies(name),nextPageToken"),
        ),
        (LIST, &["--select", "metadata", "--all"], None),
        // Names that the program does not know, and JMESPath.
        (GET, &["--select", "name,news"], None),
        (LIST, &["--select", "companies[0].name"], None),
        (LIST, &["--query", "companies[].name"], None),
        (GET, &[], None),
        // The user decides.
        (GET, &["--select", "name", "--no-fields"], None),
        (GET, &["--select", "name", "-p", "fields=size"], Some("size")),
        // Other forms of answers.
        (GET, &["--select", "name", "-p", "alt=proto"], None),
        (GET, &["--select", "name", "-p", "callback=f"], None),
    ] {
        assert_eq!(fields(&with(command, more)).as_deref(), want, "{more:?}");
    }
    // A call that writes is not refused because of a mask.
    let create = ["projects", "companies", "create", "projects/p", "-r", "company.display-name=x"];
    assert_eq!(fields(&with(&create, &["--select", "name"])), None);
}

#[test]
fn methods_of_other_kinds_send_no_mask() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    for (args, want) in [
        (&["paging", "list", "--select", "nextPageToken"][..], Some("nextPageToken")),
        (&["names-of-params", "get", "k", "--select", "name"], None),
        (&["media", "get", "id", "-p", "alt=media", "--select", "name"], None),
        (&["streams", "stream-talk", "s", "-r", ".", "--select", "text"], None),
        (&["operations", "start", "--select", "name"], None),
    ] {
        let run = Run::new(folder.path(), &server, &with(args, &["--dry-run"])).of(SINK);
        assert_eq!(mask(&run.go()).as_deref(), want, "{args:?}");
    }
}

#[test]
fn previews_programs_and_logs_show_the_mask() {
    let select = with(LIST, &["--select", "companies.name"]);
    let curl = offline(&with(&select, &["--curl"])).stdout;
    assert_eq!(in_query(&curl).unwrap().split('\'').next(), Some("companies(name)"), "{curl}");
    let code = offline(&with(&select, &["--code", "rust", "--all"])).stdout;
    assert!(code.contains(r#"fields("companies(name)")"#), "{code}");
    let server = Server::json(r#"{"companies":[{"name":"a"}]}"#);
    let output = run(&server, &with(&select, &["-v"]));
    assert!(output.stderr.contains("fields=companies"), "{}", output.stderr);
    assert_eq!(in_query(&server.seen()[0].query).as_deref(), Some("companies(name)"));
}

#[test]
fn pages_with_a_mask_are_the_same_document() {
    let pages = [
        r#"{"companies":[{"name":"a"},{}],"nextPageToken":"t"}"#,
        r#"{"companies":[{"name":"b"}]}"#,
    ];
    for more in [
        &["--select", "companies.name", "--all"][..],
        &["--select", "companies.name,nextPageToken", "--max-pages", "1"],
        &["--select", "companies.name", "--max-pages", "1"],
        &["--select", "name", "--all", "--format", "jsonl"],
        &["--select", "name", "--limit", "1", "--format", "value"],
    ] {
        let go = |more: &[&str]| {
            let server = Server::new(pages.map(|page| Answer::json(200, page)).to_vec());
            let output = run(&server, &with(LIST, more));
            assert_eq!(output.status, 0, "{}", output.stderr);
            (output.stdout, in_query(&server.seen()[0].query))
        };
        let (masked, sent) = go(more);
        let (whole, unsent) = go(&with(more, &["--no-fields"]));
        assert_eq!(masked, whole, "{more:?}");
        assert_eq!((sent.is_some(), unsent), (true, None), "{more:?}");
    }
}

#[test]
fn a_rejected_mask_is_explained() {
    let refused =
        r#"{"error":{"code":400,"message":"Invalid field selection","status":"INVALID_ARGUMENT"}}"#;
    let server = Server::new(vec![Answer::json(400, refused)]);
    let output = run(&server, &with(GET, &["--select", "name"]));
    assert_eq!(output.status, 1);
    let told = "'fields=name' was sent for --select; --no-fields leaves it out";
    assert!(output.stderr.contains(told), "{}", output.stderr);
    for more in [&["--select", "name", "--no-fields"][..], &["-p", "fields=name"]] {
        let output = run(&server, &with(GET, more));
        assert!(!output.stderr.contains("--no-fields"), "{}", output.stderr);
    }
    let server = Server::new(vec![Answer::json(404, "{}")]);
    let output = run(&server, &with(GET, &["--select", "name"]));
    assert!(!output.stderr.contains("--no-fields"), "{}", output.stderr);
}
