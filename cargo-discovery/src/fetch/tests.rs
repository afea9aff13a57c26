//! Fetching from servers with every kind of failure, and from one that works.

use super::{Limits, Wanted, one, urls};
use discovery_testing::{Fault, FaultServer, Reply, Service};
use std::path::PathBuf;
use std::time::Duration;

const OURS: &str = r#"{
  "description": "Ours.",
  "discoveryVersion": "v1",
  "id": "tiny:v1",
  "kind": "discovery#restDescription",
  "name": "tiny",
  "protocol": "rest",
  "revision": "20250101",
  "rootUrl": "https://tiny.example.com/",
  "schemas": {},
  "servicePath": "",
  "version": "v1"
}
"#;

/// Behavior of the server.
#[derive(Clone)]
enum Answer {
    /// A status and a body.
    Full(u16, String),
    /// A faulty response with the document.
    Broken(Fault),
    /// Redirects to itself.
    Circle,
    /// Redirects to a path that returns 200 and the document.
    Elsewhere(String),
    /// Sends this many megabytes.
    Endless(u64),
}

impl Answer {
    fn to(&self, path: &str) -> Reply {
        let text =
            |status, body: &str| Reply::new(status).with_body("application/json", body.to_owned());
        match self {
            Self::Full(status, body) => text(*status, body),
            Self::Broken(_) => text(200, OURS),
            Self::Circle => Reply::new(302).with_header("location", path),
            Self::Elsewhere(body) if path == "/there" => text(200, body),
            Self::Elsewhere(_) => Reply::new(302).with_header("location", "/there"),
            Self::Endless(megabytes) => {
                Reply::new(200).with_generated(megabytes << 20, |_, block| block.fill(b' '))
            }
        }
    }
}

/// A server with one response to every request.
struct Site(FaultServer);

impl Site {
    fn new(answer: Answer) -> Self {
        let fault = match answer {
            Answer::Broken(fault) => Some(fault),
            _ => None,
        };
        let service = Service::new(move |request| {
            let reply = answer.to(request.head().path());
            async move { reply }
        });
        let server = FaultServer::on_thread(service, "127.0.0.1:0").expect("a server");
        if let Some(fault) = fault {
            server.always(|_| true, fault);
        }
        Self(server)
    }

    /// Where the document is.
    fn place(&self) -> String {
        format!("{}$discovery/rest?version=v1", self.0.url())
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("tiny-v1.json"), OURS).expect("a file");
        Self(dir)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("tiny-v1.json")
    }

    fn fetch(&self, places: &[String], force: bool) -> Result<String, String> {
        self.fetch_within(places, force, Duration::from_secs(120))
    }

    fn fetch_within(
        &self,
        places: &[String],
        force: bool,
        time: Duration,
    ) -> Result<String, String> {
        let limits = Limits { time, bytes: 4 << 20, redirects: 3 };
        let wanted = Wanted {
            id: "tiny:v1",
            file: Some(self.file()),
            overlay: None,
            methods: None,
            dir: self.0.path(),
            force,
        };
        one(&wanted, places, &limits)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).expect("our document")
    }

    /// Counts the files besides the stored document.
    fn others(&self) -> usize {
        std::fs::read_dir(self.0.path()).expect("a folder").count() - 1
    }
}

fn ok(body: impl Into<String>) -> Answer {
    Answer::Full(200, body.into())
}

/// The beginning of an answer, and then nothing for as long as the client waits.
const DRIP: Fault = Fault::StallForAfter { wait: Duration::from_secs(600), bytes: 1 };

#[test]
fn failures_are_reported_and_change_nothing() {
    let not_found = r#"{"error": {"code": 404, "message": "Discovery document not found"}}"#;
    let other = OURS.replace("tiny", "other");
    for (answer, told) in [
        (
            Answer::Full(404, not_found.into()),
            "404 Not Found: Discovery document not found; check the id",
        ),
        (Answer::Full(500, "<html>".into()), "500 Internal Server Error"),
        (ok("<!DOCTYPE html><html></html>"), "a web page"),
        (ok(""), "the response is empty"),
        (ok("not json"), "not JSON: expected ident"),
        (ok("[1]"), "expected an object"),
        (ok(r#"{"kind": "discovery#directoryList"}"#), "name"),
        (ok(not_found), "this is an error response"),
        (Answer::Broken(Fault::Truncated), "truncated after"),
        (Answer::Broken(Fault::WrongLength), "the response is incomplete"),
        (ok(other), "expected tiny:v1, got other:v1"),
        (
            ok(OURS.replace("20250101", "20240101").replace("Ours", "Older")),
            "revision 20240101 is older than the stored 20250101; use --force",
        ),
        (Answer::Circle, "more than 3 redirects"),
        (Answer::Endless(100), "longer than 4 MB"),
        (Answer::Broken(Fault::StallAlways), "no complete response within 0.5 s"),
        (Answer::Broken(DRIP), "no complete response within 0.5 s"),
    ] {
        let folder = Folder::new();
        // The time limit is short only for responses that never complete.
        let stalls =
            matches!(answer, Answer::Broken(Fault::StallAlways | Fault::StallForAfter { .. }));
        let time = if stalls { Duration::from_millis(500) } else { Duration::from_secs(120) };
        let site = Site::new(answer);
        let error = folder.fetch_within(&[site.place()], false, time).expect_err(told);
        assert!(error.contains(told), "{told}: {error}");
        assert_eq!(folder.text(), OURS, "{told}");
        assert_eq!(folder.others(), 0, "{told}");
    }
}

#[test]
fn unreachable_servers_are_reported() {
    let folder = Folder::new();
    let port = Site::new(ok("")).0.address().port();
    let error = folder.fetch(&[format!("http://127.0.0.1:{port}/x")], false).unwrap_err();
    assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
    let error = folder.fetch(&["ftp://example.com/x".to_owned()], false).unwrap_err();
    assert!(error.contains("only http, https, and files"), "{error}");
    let error = folder.fetch(&["missing.json".to_owned()], false).unwrap_err();
    assert!(error.contains("missing.json"), "{error}");
}

#[test]
fn new_revisions_are_normalized_and_reported() {
    // Other order of keys, other whitespace, and a change.
    let new = r#"{"version":"v1","revision":"20250202","name":"tiny","kind":"discovery#restDescription",
        "id":"tiny:v1","protocol":"rest","discoveryVersion":"v1","rootUrl":"https://tiny.example.com/",
        "servicePath":"","schemas":{"B":{"id":"B","type":"object"},"A":{"id":"A","type":"object"}},"description":"Ours."}"#;
    for answer in [ok(new), Answer::Elsewhere(new.to_owned())] {
        let folder = Folder::new();
        let told = folder.fetch(&[Site::new(answer).place()], false).unwrap();
        assert!(told.contains("revision 20250101 → 20250202"), "{told}");
        assert!(told.contains("compatible: 0 breaking, 2 compatible, 0 docs"), "{told}");
        let text = folder.text();
        assert!(text.find("\"A\"") < text.find("\"B\"") && text.ends_with("}\n"), "{text}");
        assert_eq!(folder.others(), 0);
        let again = folder.fetch(&[Site::new(ok(new)).place()], false).unwrap();
        assert!(again.contains("no change since revision 20250202"), "{again}");
    }
}

#[test]
fn revision_and_etag_are_ignored() {
    let folder = Folder::new();
    let new = OURS.replace("20250101", "20250202").replacen("{", "{ \"etag\": \"x\",", 1);
    let told = folder.fetch(&[Site::new(ok(new)).place()], false).unwrap();
    assert!(told.contains("20250101 → 20250202, no other change"), "{told}");
    assert_eq!(folder.text(), OURS);
}

#[test]
fn older_revisions_can_be_forced() {
    let folder = Folder::new();
    let old = OURS.replace("20250101", "20240101").replace("Ours", "Older");
    folder.fetch(&[Site::new(ok(old.clone())).place()], true).unwrap();
    assert_eq!(folder.text(), old);
}

#[test]
fn missing_documents_are_fetched_from_the_next_source() {
    let folder = Folder::new();
    let new = OURS.replace("20250101", "20250202").replace("Ours", "New");
    let [missing, also_missing] =
        [404, 404].map(|code| Site::new(Answer::Full(code, String::new())));
    let found = Site::new(ok(new.clone()));
    folder.fetch(&[missing.place(), found.place()], false).unwrap();
    assert_eq!(folder.text(), new);
    let error = folder.fetch(&[missing.place(), also_missing.place()], false).unwrap_err();
    assert_eq!(error.matches("404 Not Found").count(), 2, "{error}");
    // A server error must not fall back to another source.
    let trouble = Site::new(Answer::Full(503, String::new()));
    assert!(folder.fetch(&[trouble.place(), found.place()], false).is_err());
}

#[test]
fn new_apis_print_the_entry_to_add() {
    let dir = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        id: "tiny:v1",
        file: None,
        overlay: None,
        methods: None,
        dir: dir.path(),
        force: false,
    };
    let limits = Limits { time: Duration::from_secs(20), bytes: 1 << 20, redirects: 3 };
    let source = dir.path().join("source.json");
    std::fs::write(&source, OURS).unwrap();
    let places = [source.display().to_string()];
    let told = one(&wanted, &places, &limits).unwrap();
    let entry = told.lines().last().unwrap();
    let catalog = format!("{{\"apis\": [{entry}]}}");
    assert!(serde_json::from_str::<crate::catalog::Catalog>(&catalog).is_ok(), "{entry}");
    assert_eq!(std::fs::read_to_string(dir.path().join("tiny-v1.json")).unwrap(), OURS);
    assert!(one(&wanted, &places, &limits).unwrap_err().contains("exists, but is not in"));
}

#[test]
fn only_valid_ids_become_urls() {
    assert_eq!(
        urls("jobs:v3").unwrap(),
        [
            "https://jobs.googleapis.com/$discovery/rest?version=v3",
            "https://www.googleapis.com/discovery/v1/apis/jobs/v3/rest"
        ]
    );
    for bad in ["jobs", "jobs:", ":v3", "evil.com/x:v1", "a:b:c", "jobs:v3&x=y", "a@b:v1"] {
        assert!(urls(bad).is_err(), "{bad}");
    }
}
