//! Interrupted uploads: which run resumes which session.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panic")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use support::{Answer, Output, Run, SINK, Seen, Server};

const SIZE: usize = 600 * 1024;
const UPLOAD: &[&str] =
    &["media", "insert", "-u", "resumable", "-f", "a.png", "-r", "name=n", "--timeout", "20"];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.png"), vec![7; SIZE]).unwrap();
    folder
}

fn run<'a>(folder: &'a Path, server: &Server, args: &[&str]) -> Run<'a> {
    Run::new(folder, server, args).of(SINK)
}

fn kept(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder.join(".config/sink/uploads")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A server that opens a new session for each upload. It responds to chunks and queries with a
/// configurable status.
struct Store {
    server: Server,
    status: Arc<AtomicU16>,
}

/// Success: accepts chunks, and has stored 256 KiB.
const SUCCESS: u16 = 200;

impl Store {
    fn answering(status: u16) -> Self {
        let status = Arc::new(AtomicU16::new(status));
        let (answered, opened) = (status.clone(), AtomicUsize::new(0));
        let server = Server::of(move |_, seen: &Seen| {
            if seen.method != "PUT" || seen.query.contains("uploadType") {
                let number = opened.fetch_add(1, Ordering::Relaxed);
                let headers = format!("location: SELF/session/{number}\r\n");
                return Answer { headers, ..Answer::json(200, "") };
            }
            let status = answered.load(Ordering::Relaxed);
            // Only the stored session is rejected.
            let is_kept = seen.path == "/session/0";
            match status {
                SUCCESS if seen.body.is_empty() => {
                    let headers = "range: bytes=0-262143\r\n".to_owned();
                    Answer { headers, ..Answer::json(308, "") }
                }
                refusal if is_kept && refusal != SUCCESS => Answer::json(refusal, ""),
                _ => Answer::json(200, r#"{"name":"done"}"#),
            }
        });
        Self { server, status }
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    fn last(&self) -> Seen {
        self.server.seen().pop().unwrap()
    }
}

/// Starts an upload that is interrupted.
fn interrupt(folder: &Path) -> Store {
    let store = Store::answering(500);
    let output = run(folder, &store.server, UPLOAD).go();
    assert_ne!(output.status, 0);
    assert!(output.stderr.contains("resumes the upload"), "{}", output.stderr);
    assert_eq!(kept(folder).len(), 1);
    store.answer(SUCCESS);
    store
}

fn is_resumed(output: &Output) -> bool {
    assert_eq!(output.status, 0, "{}", output.stderr);
    output.stderr.contains("Resuming an earlier upload at byte")
}

#[test]
fn the_same_upload_resumes_where_it_ended() {
    let folder = folder();
    let store = interrupt(folder.path());
    let text = std::fs::read_to_string(&kept(folder.path())[0]).unwrap();
    assert!(text.contains("/session/0") && !text.contains("conformance-token"), "{text}");
    assert!(is_resumed(&run(folder.path(), &store.server, UPLOAD).go()));
    let last = store.last();
    assert_eq!((last.path.as_str(), last.body.len()), ("/session/0", SIZE - 256 * 1024));
    assert!(kept(folder.path()).is_empty());
}

/// Uploads with another destination or content are different uploads.
#[test]
fn another_upload_of_the_same_file_gets_a_new_session() {
    let token = ("SINK_ACCESS_TOKEN", "another-token");
    type Change = fn(&mut Vec<String>);
    let changes: &[(&str, Change, Option<(&str, &str)>)] = &[
        (
            "the method",
            |args| args.splice(1..2, ["update".into(), "a".into()]).for_each(drop),
            None,
        ),
        ("metadata", |args| args[7] = "name=other".to_owned(), None),
        ("a parameter", |args| args.extend(["-p", "fields=name"].map(Into::into)), None),
        ("another parameter", |args| args.extend(["-p", "quotaUser=q"].map(Into::into)), None),
        ("the content's type", |args| args.extend(["-m", "image/x-own"].map(Into::into)), None),
        ("the caller's token", |_| {}, Some(token)),
        ("the caller's key", |args| args.extend(["-p", "key=k"].map(Into::into)), None),
        ("the project", |args| args.extend(["--quota-project", "p"].map(Into::into)), None),
    ];
    for (what, change, variable) in changes {
        let folder = folder();
        let store = interrupt(folder.path());
        let mut other = run(folder.path(), &store.server, UPLOAD);
        change(&mut other.args);
        other
            .env
            .extend(variable.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let output = other.go();
        assert!(!is_resumed(&output), "{what}: {}", output.stderr);
        assert_eq!(store.last().path, "/session/1", "{what}");
        // The first session is unchanged.
        assert!(is_resumed(&run(folder.path(), &store.server, UPLOAD).go()), "{what}");
    }
}

/// Regression: the content of one file was stored in another.
#[test]
fn another_destination_gets_a_new_session() {
    let folder = folder();
    let store = Store::answering(500);
    let update = |id: &'static str| {
        ["media", "update", id, "-u", "resumable", "-f", "a.png", "--timeout", "20"]
    };
    let output = run(folder.path(), &store.server, &update("FILE-A")).go();
    assert!(output.stderr.contains("resumes the upload"), "{}", output.stderr);
    store.answer(SUCCESS);
    assert!(!is_resumed(&run(folder.path(), &store.server, &update("FILE-B")).go()));
    assert_eq!((store.last().path.as_str(), store.last().body.len()), ("/session/1", SIZE));
    assert!(is_resumed(&run(folder.path(), &store.server, &update("FILE-A")).go()));
    assert_eq!(store.last().path, "/session/0");
}

#[test]
fn another_server_gets_a_new_session() {
    let folder = folder();
    let first = interrupt(folder.path());
    let before = first.server.seen().len();
    let second = Store::answering(SUCCESS);
    assert!(!is_resumed(&run(folder.path(), &second.server, UPLOAD).go()));
    assert_eq!(first.server.seen().len(), before, "nothing goes to the first server");
}

#[test]
fn changed_content_gets_a_new_session() {
    for same_time in [false, true] {
        let folder = folder();
        let store = interrupt(folder.path());
        let path = folder.path().join("a.png");
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        let mut content = vec![7; SIZE];
        content[0] = 8;
        std::fs::write(&path, content).unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        let later = std::time::Duration::from_secs(if same_time { 0 } else { 1 });
        file.set_modified(time + later).unwrap();
        let output = run(folder.path(), &store.server, UPLOAD).go();
        if same_time {
            // Only the content differs: rejected, and the next run restarts.
            assert!(output.stderr.contains("the content has changed since"), "{}", output.stderr);
            let output = run(folder.path(), &store.server, UPLOAD).go();
            assert!(!is_resumed(&output));
        } else {
            assert!(!is_resumed(&output));
        }
        assert_eq!(store.last().body.len(), SIZE);
    }
}

#[test]
fn sessions_of_other_folders_or_programs_are_not_used() {
    let folder = folder();
    let store = interrupt(folder.path());
    let file = kept(folder.path()).remove(0);
    let text = std::fs::read_to_string(&file).unwrap();
    // A session of another upload, stored under this one's name, is not used.
    std::fs::write(&file, text.replace("\"key\":\"", "\"key\":\"0")).unwrap();
    assert!(!is_resumed(&run(folder.path(), &store.server, UPLOAD).go()));
}

#[test]
fn permanent_errors_discard_the_session() {
    for status in [400, 403, 404, 410, 412] {
        let folder = folder();
        let store = interrupt(folder.path());
        store.answer(status);
        let output = run(folder.path(), &store.server, UPLOAD).go();
        assert!(output.stderr.contains("Resuming an earlier upload"), "{}", output.stderr);
        // An expired session is replaced in the same run.
        let is_gone = matches!(status, 404 | 410);
        assert_eq!(output.status == 0, is_gone, "{status}: {}", output.stderr);
        assert!(!output.stderr.contains("resumes the upload"), "{status}: {}", output.stderr);
        assert!(kept(folder.path()).is_empty(), "{status}");
        if !is_gone {
            assert!(!is_resumed(&run(folder.path(), &store.server, UPLOAD).go()), "{status}");
            assert_eq!(store.last().path, "/session/1", "{status}");
        }
    }
    // If the server rejects everything, no run leaves a session behind.
    let folder = folder();
    let refusing = Server::new(vec![Answer::json(404, "")]);
    for _ in 0..2 {
        assert_ne!(run(folder.path(), &refusing, UPLOAD).go().status, 0);
        assert!(kept(folder.path()).is_empty());
    }
}

#[test]
fn temporary_errors_keep_the_session() {
    for status in [401, 429, 500] {
        let folder = folder();
        let output = run(folder.path(), &Store::answering(status).server, UPLOAD).go();
        assert_ne!(output.status, 0, "{status}");
        assert_eq!(kept(folder.path()).len(), 1, "{status}: {}", output.stderr);
    }
}

#[test]
fn single_request_uploads_have_no_session() {
    let folder = folder();
    let store = interrupt(folder.path());
    let before = std::fs::read(&kept(folder.path())[0]).unwrap();
    for metadata in [&["-r", "name=n"][..], &[]] {
        let args = ["media", "insert", "-u", "simple", "-f", "a.png"];
        let simple = Server::json(r#"{"name":"n"}"#);
        let output = run(folder.path(), &simple, &[&args[..], metadata].concat()).go();
        assert!(!is_resumed(&output));
        assert_eq!(simple.seen().len(), 1);
    }
    assert_eq!(std::fs::read(&kept(folder.path())[0]).unwrap(), before);
    assert!(is_resumed(&run(folder.path(), &store.server, UPLOAD).go()));
}

#[test]
fn concurrent_runs_have_separate_sessions() {
    let folder = folder();
    interrupt(folder.path());
    // The first chunk of each upload waits until both have arrived.
    let (barrier, opened) = (Arc::new(Barrier::new(2)), AtomicUsize::new(0));
    let server = Server::of(move |_, seen| match seen.method.as_str() {
        "POST" => {
            let number = opened.fetch_add(1, Ordering::Relaxed);
            let headers = format!("location: SELF/session/{number}\r\n");
            Answer { headers, ..Answer::json(200, "") }
        }
        _ => {
            barrier.wait();
            Answer::json(200, r#"{"name":"done"}"#)
        }
    });
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        let runs = [(); 2].map(|()| scope.spawn(|| run(folder.path(), &server, UPLOAD).go()));
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(outputs.iter().all(|output| output.status == 0), "{outputs:?}");
    let beside = outputs.iter().filter(|o| o.stderr.contains("Another run of this upload"));
    assert_eq!(beside.count(), 1, "{outputs:?}");
    let seen = server.seen();
    let mut puts: Vec<_> =
        seen.iter().filter(|seen| seen.method == "PUT").map(|seen| seen.path.as_str()).collect();
    puts.sort_unstable();
    assert_eq!(puts, ["/session/0", "/session/1"]);
    // What is left is the session of the first server.
    assert_eq!(kept(folder.path()).len(), 1);
}

#[test]
fn large_standard_input_arrives_whole() {
    let folder = tempfile::tempdir().unwrap();
    let line = "0123456789abcdef\n";
    for length in [0, 1, 4 * 1024 * 1024 - 1, 4 * 1024 * 1024, 5_000_000] {
        let content: String = line.chars().cycle().take(length).collect();
        let server = Server::json("{}");
        let args = ["media", "insert", "-f", "-", "-u", "simple", "-m", "image/png"];
        let run = Run { stdin: &content, ..Run::new(folder.path(), &server, &args).of(SINK) };
        let output = run.go();
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert!(server.seen()[0].body == content.as_bytes(), "{length} bytes");
    }
}

#[test]
fn the_log_shows_the_verbs_that_are_sent() {
    let folder = folder();
    let store = Store::answering(SUCCESS);
    let output = run(folder.path(), &store.server, &[UPLOAD, &["-v"]].concat()).go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    let verb = |line: &str| line.strip_prefix("> ")?.split(' ').next().map(str::to_owned);
    let logged: Vec<String> = output.stderr.lines().filter_map(verb).collect();
    let sent: Vec<String> = store.server.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(logged, sent);
    assert_eq!(sent, ["POST", "PUT"]);
}
