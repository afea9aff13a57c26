//! Ctrl-C and `kill` while a file is written.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Answers one request with `body`, or leaves it open.
fn answer(listener: &TcpListener, body: Option<&str>) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(&stream).lines();
    while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    if let Some(body) = body {
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
        write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    }
    stream
}

/// Runs jobs3 with `-o out` in a folder, and sends a signal once the request after `pages` waits for
/// its response.
fn interrupted(folder: &Path, args: &[&str], pages: &[&str], signal: &str) -> Output {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_jobs3"))
        .args(args)
        .args(["-o", "out", "--endpoint", &format!("http://{}", listener.local_addr().unwrap())])
        .current_dir(folder)
        .env_clear()
        .env("JOBS3_ACCESS_TOKEN", "t")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for page in pages {
        drop(answer(&listener, Some(page)));
    }
    let _open = answer(&listener, None);
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    child.wait_with_output().unwrap()
}

fn empty(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn nothing_is_left_behind() {
    const LIST: &[&str] = &["projects", "companies-list", "projects/p"];
    let all = [LIST, &["--all", "--format", "jsonl"]].concat();
    let first = r#"{"companies": [{"name": "c"}], "nextPageToken": "t"}"#;
    for (args, pages) in [(LIST, &[][..]), (&all, &[first][..])] {
        for signal in ["-INT", "-TERM"] {
            let folder = empty("interrupted");
            std::fs::write(folder.join("out"), "before").unwrap();
            let output = interrupted(&folder, args, pages, signal);
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(130), "{signal}: {message}");
            assert!(message.contains("interrupted; nothing is written\n"), "{message}");
            assert_eq!(names(&folder), ["out"], "{args:?} {signal}");
            assert_eq!(std::fs::read(folder.join("out")).unwrap(), b"before");
        }
    }
}

#[test]
fn a_call_that_writes_may_be_done() {
    let folder = empty("maybe-done");
    let args = ["projects", "companies-create", "projects/p", "-r", "company.display-name=A"];
    let output = interrupted(&folder, &args, &[], "-INT");
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("the server may have executed the call"), "{message}");
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(names(&folder).is_empty());
}
