//! Precedence of credentials, the stored login, and commands for both.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Answer, Output, Run, Server};

const TOKEN: &str = r#"{"access_token":"fresh-token","expires_in":3600,"token_type":"Bearer"}"#;

fn user_file(token_server: &Server) -> String {
    json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "client-secret",
        "refresh_token": "refresh-secret",
        "token_uri": format!("{}/token", token_server.url),
        "scopes": ["https://www.googleapis.com/auth/jobs"],
    })
    .to_string()
}

/// Runs with this environment only.
fn go(folder: &Path, server: &Server, env: &[(&str, &str)], args: &[&str]) -> Output {
    let mut run = Run::new(folder, server, args);
    run.env.remove("JOBS3_ACCESS_TOKEN");
    run.env.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    run.env.insert("NO_GCE_CHECK".to_owned(), "true".to_owned());
    run.go()
}

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];

/// Returns the authorization and key headers of the single request.
fn sent(server: &Server) -> (String, String) {
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    let header = |name: &str| seen[0].headers.get(name).cloned().unwrap_or_default();
    (header("authorization"), header("x-goog-api-key"))
}

#[test]
fn flags_take_precedence_over_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "file-token\n").unwrap();
    let both = [("JOBS3_ACCESS_TOKEN", "env-token"), ("GOOGLE_API_KEY", "env-key")];
    for (env, more, want) in [
        (&both[..], &["--access-token-file", "token"][..], ("Bearer file-token", "")),
        (&both, &["-p", "access-token=typed"], ("Bearer typed", "")),
        (&both, &["-p", "oauth-token=typed"], ("Bearer typed", "")),
        (&both, &[], ("Bearer env-token", "")),
        (&[("GOOGLE_OAUTH_ACCESS_TOKEN", "shared")], &[], ("Bearer shared", "")),
        (&both[1..], &[], ("", "env-key")),
        (&[], &["--key", "K"], ("", "")),
    ] {
        let server = Server::json("{}");
        let output = go(folder.path(), &server, env, &[GET, more].concat());
        assert_eq!(output.status, 0, "{more:?}: {}", output.stderr);
        let (authorization, key) = sent(&server);
        assert_eq!((authorization.as_str(), key.as_str()), want, "{more:?}");
        assert!(!server.seen()[0].query.contains("access_token"), "{more:?}");
    }
}

#[test]
fn credential_files_and_the_stored_login_supply_tokens() {
    let tokens = Server::json(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("user.json");
    std::fs::write(&path, user_file(&tokens)).unwrap();
    let name = path.to_str().unwrap();
    for (env, more) in [
        (&[][..], &["--credentials", name][..]),
        (&[("GOOGLE_APPLICATION_CREDENTIALS", name)], &[]),
    ] {
        let server = Server::json("{}");
        let output = go(folder.path(), &server, env, &[GET, more].concat());
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert_eq!(sent(&server).0, "Bearer fresh-token");
    }
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::rename(&path, config.join("jobs3-token.json")).unwrap();
    let server = Server::json("{}");
    let args = [GET, &["--config-dir", "config", "--quota-project", "payer"]].concat();
    let output = go(folder.path(), &server, &[], &args);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(server.seen()[0].headers["x-goog-user-project"], "payer");
    let output =
        go(folder.path(), &server, &[], &["auth", "print-access-token", "--config-dir", "config"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, "fresh-token\n"));
}

#[test]
fn status_shows_the_account_without_secrets() {
    let tokens = Server::json(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("user.json"), user_file(&tokens)).unwrap();
    let args =
        ["auth", "status", "--credentials", "user.json", "--impersonate-service-account", "sa@x"];
    let output = go(folder.path(), &tokens, &[], &args);
    let status: Value = serde_json::from_str(&output.stdout).unwrap();
    assert!(status["credentials"].as_str().unwrap().starts_with("sa@x, impersonated by "));
    let env = [("JOBS3_ACCESS_TOKEN", "top-secret"), ("GOOGLE_API_KEY", "key-secret")];
    let output = go(folder.path(), &tokens, &env, &["config"]);
    let config: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(config["environment"]["JOBS3_ACCESS_TOKEN"], "[hidden]");
    assert!(!output.stdout.contains("secret"));
    assert!(tokens.seen().is_empty());
}

#[test]
fn missing_credentials_explain_how_to_log_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    let output = go(folder.path(), &server, &[], GET);
    assert_eq!((output.status, output.stdout.as_str()), (4, ""));
    assert!(output.stderr.contains("'jobs3 auth login'"), "{}", output.stderr);
    assert!(server.seen().is_empty());
    let status = go(folder.path(), &server, &[], &["auth", "status"]);
    assert!(status.stderr.starts_with("No credentials were found"), "{}", status.stderr);
    let output = go(folder.path(), &server, &[], &["auth", "login"]);
    assert_eq!(output.status, 3);
    assert!(output.stderr.contains("Desktop app"), "{}", output.stderr);
    let output = go(folder.path(), &server, &[], &[GET, &["--access-token-file", "none"]].concat());
    assert_eq!(output.status, 3);
}

#[test]
fn logins_are_stored_and_revoked() {
    let granted =
        r#"{"access_token":"a","refresh_token":"refresh-secret","expires_in":3600,"scope":"s"}"#;
    let oauth = Server::new(vec![Answer::json(200, granted), Answer::json(200, "{}")]);
    let folder = tempfile::tempdir().unwrap();
    support::write_oauth_client(folder.path(), &oauth);
    let args = ["auth", "login", "--no-browser"];
    let output = support::sign_in(Run::new(folder.path(), &oauth, &args));
    assert_eq!((output.status, output.stdout.as_str()), (0, ""), "{}", output.stderr);
    let kept = folder.path().join(".config/jobs3/jobs3-token.json");
    assert!(std::fs::read_to_string(&kept).unwrap().contains("refresh-secret"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let form = String::from_utf8(oauth.seen()[0].body.clone()).unwrap();
    assert!(form.contains("code=the-code") && form.contains("code_verifier="), "{form}");
    let output = go(folder.path(), &oauth, &[], &["auth", "logout"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(!kept.exists());
    assert_eq!(oauth.seen()[1].path, "/revoke");
}

#[test]
fn an_empty_token_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "\n").unwrap();
    let server = Server::json("{}");
    let args = [GET, &["--access-token-file", "token"]].concat();
    let output = go(folder.path(), &server, &[], &args);
    assert_ne!(output.status, 0);
    assert!(output.stderr.contains("the access token is empty"), "{}", output.stderr);
    assert!(server.seen().is_empty());
}

#[test]
fn gclouds_account_is_used_on_request_only() {
    let tokens = Server::json(TOKEN);
    let folder = tempfile::tempdir().unwrap();
    let gcloud = folder.path().join("gcloud");
    for (path, text) in [
        ("configurations/config_default", "[core]\naccount = me@example.com\nproject = mine\n"),
        ("legacy_credentials/me@example.com/adc.json", user_file(&tokens).as_str()),
    ] {
        let path = gcloud.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let config = ("CLOUDSDK_CONFIG", gcloud.to_str().unwrap());

    let server = Server::json("{}");
    assert_eq!(go(folder.path(), &server, &[config], GET).status, 4);
    assert!(server.seen().is_empty());
    let status = go(folder.path(), &server, &[config], &["auth", "status"]);
    assert!(status.stderr.contains("--gcloud-account active"), "{}", status.stderr);
    let shown: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(shown["gcloudAccount"], "me@example.com");

    let chosen = ("JOBS3_GCLOUD_ACCOUNT", "active");
    for (env, more) in [
        (&[config][..], &["--gcloud-account", "active"][..]),
        (&[config], &["--gcloud-account", "me@example.com"]),
        (&[config, chosen], &[]),
    ] {
        let server = Server::json("{}");
        let output = go(folder.path(), &server, env, &[GET, more].concat());
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert_eq!(sent(&server).0, "Bearer fresh-token");
        assert_eq!(server.seen()[0].headers["x-goog-user-project"], "mine");
    }
    let other = [GET, &["--gcloud-account", "other@example.com"]].concat();
    let output = go(folder.path(), &server, &[config], &other);
    assert_eq!(output.status, 3);
    assert!(output.stderr.contains("gcloud auth login"), "{}", output.stderr);
}

#[test]
fn the_universe_comes_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let universe = ("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "example.cloud");
    for (mode, part) in [
        ("--curl", "https://jobs.example.cloud/v3/"),
        ("--dry-run", "https://jobs.example.cloud/v3/"),
        ("--code=rust", ".with_universe_domain(\"example.cloud\")"),
    ] {
        let mut run = Run::new(folder.path(), &Server::json("{}"), &[GET, &[mode]].concat());
        run.env.remove("JOBS3_ENDPOINT");
        run.env.insert(universe.0.to_owned(), universe.1.to_owned());
        let output = run.go();
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
}
