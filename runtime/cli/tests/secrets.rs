//! Secrets are neither shown nor sent unencrypted.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Answer, Output, Run, Server};

const SECRET: &str = "SECRET-5812";
const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];

/// Runs with this environment and no token.
fn go(folder: &Path, server: &Server, env: &[(&str, &str)], args: &[&str]) -> Output {
    let mut run = Run::new(folder, server, args);
    run.env.remove("JOBS3_ACCESS_TOKEN");
    run.env.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    run.env.insert("NO_GCE_CHECK".to_owned(), "true".to_owned());
    run.go()
}

fn clean(output: &Output) {
    let text = format!("{}{}", output.stdout, output.stderr);
    assert!(!text.contains(SECRET), "{text}");
}

/// Returns the arguments for both formats of errors.
fn both<'a>(args: &[&'a str]) -> [Vec<&'a str>; 2] {
    [args.to_vec(), [args, &["--error-format", "json"]].concat()]
}

#[test]
fn content_or_a_token_in_place_of_a_file_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let content = json!({"type": "service_account", "private_key": SECRET}).to_string();
    let pretty = content.replace(',', ",\n");
    for value in [content.as_str(), pretty.as_str(), SECRET] {
        for (env, more) in [
            (&[("GOOGLE_APPLICATION_CREDENTIALS", value)][..], &[][..]),
            (&[], &["--credentials", value]),
            (&[], &["--access-token-file", value]),
        ] {
            for args in both(&[GET, more].concat()) {
                let output = go(folder.path(), &server, env, &args);
                assert!(output.status >= 3, "{}", output.stderr);
                clean(&output);
            }
        }
        let login = go(folder.path(), &server, &[], &["auth", "login", "--client-file", value]);
        assert_eq!(login.status, 3);
        clean(&login);
        for name in ["GOOGLE_APPLICATION_CREDENTIALS", "JOBS3_ENDPOINT"] {
            let env = [(name, value)];
            let status = go(folder.path(), &server, &env, &["auth", "status"]);
            assert!(name == "JOBS3_ENDPOINT" || value == SECRET || status.status != 0);
            clean(&status);
        }
    }
    assert!(server.seen().is_empty());
}

#[test]
fn config_shows_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let proxy = format!("http://user:pa@ss/{SECRET}@proxy.example:3128");
    let endpoint = format!("https://user:{SECRET}@jobs.example/?key={SECRET}");
    let content = json!({"private_key": SECRET}).to_string();
    let env = [
        ("HTTPS_PROXY", proxy.as_str()),
        ("JOBS3_ENDPOINT", &endpoint),
        ("GOOGLE_API_KEY", SECRET),
        ("GOOGLE_OAUTH_ACCESS_TOKEN", SECRET),
        ("GOOGLE_APPLICATION_CREDENTIALS", &content),
        ("CLOUDSDK_CONFIG", &content),
        ("JOBS3_CONFIG_DIR", &content),
    ];
    let output = go(folder.path(), &server, &env, &["config"]);
    clean(&output);
    let config: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(config["environment"]["HTTPS_PROXY"], "http://[hidden]@proxy.example:3128");
    let plain = [("HTTPS_PROXY", "proxy.example:3128"), ("JOBS3_ENDPOINT", "http://127.0.0.1:1/")];
    let output = go(folder.path(), &server, &plain, &["config"]);
    let config: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(config["environment"]["HTTPS_PROXY"], "proxy.example:3128");
    assert_eq!(config["endpoint"], "http://127.0.0.1:1/");
}

/// A call with secrets in its parameters and body.
const PATCH: &[&str] = &[
    "projects",
    "jobs",
    "patch",
    "projects/p/jobs/j",
    "--allow-unknown",
    "--json",
    r#"{"job": {"title": "T", "dbPassword": "SECRET-5812", "key": "plain"}}"#,
    "-p",
    "key=SECRET-5812",
    "-p",
    "access-token=SECRET-5812",
];

#[test]
fn requests_are_shown_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let run = |more: &[&str]| {
        let output = go(folder.path(), &server, &[], &[PATCH, more].concat());
        assert_eq!(output.status, 0, "{}", output.stderr);
        clean(&output);
        output
    };
    let shown: Value = serde_json::from_str(&run(&["--dry-run"]).stdout).unwrap();
    assert!(shown["url"].as_str().unwrap().contains("key=[hidden]"), "{shown}");
    let want = json!({"title": "T", "dbPassword": "[hidden]", "key": "plain"});
    assert_eq!(shown["body"]["job"], want);
    let curl = run(&["--curl"]);
    assert!(curl.stdout.contains("key='\"$KEY\""), "{}", curl.stdout);
    assert!(curl.stdout.contains("'\"$DB_PASSWORD\"'"), "{}", curl.stdout);
    assert!(curl.stderr.contains("Set the variable KEY"), "{}", curl.stderr);
    let code = run(&["--code", "rust"]);
    assert!(code.stdout.contains("std::env::var(\"KEY\")?"), "{}", code.stdout);
    assert!(code.stdout.contains("&std::env::var(\"DB_PASSWORD\")?"), "{}", code.stdout);
    assert!(server.seen().is_empty());
    for more in [&["-v"][..], &["-vv"], &["--debug"]] {
        run(more);
    }
    let seen = &server.seen()[0];
    assert!(seen.query.contains(SECRET) && seen.headers["authorization"].contains(SECRET));
    assert_eq!(seen.json()["job"]["dbPassword"], SECRET);
}

#[test]
fn errors_do_not_quote_secrets() {
    for (args, code) in [
        (&["-p", "bearer_token=SECRET-5812"][..], 2),
        (&["-p", "accessToken=SECRET-5812", "-p", "nokey=1"], 2),
        (&["-r", "job.password=SECRET-5812"], 2),
        (&["-r", "password=SECRET-5812"], 2),
        (&["--client-secret", "SECRET-5812"], 2),
        (&["--client-secret=SECRET-5812"], 2),
    ] {
        for args in both(&[&["projects", "jobs", "create", "projects/p"], args].concat()) {
            let output = support::offline(&args);
            assert_eq!(output.status, code, "{}", output.stderr);
            clean(&output);
        }
    }
}

#[test]
fn keys_and_tokens_are_not_sent_unencrypted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    for (env, more) in [
        (&[][..], &["--key", SECRET][..]),
        (&[], &["-p", "access-token=SECRET-5812"]),
        (&[("GOOGLE_API_KEY", SECRET)], &[]),
        (&[("GOOGLE_OAUTH_ACCESS_TOKEN", SECRET)], &[]),
    ] {
        let args = [GET, &["--endpoint", "http://jobs.example/"], more].concat();
        for args in both(&args) {
            let output = go(folder.path(), &server, env, &args);
            assert_eq!(output.status, 4, "{}", output.stderr);
            let what = "a token or key must not travel in the clear to http://jobs.example";
            assert!(output.stderr.contains(what), "{}", output.stderr);
            assert!(!output.stderr.contains("sign in"), "{}", output.stderr);
            clean(&output);
        }
    }
}

#[test]
fn secrets_quoted_by_servers_are_redacted() {
    let folder = tempfile::tempdir().unwrap();
    let said = format!("bad: client_secret={SECRET}%2Fc&refresh_token={SECRET}%2Fr, {SECRET}/r");
    let refusal = json!({"error": "invalid_grant", "error_description": said}).to_string();
    let tokens = Server::new(vec![Answer::json(400, &refusal)]);
    let user = json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": format!("{SECRET}/c"),
        "refresh_token": format!("{SECRET}/r"),
        "token_uri": format!("{}/token", tokens.url),
    });
    std::fs::write(folder.path().join("user.json"), user.to_string()).unwrap();
    let server = Server::json("{}");
    for command in [GET, &["auth", "print-access-token"]] {
        for args in both(&[command, &["--credentials", "user.json", "-vv"]].concat()) {
            let output = go(folder.path(), &server, &[], &args);
            assert_eq!(output.status, 4, "{}", output.stderr);
            assert!(output.stderr.contains("invalid_grant"), "{}", output.stderr);
            clean(&output);
        }
    }
    let said = format!("API key not valid: {SECRET}. Please pass a valid API key.");
    let refusal = json!({"error": {
        "code": 400, "message": said, "status": "INVALID_ARGUMENT",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "X",
                     "metadata": {"key": SECRET}}],
    }});
    let server = Server::new(vec![Answer::json(400, &refusal.to_string())]);
    for more in [&["--key", SECRET][..], &["-p", "access-token=SECRET-5812"]] {
        for args in both(&[GET, more, &["-vv"]].concat()) {
            let output = go(folder.path(), &server, &[], &args);
            assert_eq!(output.status, 1, "{}", output.stderr);
            assert!(output.stderr.contains("API key not valid: REDACTED"), "{}", output.stderr);
            clean(&output);
        }
    }
}
