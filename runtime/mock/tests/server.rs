//! Connections, credentials, faults, and response formats.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use std::io::{BufReader, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use common::{Fixture, read_reply, write_request};
use discovery_mock::Tokens;
use serde_json::{Value, json};

#[test]
fn connections_are_reused_until_shutdown() {
    let fixture = Fixture::new();
    let mut stream = TcpStream::connect(fixture.running.address()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for id in ["a", "b", "c"] {
        let path = format!("/v1/shelves?shelfId={id}");
        write_request(&mut stream, "POST", &path, &[], r#"{"theme":"t"}"#).unwrap();
        let reply = read_reply(&mut reader).unwrap();
        assert_eq!(reply.json()["name"], format!("shelves/{id}"));
    }
    let address = fixture.running.address();
    fixture.running.shutdown();
    assert!(read_reply(&mut reader).is_none());
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(fixture.server.store().len(), 3);
}

#[test]
fn responses_have_the_requested_format() {
    let fixture = Fixture::new();
    fixture.ok("POST", "/v1/shelves?shelfId=s", &json!({ "theme": "t" }));
    let get = |query: &str, headers: &[(&str, &str)]| {
        fixture.send("GET", &format!("/v1/shelves/s{query}"), headers, "")
    };
    let pretty = get("?fields=theme", &[]);
    assert_eq!(pretty.text, "{\n  \"theme\": \"t\"\n}\n");
    assert_eq!(pretty.header("content-type"), Some("application/json; charset=UTF-8"));
    assert_eq!(get("?fields=theme&prettyPrint=false", &[]).text, "{\"theme\":\"t\"}\n");
    assert_eq!(
        get("?prettyPrint=false", &[("x-goog-fieldmask", "name")]).text,
        "{\"name\":\"shelves/s\"}\n"
    );
    let list = fixture.ok("GET", "/v1/shelves?fields=shelves(name)", &Value::Null);
    assert_eq!(list, json!({ "shelves": [{ "name": "shelves/s" }] }));

    let error = fixture.send("GET", "/v1/shelves/x?$.xgafv=1&prettyPrint=false", &[], "");
    let message = "Resource 'shelves/x' was not found.";
    assert_eq!(
        error.json(),
        json!({ "error": {
        "code": 404, "message": message, "status": "NOT_FOUND",
        "errors": [{ "message": message, "domain": "global", "reason": "notFound" }],
    } })
    );
}

#[test]
fn long_get_requests_are_accepted_as_forms() {
    let fixture = Fixture::new();
    fixture.ok("POST", "/v1/shelves?shelfId=s", &json!({ "theme": "t" }));
    let headers =
        [("x-http-method-override", "GET"), ("content-type", "application/x-www-form-urlencoded")];
    let reply =
        fixture.send("POST", "/v1/shelves", &headers, "fields=shelves%2Fname&filter=theme%3Dt");
    assert_eq!(reply.json(), json!({ "shelves": [{ "name": "shelves/s" }] }));
}

#[test]
fn tokens_are_checked_if_configured() {
    let any = Fixture::with(|builder| builder.tokens(Tokens::Any));
    let only = Fixture::with(|builder| builder.tokens(Tokens::Only("secret".to_owned())));
    for (fixture, header, query, expected) in [
        (&any, "", "", 401),
        (&any, "Basic abc", "", 401),
        (&any, "Bearer x", "", 200),
        (&any, "", "?access_token=x", 200),
        (&only, "Bearer x", "", 401),
        (&only, "bearer secret", "", 200),
    ] {
        let headers = [("authorization", header)];
        let reply = fixture.send("GET", &format!("/v1/shelves{query}"), &headers, "");
        assert_eq!(reply.status, expected, "{header} {query}");
        if expected == 401 {
            assert_eq!(reply.json()["error"]["status"], "UNAUTHENTICATED");
            assert!(reply.header("www-authenticate").is_some());
        }
    }
}

#[test]
fn pages_of_other_sites_are_refused() {
    let fixture = Fixture::with(|builder| builder.allow_host("mock"));
    let address = fixture.running.address();
    let create = |host: &str, more: &str| {
        let body = r#"{"theme":"t"}"#;
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /v1/shelves HTTP/1.1\r\nhost: {host}\r\n{more}content-type: text/plain\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        read_reply(&mut BufReader::new(stream)).unwrap()
    };
    let own = address.to_string();
    for (host, more) in [
        (own.as_str(), ""),
        ("localhost:1", "origin: http://localhost:3000\r\n"),
        ("mock:8383", "origin: http://mock\r\n"),
        ("library.example.com", ""),
    ] {
        assert_eq!(create(host, more).status, 200, "{host} {more}");
    }
    assert_eq!(fixture.server.store().len(), 4);
    for (host, more) in [
        ("evil.example", ""),
        ("evil.example", "origin: http://evil.example\r\n"),
        (own.as_str(), "origin: http://evil.example\r\n"),
        (own.as_str(), "origin: null\r\n"),
    ] {
        let reply = create(host, more);
        assert_eq!(reply.status, 403, "{host} {more}");
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("--allow-host"), "{message}");
    }
    assert_eq!(fixture.server.store().len(), 4, "nothing was created");
}

#[test]
fn faults_apply_to_the_selected_calls() {
    let fixture = Fixture::with(|builder| {
        builder
            .fault("503:every=2,method=library.shelves.list,retry-after=7".parse().unwrap())
            .fault("close:first=1,method=library.notes.list".parse().unwrap())
            .fault("500:after,first=1,method=library.shelves.create".parse().unwrap())
    });
    let list = || fixture.send("GET", "/v1/shelves", &[], "");
    assert_eq!(list().status, 200);
    let failed = list();
    assert_eq!((failed.status, failed.header("retry-after")), (503, Some("7")));
    assert_eq!(failed.json()["error"]["status"], "UNAVAILABLE");
    assert_eq!(list().status, 200);

    let address = fixture.running.address();
    assert!(common::try_send(address, "GET", "/notes", &[], "").is_none());
    assert!(common::try_send(address, "GET", "/notes", &[], "").is_some());

    // The response is lost, but the change is not.
    let create = json!({ "theme": "t" });
    assert_eq!(fixture.json("POST", "/v1/shelves?shelfId=s", &create).status, 500);
    assert_eq!(fixture.ok("GET", "/v1/shelves/s", &Value::Null)["theme"], "t");
}

#[test]
fn all_faults_of_the_grammar_work() {
    let broken = |fault: &str| {
        let fixture = Fixture::with(|builder| builder.fault(fault.parse().unwrap()));
        common::try_send(fixture.running.address(), "GET", "/notes", &[], "")
    };
    assert!(broken("return-broken-stream").is_none());
    assert!(broken("return-wrong-length").is_none());
    assert!(broken("send-goaway").is_none());
    assert_eq!(
        broken("return-html-502").unwrap().header("content-type"),
        Some("text/html; charset=UTF-8")
    );
    let cut = broken("return-truncated-body").unwrap();
    assert!(serde_json::from_str::<Value>(&cut.text).is_err(), "{}", cut.text);
    // As in Google's storage testbench, a request may ask for a fault.
    let fixture = Fixture::new();
    let asked = [("x-goog-emulator-instructions", "return-429-retry-after-3s")];
    let reply = fixture.send("GET", "/notes", &asked, "");
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("3")));
}

#[test]
fn delays_are_observed() {
    let fixture = Fixture::with(|b| b.fault("delay=50ms:first=1".parse().unwrap()));
    let start = std::time::Instant::now();
    fixture.ok("GET", "/v1/shelves", &Value::Null);
    assert!(start.elapsed() >= std::time::Duration::from_millis(50));
}

#[test]
fn requests_are_logged_without_secrets() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let fixture = Fixture::with(|builder| {
        builder.log(move |entry| log.lock().unwrap().push(entry.to_string()))
    });
    fixture.send("GET", "/v1/shelves?key=hidden&alt=json", &[], "");
    fixture.send("GET", "/nowhere", &[], "");
    fixture.running.shutdown();
    let lines = lines.lock().unwrap();
    assert!(lines[0].starts_with("200 GET /v1/shelves?key=…&alt=json library.shelves.list "));
    assert!(lines[1].starts_with("404 GET /nowhere - "), "{}", lines[1]);
}

#[test]
fn seeds_are_validated_and_stored_once() {
    let fixture = Fixture::new();
    let seed = json!({
        "shelves/s": { "theme": "t", "createTime": "2020-01-01T00:00:00Z" },
        "shelves/s/books/b": { "title": "Emma" },
    });
    assert_eq!(fixture.server.seed(&seed).unwrap(), 2);
    assert_eq!(fixture.server.seed(&seed).unwrap(), 0);
    let shelf = fixture.ok("GET", "/v1/shelves/s", &Value::Null);
    assert_eq!((&shelf["name"], &shelf["theme"]), (&json!("shelves/s"), &json!("t")));
    assert_eq!(fixture.ok("GET", "/v1/shelves/s/books", &Value::Null)["totalSize"], 1);
    let listed = json!([{ "name": "shelves/l", "theme": "t" }]);
    assert_eq!(fixture.server.seed(&listed).unwrap(), 1);

    for (bad, expected) in [
        (json!({ "desks/1": {} }), "not a resource name of this API; expected"),
        (json!({ "shelves/x": { "theme": 1 } }), "shelves/x: Invalid value at 'theme'"),
        (json!([{ "theme": "t" }]), "resource 0 has no name"),
        (json!(5), "must be an object of resources by name"),
        (json!({ "shelves/y": { "theme": "t" }, "shelves/z": { "thema": "t" } }), "thema"),
    ] {
        let error = fixture.server.seed(&bad).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(fixture.err("GET", "/v1/shelves/y", &Value::Null).0, 404);
}
