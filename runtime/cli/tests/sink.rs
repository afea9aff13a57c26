//! Features missing in the Jobs API: media, raw bodies, conflicting names, and unusual resources.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{Answer, Output, Run, SINK, Server};

fn go(folder: &Path, server: &Server, args: &[&str]) -> Output {
    Run::new(folder, server, args).of(SINK).go()
}

fn shown(args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    let output = go(folder.path(), &server, &[args, &["--dry-run"]].concat());
    assert_eq!(output.status, 0, "{args:?}: {}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn url(args: &[&str]) -> String {
    let shown = shown(args);
    let url = shown["url"].as_str().unwrap();
    let (_, rest) = url.split_once("/sink/v1/").unwrap();
    // Methods without a response do not request a format.
    rest.replace("alt=json&", "").replace("prettyPrint=false", "…")
}

#[test]
fn content_is_uploaded_in_one_request() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.png"), "hello").unwrap();
    let server = Server::json(r#"{"name":"n"}"#);
    let args = ["media", "insert", "-u", "simple", "-f", "a.png", "-m", "image/x-own"];
    let output = go(folder.path(), &server, &args);
    assert_eq!(
        (output.status, output.stdout.as_str()),
        (0, "{\n  \"name\": \"n\"\n}\n"),
        "{}",
        output.stderr
    );
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.headers["content-type"].as_str(), seen.body.as_slice()),
        ("image/x-own", &b"hello"[..])
    );
    assert!(seen.query.contains("uploadType=media"), "{}", seen.query);

    let args = ["media", "insert", "-r", "name=meta", "-u", "simple", "-f", "a.png"];
    assert_eq!(go(folder.path(), &server, &args).status, 0);
    let seen = &server.seen()[1];
    assert!(seen.headers["content-type"].starts_with("multipart/related"));
    let body = String::from_utf8(seen.body.clone()).unwrap();
    assert!(body.contains("image/png") && body.contains(r#"{"name":"meta"}"#), "{body}");
}

#[test]
fn content_type_defaults_to_the_metadata() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.png"), "hello").unwrap();
    for (more, sent) in [
        (&["-r", "contentType=image/x-own"][..], "image/x-own"),
        (&["-r", "contentType=image/x-own", "-m", "image/x-given"], "image/x-given"),
        (&["-r", "contentType=application/vnd.google-apps.document"], "image/png"),
        (&["-r", "name=n"], "image/png"),
    ] {
        let args = [&["media", "insert", "-u", "simple", "-f", "a.png"], more].concat();
        let server = Server::json(r#"{"name":"n"}"#);
        assert_eq!(go(folder.path(), &server, &args).status, 0, "{more:?}");
        let body = String::from_utf8(server.seen().remove(0).body).unwrap();
        assert!(body.contains(&format!("Content-Type: {sent}\r\n")), "{more:?}: {body}");
        // The preview matches the request.
        let dry = go(folder.path(), &server, &[&args[..], &["--dry-run"]].concat());
        let shown: Value = serde_json::from_str(&dry.stdout).unwrap();
        assert_eq!(shown["content"]["type"], sent, "{more:?}");
        let curl = go(folder.path(), &server, &[&args[..], &["--curl"]].concat());
        assert!(curl.stdout.contains(sent), "{more:?}: {}", curl.stdout);
        let code = go(folder.path(), &server, &[&args[..], &["--code", "rust"]].concat());
        let set = code.stdout.contains(&format!(".with_content_type(\"{sent}\")"));
        assert_eq!(set, sent != "image/x-own", "{more:?}: {}", code.stdout);
    }
}

#[test]
fn content_that_the_method_rejects_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mail.eml"), "From: a").unwrap();
    let server = Server::json("{}");
    let args = ["media", "insert", "-u", "simple", "-f", "mail.eml"];
    let output = go(folder.path(), &server, &args);
    assert_ne!(output.status, 0);
    assert!(output.stderr.contains("type image/*, not message/rfc822"), "{}", output.stderr);
    assert!(server.seen().is_empty());
    assert_eq!(go(folder.path(), &server, &[&args[..], &["-m", "image/png"]].concat()).status, 0);
}

#[test]
fn unrequested_ranges_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.png"), "old").unwrap();
    let first = Answer {
        headers: "etag: \"v1\"\r\n".to_owned(),
        promised: Some(10),
        ..Answer::of(200, "image/png", b"hello")
    };
    for (status, range, etag) in [
        (206, "bytes 4-9/10", "v1"),
        (206, "bytes 6-9/10", "v1"),
        (200, "bytes 6-9/10", "v1"),
        (206, "bytes 5-9/10", "v2"),
        (206, "bytes 5-8/9", "v1"),
        (206, "bytes 5-9", "v1"),
    ] {
        let headers = format!("etag: \"{etag}\"\r\ncontent-range: {range}\r\n");
        let rest = Answer { headers, ..Answer::of(status, "image/png", b"world") };
        let server = Server::new(vec![first.clone(), rest]);
        let args = ["media", "get", "id", "-p", "alt=media", "-o", "a.png"];
        let output = go(folder.path(), &server, &args);
        assert_ne!(output.status, 0, "{range}");
        assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"old", "{range}");
    }
    // Ranges are evaluated with any status.
    let headers = "etag: \"v1\"\r\ncontent-range: bytes 5-9/10\r\n".to_owned();
    let rest = Answer { headers, ..Answer::of(200, "image/png", b"world") };
    let server = Server::new(vec![first, rest]);
    let args = ["media", "get", "id", "-p", "alt=media", "-o", "a.png"];
    assert_eq!(go(folder.path(), &server, &args).status, 0);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"helloworld");
}

#[test]
fn downloads_are_complete_or_absent() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::of(200, "image/png", b"\x89PNG\0")]);
    let args = ["media", "get", "id", "-p", "alt=media", "-o", "a.png"];
    let output = go(folder.path(), &server, &args);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"\x89PNG\0");
    let denied = Server::new(vec![Answer::json(404, r#"{"error":{"code":404,"message":"x"}}"#)]);
    let args = ["media", "get", "id", "-p", "alt=media", "-o", "b.png"];
    assert_eq!(go(folder.path(), &denied, &args).status, 1);
    assert!(!folder.path().join("b.png").exists());
}

#[test]
fn a_flag_gets_the_content_in_place_of_its_description() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::of(200, "image/png", b"\x89PNG\0")]);
    let get = ["media", "get", "id", "--download", "-o", "a.png"];
    let output = go(folder.path(), &server, &get);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"\x89PNG\0");
    assert!(server.seen()[0].query.contains("alt=media"));
    let same = |more: &[&str]| url(&[&["media", "get", "id"], more].concat());
    assert_eq!(same(&["--download"]), same(&["-p", "alt=media"]));
    assert_eq!(same(&["--download", "-p", "alt=media"]), same(&["-p", "alt=media"]));
    let output =
        go(folder.path(), &server, &["media", "get", "id", "--download", "-p", "alt=json"]);
    assert_eq!(output.status, 2);
    assert!(output.stderr.contains("alt=json"), "{}", output.stderr);
    // Where there is nothing to download, the flag does not exist.
    assert_eq!(go(folder.path(), &server, &["bodies", "create", "--download"]).status, 2);
    let help = go(folder.path(), &server, &["media", "get", "--help"]).stdout;
    for part in ["--download", "--as-stored", "sink media get VALUE --download -o FILE"] {
        assert!(help.contains(part), "{help}");
    }
}

#[test]
fn a_method_with_nothing_but_content_is_a_download() {
    let folder = tempfile::tempdir().unwrap();
    let content = b"\x89PNG\0";
    let args = ["media", "export", "id", "image/png"];
    let server = Server::new(vec![Answer::of(200, "image/png", content)]);
    let output = go(folder.path(), &server, &[&args[..], &["-o", "a.png"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), content);
    assert_eq!(server.seen()[0].query, "mimeType=image/png&alt=media");
    assert!(url(&args).ends_with("media/files/id/export?mimeType=image/png&alt=media"));
}

#[test]
fn bytes_are_downloaded_as_stored() {
    let folder = tempfile::tempdir().unwrap();
    let headers = "content-encoding: gzip\r\n".to_owned();
    let answer = Answer { headers, ..Answer::of(200, "image/png", b"packed") };
    let server = Server::new(vec![answer]);
    let args = ["media", "get", "id", "-p", "alt=media", "--as-stored"];
    let output = go(folder.path(), &server, &[&args[..], &["-o", "a.png"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"packed");
    assert_eq!(server.seen()[0].headers["accept-encoding"], "gzip");
    assert_eq!(shown(&args)["headers"]["accept-encoding"], "gzip");
    // Without the content there is nothing to decompress.
    for (args, part) in [
        (&["media", "get", "id", "--as-stored"][..], "--download gets the content"),
        (&["bodies", "create", "--as-stored"], "has none"),
    ] {
        let output = go(folder.path(), &Server::new(Vec::new()), args);
        assert_eq!(output.status, 2, "{}", output.stderr);
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
}

#[test]
fn interrupted_downloads_resume() {
    let folder = tempfile::tempdir().unwrap();
    let first = Answer {
        headers: "etag: \"v1\"\r\naccept-ranges: bytes\r\n".to_owned(),
        promised: Some(10),
        ..Answer::of(200, "image/png", b"hello")
    };
    let rest = Answer {
        headers: "etag: \"v1\"\r\ncontent-range: bytes 5-9/10\r\n".to_owned(),
        ..Answer::of(206, "image/png", b"world")
    };
    let server = Server::new(vec![first, rest]);
    let args = ["media", "get", "id", "-p", "alt=media", "-o", "a.png"];
    let output = go(folder.path(), &server, &args);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(std::fs::read(folder.path().join("a.png")).unwrap(), b"helloworld");
    let seen = server.seen();
    assert_eq!((seen.len(), seen[1].headers["range"].as_str()), (2, "bytes=5-"));
}

#[test]
fn dry_runs_show_the_destination_of_content() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "hello").unwrap();
    let server = Server::new(Vec::new());
    for (more, kind) in [
        (&["-u", "simple"][..], "media"),
        (&["-u", "simple", "-r", "name=n"], "multipart"),
        (&["-u", "resumable"], "resumable"),
    ] {
        let args = ["media", "insert", "-f", "a.txt", "--dry-run", "-p", "fields=name"];
        let output = go(folder.path(), &server, &[&args[..], more].concat());
        let shown: Value = serde_json::from_str(&output.stdout).unwrap();
        let url = shown["url"].as_str().unwrap();
        assert!(url.contains("/upload/") && url.contains("fields=name"), "{url}");
        assert!(url.ends_with(&format!("uploadType={kind}")), "{url}");
        assert_eq!(shown["content"]["type"], "text/plain");
    }
}

#[test]
fn bodies_that_are_not_json() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.xml"), "<a/>").unwrap();
    let server = Server::new(vec![Answer::of(200, "application/xml", b"<b/>")]);
    let output = go(folder.path(), &server, &["bodies", "raw", "-f", "a.xml"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, "<b/>"), "{}", output.stderr);
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.headers["content-type"].as_str(), seen.body.as_slice()),
        ("application/xml", &b"<a/>"[..])
    );
    let output = go(folder.path(), &server, &["bodies", "raw"]);
    assert_eq!(output.status, 2);
    assert!(output.stderr.contains("-f FILE"), "{}", output.stderr);
}

#[test]
fn empty_responses_are_successful() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("");
    let output = go(folder.path(), &server, &["bodies", "delete", "x"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, ""), "{}", output.stderr);
}

#[test]
fn parameters_of_every_kind() {
    assert_eq!(
        url(&[
            "params", "list", "must", "a", "b", "--size", "+5", "--flag", "--ttl", "5s", "--views",
            "x", "--views", "y"
        ]),
        "params/v1/things?must=must&ids=a&ids=b&flag=true&size=5&ttl=5s&views=x&views=y&…"
    );
    assert_eq!(url(&["paths", "a", "x/y"]), "paths/v1/x/y:verb?…");
    assert_eq!(url(&["paths", "c", "x/y z"]), "paths/v1/files/x/y%20z?…");
    assert_eq!(url(&["paths", "d", "a/b"]), "paths/v1/a%2Fb/$export?…");
    assert_eq!(
        url(&[
            "names-of-params",
            "get",
            "K",
            "--param-timeout",
            "5",
            "-p",
            "fields=f",
            "endDate.day=1",
            "end-date=2"
        ]),
        "names_of_params/v1/things/K?timeout=5&fields=f&endDate.day=1&end-date=2&…"
    );
}

#[test]
fn commands_at_every_level() {
    assert_eq!(
        url(&["tokeninfo", "--id-token", "x"]),
        "top_level_methods/v1/tokeninfo?id_token=[hidden]&…"
    );
    assert_eq!(url(&["names-of-resources", "bulk-export"]), "names_of_resources/v1/things?…");
    assert_eq!(url(&["names-of-resources", "well-known", "get"]), "names_of_resources/v1/things?…");
    assert_eq!(url(&["names-of-resources", "well-known-get"]), "names_of_resources/v1/things?…");
    assert_eq!(url(&["names-of-resources", "operations-get"]), "names_of_resources/v1/things?…");
    assert_eq!(shown(&["names-of-resources", "operations"])["method"], "GET");
}

#[test]
fn map_entries_are_items() {
    let folder = tempfile::tempdir().unwrap();
    let pages =
        [r#"{"items":{"a":{"name":"1"}},"nextPageToken":"t"}"#, r#"{"items":{"b":{"name":"2"}}}"#];
    let server = Server::new(pages.map(|page| Answer::json(200, page)).to_vec());
    let output = go(folder.path(), &server, &["paging", "map", "--all", "--format", "compact"]);
    assert_eq!(output.stdout, "{\"items\":{\"a\":{\"name\":\"1\"},\"b\":{\"name\":\"2\"}}}\n");
}

#[test]
fn pages_of_the_program_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    let output = go(folder.path(), &server, &["docs", "about"]);
    assert_eq!(output.stdout, "# About\n");
    assert!(go(folder.path(), &server, &["docs", "paging.list"]).stdout.contains("## Response"));
    assert!(
        go(folder.path(), &server, &["schema", "ListsAndMapsNest"])
            .stdout
            .contains("grid.+: [[double]]")
    );
    let output = go(folder.path(), &server, &["schema", "ListsAndMapNest"]);
    assert!(output.stderr.contains("Did you mean 'ListsAndMapsNest' ?"), "{}", output.stderr);
    assert!(go(folder.path(), &server, &["methods", "paging"]).stdout.contains("paging search"));
}

#[test]
fn a_preview_shows_the_request_id_and_a_flag_turns_it_off() {
    let insert = ["request-ids", "insert", "-r", "name=n"];
    let id = |args: &[&str]| {
        let url = url(args);
        url.split(['?', '&']).find_map(|pair| pair.strip_prefix("requestId=").map(str::to_owned))
    };
    let shown_id = id(&insert).unwrap();
    assert_eq!((shown_id.len(), &shown_id[14..15]), (36, "8"), "{shown_id}");
    assert_eq!(id(&insert), Some(shown_id.clone()), "the same request, the same preview");
    assert_ne!(id(&["request-ids", "insert", "-r", "name=m"]), Some(shown_id.clone()));
    assert_eq!(id(&[&insert[..], &["--no-request-id"]].concat()), None);
    let own = [&insert[..], &["--request-id", "mine"]].concat();
    assert_eq!(id(&own).as_deref(), Some("mine"));
    let run = shown(&["request-ids", "run", "t", "-r", "speed=3"]);
    assert_eq!(run["body"]["requestId"].as_str().map(str::len), Some(36), "{run}");

    let folder = tempfile::tempdir().unwrap();
    let server = Server::json(r#"{"name":"n"}"#);
    let preview = |more: &[&str]| go(folder.path(), &server, &[&insert[..], more].concat()).stdout;
    assert!(preview(&["--curl"]).contains(&format!("requestId={shown_id}")));
    // The program makes an ID of its own.
    assert!(!preview(&["--code", "rust"]).contains("with_request_id"));
    let off = preview(&["--code", "rust", "--no-request-id"]);
    assert!(off.contains(".with_request_ids(false)"), "{off}");
    assert!(server.seen().is_empty());
    // What is sent is random.
    let sent = |more: &[&str]| {
        assert_eq!(go(folder.path(), &server, &[&insert[..], more].concat()).status, 0);
        server.seen().pop().unwrap().query
    };
    let (one, two) = (sent(&[]), sent(&[]));
    assert!(one.contains("requestId=") && one != two && !one.contains(&shown_id), "{one} {two}");
    assert!(!sent(&["--no-request-id"]).contains("requestId="));
}
