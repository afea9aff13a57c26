//! Limits on what a run may do, and confirmation of deletions.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use discovery_cli::Terminals;
use serde_json::Value;
use support::{Answer, Output, Run, SINK, Server};

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];
const CREATE: &[&str] = &["projects", "jobs-create", "projects/p", "-r", "job.title=Baker"];
const DELETE: &[&str] = &["projects", "jobs-delete", "projects/p/jobs/j"];
const BATCH_DELETE: &[&str] =
    &["projects", "jobs-batch-delete", "projects/p", "-r", "filter=requisitionId=1"];

fn configure(folder: &Path, text: &str) {
    let config = folder.join(".config/jobs3");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.yaml"), text).unwrap();
}

fn go(folder: &Path, server: &Server, env: &[(&str, &str)], args: &[&str]) -> Output {
    let mut run = Run::new(folder, server, args);
    run.env.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    run.go()
}

#[test]
fn only_methods_that_read_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let on = [("JOBS3_READ_ONLY", "1")];
    for (env, more, config, by) in [
        (&[][..], &["--read-only"][..], "", "--read-only"),
        (&on, &[], "", "JOBS3_READ_ONLY"),
        (&[], &[], "read-only: true", "'read-only' in config.yaml"),
        // Nothing lifts a limit.
        (&[("JOBS3_READ_ONLY", "0")], &[], "read-only: true", "'read-only' in config.yaml"),
    ] {
        configure(folder.path(), config);
        let server = Server::json("{}");
        for call in [CREATE, DELETE, BATCH_DELETE] {
            let output = go(folder.path(), &server, env, &[call, more].concat());
            assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{}", output.stderr);
            let says = format!("and {by} allows only methods that read; nothing was sent");
            assert!(output.stderr.contains(&says), "{}", output.stderr);
        }
        assert!(server.seen().is_empty());
        let output = go(folder.path(), &server, env, &[GET, more].concat());
        assert_eq!((output.status, server.seen().len()), (0, 1), "{}", output.stderr);
    }
    configure(folder.path(), "");
    let server = Server::json("{}");
    for value in ["", "0", "false"] {
        let output = go(folder.path(), &server, &[("JOBS3_READ_ONLY", value)], CREATE);
        assert_eq!(output.status, 0, "{}", output.stderr);
    }
    let output = go(folder.path(), &server, &[("JOBS3_READ_ONLY", "maybe")], GET);
    assert_eq!(output.status, 3, "{}", output.stderr);
}

#[test]
fn refusals_are_told_apart_and_previews_still_work() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let more = ["--read-only", "--error-format", "json"];
    let output = go(folder.path(), &server, &[], &[CREATE, &more].concat());
    let error: Value = serde_json::from_str(&output.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "forbidden");
    let output = go(folder.path(), &server, &[], &[CREATE, &["--read-only", "--dry-run"]].concat());
    assert_eq!(output.status, 0);
    assert!(output.stderr.starts_with("warning: jobs.projects.jobs.create may write"));
    assert!(output.stdout.contains("Baker"));
    let strict = ["--read-only", "--dry-run", "--strict"];
    assert_eq!(go(folder.path(), &server, &[], &[CREATE, &strict].concat()).status, 2);
    assert!(server.seen().is_empty());
}

#[test]
fn tokens_are_still_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let tokens =
        Server::json(r#"{"access_token":"fresh","expires_in":3600,"token_type":"Bearer"}"#);
    let user = serde_json::json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "s",
        "refresh_token": "r",
        "token_uri": format!("{}/token", tokens.url),
    });
    std::fs::write(folder.path().join("user.json"), user.to_string()).unwrap();
    let server = Server::json("{}");
    let args = [GET, &["--read-only", "--credentials", "user.json"]].concat();
    let mut run = Run::new(folder.path(), &server, &args);
    run.env.remove("JOBS3_ACCESS_TOKEN");
    let output = run.go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(server.seen()[0].headers["authorization"], "Bearer fresh");
}

#[test]
fn uploads_are_writes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "hello").unwrap();
    for mode in ["simple", "resumable"] {
        let server = Server::json("{}");
        let args = ["media", "insert", "-f", "a.txt", "-u", mode, "--read-only"];
        let output = Run::new(folder.path(), &server, &args).of(SINK).go();
        assert_eq!((output.status, server.seen().len()), (2, 0), "{}", output.stderr);
    }
}

#[test]
fn lists_of_the_configuration_limit_methods() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    for (config, call, says) in [
        ("deny: ['*.delete']", DELETE, "jobs.projects.jobs.delete is denied by '*.delete' of"),
        ("deny: ['*.delete']", CREATE, ""),
        ("deny: ['*.delete']", BATCH_DELETE, ""),
        ("deny: ['*.*elete']", BATCH_DELETE, "is denied by '*.*elete' of 'deny' in config.yaml"),
        ("allow: jobs.projects.jobs.*", GET, ""),
        ("allow: [jobs.projects.companies.*, '*.get']", GET, ""),
        ("allow: [jobs.projects.companies.*]", GET, "is not among 'allow' in config.yaml"),
        ("allow: []", GET, "is not among 'allow' in config.yaml"),
        ("allow: ['*.jobs.*']\ndeny: ['*.get']", GET, "is denied by"),
    ] {
        configure(folder.path(), config);
        let before = server.seen().len();
        let output = go(folder.path(), &server, &[], call);
        let sent = server.seen().len() - before;
        let want = if says.is_empty() { (0, 1) } else { (2, 0) };
        assert_eq!((output.status, sent), want, "{config}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{config}: {}", output.stderr);
    }
    // A POST that the user vouches for.
    configure(folder.path(), "read-only: true\nreads: [jobs.projects.jobs.search]");
    let search = ["projects", "jobs-search", "projects/p", "-r", "request-metadata.domain=d"];
    let output = go(folder.path(), &server, &[], &search);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(go(folder.path(), &server, &[], CREATE).status, 2);
}

#[test]
fn a_limit_without_effect_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    for (config, says) in [
        ("deny: [jobs.projects.jobs.delet]", "did you mean 'jobs.projects.jobs.delete'?"),
        ("deny: ['*.purge']", "'deny': the pattern '*.purge' matches no method"),
        ("denny: ['*.delete']", "there is no setting 'denny', did you mean 'deny'?"),
        ("deny: 1", "'deny' must be a list of texts"),
        ("deny: [1]", "'deny' must be a list of texts"),
        ("read-only: 'yes'", "'read-only' must be true or false"),
        ("- deny", "the file is not a map of settings"),
        ("a: [", "config.yaml: "),
    ] {
        configure(folder.path(), config);
        let output = go(folder.path(), &server, &[], GET);
        assert_eq!(output.status, 3, "{config}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{config}: {}", output.stderr);
    }
    assert!(server.seen().is_empty());
}

#[test]
fn the_configuration_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    configure(folder.path(), "read-only: true\nallow: ['*.get']");
    let output = go(folder.path(), &server, &[], &["config"]);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert!(shown["file"].as_str().unwrap().ends_with("config.yaml"));
    assert_eq!(shown["readOnly"], "'read-only' in config.yaml");
    assert_eq!(shown["methods"], "2 of 15 may be called");
}

#[test]
fn a_terminal_is_asked_before_a_deletion() {
    let folder = tempfile::tempdir().unwrap();
    let person = Terminals { stdin: true, stderr: true, ..Terminals::default() };
    for (terminals, stdin, call, more, sent) in [
        (person, "y\n", DELETE, &[][..], true),
        (person, "YES\n", BATCH_DELETE, &[], true),
        (person, "n\n", DELETE, &[], false),
        (person, "\n", DELETE, &[], false),
        (person, "", BATCH_DELETE, &[], false),
        (person, "", DELETE, &["--yes"], true),
        (person, "", DELETE, &["-y"], true),
        (person, "", DELETE, &["--no-input"], true),
        (person, "", DELETE, &["--dry-run"], false),
        (person, "", CREATE, &[], true),
        (person, "", GET, &[], true),
        (Terminals { stdin: false, ..person }, "", DELETE, &[], true),
        (Terminals { stderr: false, ..person }, "", DELETE, &[], true),
        (Terminals::default(), "", DELETE, &[], true),
    ] {
        let server = Server::new(vec![Answer::json(200, "{}")]);
        let run = Run::new(folder.path(), &server, &[call, more].concat());
        let output = Run { terminals, stdin, ..run }.go();
        let context = format!("{stdin:?} {call:?} {more:?}: {}", output.stderr);
        assert_eq!(server.seen().len(), usize::from(sent), "{context}");
        let preview = more == ["--dry-run"];
        assert_eq!(output.status, if sent || preview { 0 } else { 2 }, "{context}");
        let asks = output.stderr.contains("? [y/N]");
        assert_eq!(asks, !preview && (!sent || !stdin.is_empty()), "{context}");
    }
}

#[test]
fn a_name_cannot_forge_the_question() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let person = Terminals { stdin: true, stderr: true, ..Terminals::default() };
    let args = ["projects", "jobs-delete", "projects/p/jobs/\u{202e}x"];
    let run = Run::new(folder.path(), &server, &args);
    let stderr = run.stderr.clone();
    Run { terminals: person, stdin: "n\n", ..run }.go();
    let raw = String::from_utf8(stderr.lock().unwrap().clone()).unwrap();
    assert!(raw.contains("projects/p/jobs/\\u{202e}x? [y/N]"), "{raw:?}");
    assert!(server.seen().is_empty());
}
