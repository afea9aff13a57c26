//! Profiles of the configuration file, accounts, delegation, and root certificates.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use support::{Answer, Output, Run, Server};

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];

fn configure(folder: &Path, text: &str) {
    let config = folder.join(".config/jobs3");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.yaml"), text).unwrap();
}

/// Runs with this environment only.
fn go(folder: &Path, server: &Server, env: &[(&str, &str)], args: &[&str]) -> Output {
    let mut run = Run::new(folder, server, args);
    run.env.retain(|name, _| name == "HOME");
    run.env.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    run.env.insert("NO_GCE_CHECK".to_owned(), "true".to_owned());
    run.go()
}

fn authorization(server: &Server) -> String {
    server.seen().last().unwrap().headers.get("authorization").cloned().unwrap_or_default()
}

#[test]
fn flags_precede_profiles_and_profiles_precede_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let [top, work, env, flag] = std::array::from_fn(|_| Server::json("{}"));
    let config = format!(
        "endpoint: {}\naccess-token-file: top\nquota-project: payer\n\
         profiles:\n  work:\n    endpoint: {}\n    access-token-file: work\n  other: {{}}\n",
        top.url, work.url
    );
    configure(folder.path(), &config);
    for name in ["top", "work", "flag"] {
        let path = folder.path().join(".config/jobs3").join(name);
        std::fs::write(path, format!("{name}-token")).unwrap();
    }
    let env_token = ("JOBS3_ACCESS_TOKEN", "env-token");
    let env_endpoint = ("JOBS3_ENDPOINT", env.url.as_str());
    let by_env = ("JOBS3_PROFILE", "work");
    for (vars, more, server, token) in [
        (&[][..], &[][..], &top, "top-token"),
        (&[], &["--profile", "work"], &work, "work-token"),
        (&[by_env], &[], &work, "work-token"),
        (&[by_env], &["--profile", "other"], &top, "top-token"),
        (&[env_token, env_endpoint], &[], &env, "env-token"),
        // Variables precede a profile that a variable names.
        (&[by_env, env_token, env_endpoint], &[], &env, "env-token"),
        (&[env_token, env_endpoint], &["--profile", "work"], &work, "work-token"),
        (&[], &["--profile", "work", "--endpoint", &flag.url], &flag, "work-token"),
        (&[], &["--profile", "work", "-p", "access-token=typed"], &work, "typed"),
    ] {
        let before = server.seen().len();
        let output = go(folder.path(), &top, vars, &[GET, more].concat());
        assert_eq!(output.status, 0, "{vars:?} {more:?}: {}", output.stderr);
        assert_eq!(server.seen().len(), before + 1, "{vars:?} {more:?}");
        assert_eq!(authorization(server), format!("Bearer {token}"), "{vars:?} {more:?}");
        assert_eq!(server.seen()[before].headers["x-goog-user-project"], "payer");
    }
    configure(folder.path(), &format!("profile: work\n{config}"));
    assert_eq!(go(folder.path(), &top, &[], GET).status, 0);
    assert_eq!(authorization(&work), "Bearer work-token");
    let shown: Value =
        serde_json::from_str(&go(folder.path(), &top, &[], &["config"]).stdout).unwrap();
    assert_eq!(
        (&shown["profile"], &shown["profiles"]),
        (&json!("work"), &json!(["other", "work"]))
    );
}

#[test]
fn limits_of_the_file_and_of_a_profile_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    configure(
        folder.path(),
        "deny: ['*.delete']\nprofiles:\n  safe:\n    read-only: true\n  free:\n    read-only: false\n",
    );
    let create = ["projects", "jobs-create", "projects/p", "-r", "job.title=x"];
    let delete = ["projects", "jobs-delete", "projects/p/jobs/j"];
    for (call, profile, status, says) in [
        (&create[..], "safe", 2, "'read-only' in profile 'safe' of config.yaml"),
        (&create, "free", 0, ""),
        (&delete, "free", 2, "is denied by '*.delete' of 'deny' in config.yaml"),
    ] {
        let env = [("JOBS3_ACCESS_TOKEN", "t"), ("JOBS3_ENDPOINT", server.url.as_str())];
        let output = go(folder.path(), &server, &env, &[call, &["--profile", profile]].concat());
        assert_eq!(output.status, status, "{}", output.stderr);
        assert!(output.stderr.contains(says), "{}", output.stderr);
    }
}

#[test]
fn parameters_have_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let config = "parameters:\n  parent: projects/p\n  page-size: 7\n  prettyPrint: false\n\
                  profiles:\n  big:\n    parameters: {page-size: 50}\n";
    configure(folder.path(), config);
    let server = Server::json("{}");
    for (args, path, has) in [
        (&["projects", "jobs-list", "--filter", "x"][..], "/v3/projects/p/jobs", "pageSize=7"),
        (&["projects", "jobs-list", "projects/q", "--filter", "x"], "/v3/projects/q/jobs", "=7"),
        (
            &["projects", "jobs-list", "--page-size", "3", "--filter", "x"],
            "/v3/projects/p/jobs",
            "pageSize=3",
        ),
        (
            &["projects", "jobs-list", "--profile", "big", "--filter", "x"],
            "/v3/projects/p/jobs",
            "pageSize=50",
        ),
        // The method has no such parameters.
        (GET, "/v3/projects/p/jobs/j", "prettyPrint=false"),
    ] {
        let env = [("JOBS3_ACCESS_TOKEN", "t"), ("JOBS3_ENDPOINT", server.url.as_str())];
        let output = go(folder.path(), &server, &env, args);
        assert_eq!(output.status, 0, "{args:?}: {}", output.stderr);
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.path, path, "{args:?}");
        assert!(seen.query.contains(has), "{args:?}: {}", seen.query);
        assert_eq!(seen.query.contains("pageSize"), args != GET, "{}", seen.query);
    }
}

#[test]
fn settings_without_effect_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::json("{}");
    for (config, more, says) in [
        ("profile: wrok\nprofiles: {work: {}}", &[][..], "did you mean 'work'?"),
        ("profiles: {work: {}}", &["--profile", "wrok"], "--profile: there is no profile 'wrok'"),
        ("", &["--profile", "x"], "there is no profile 'x' in config.yaml"),
        ("profiles: {a: {profile: b}}", &[], "profile 'a': there is no setting 'profile'"),
        ("profiles: []", &[], "'profiles' must be a map"),
        ("parameters: {page-sise: 3}", &[], "did you mean 'page-size'?"),
        ("parameters: {page-size: {}}", &[], "must be a text, number, or boolean"),
        ("parameters: {key: SECRET}", &[], "'key' is a secret, which the file does not hold"),
        ("access-token: SECRET", &[], "the file holds no secrets"),
        ("account: a\ncredentials: b", &[], "only one of 'account', 'credentials'"),
        ("account: ../a", &[], "cannot name an account"),
        ("timeout: soon", &[], "'timeout' must be a number of seconds"),
        ("credentials: none.json", &[], "'credentials': the credential file"),
        ("subject: u@x", &["--impersonate-service-account", "sa@x"], "only one of --subject"),
        ("ca-file: none.pem", &["-p", "access-token=t"], "--ca-file"),
    ] {
        configure(folder.path(), config);
        let output = go(folder.path(), &server, &[], &[GET, more].concat());
        assert_eq!(output.status, 3, "{config}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{config}: {}", output.stderr);
        assert!(!output.stderr.contains("SECRET"), "{}", output.stderr);
    }
    configure(folder.path(), "scopes: [jbos]");
    let output = go(folder.path(), &server, &[], GET);
    assert_eq!(output.status, 2, "{}", output.stderr);
    assert!(server.seen().is_empty());
}

fn login(tokens: &Server) -> String {
    json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "client-secret",
        "refresh_token": "refresh-secret",
        "token_uri": format!("{}/token", tokens.url),
    })
    .to_string()
}

fn tokens(token: &str) -> Server {
    Server::json(&format!(
        r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#
    ))
}

#[test]
fn accounts_are_listed_and_switched() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, ann) = (tokens("plain"), tokens("ann"));
    let config = folder.path().join(".config/jobs3");
    std::fs::create_dir_all(config.join("logins")).unwrap();
    std::fs::write(config.join("jobs3-token.json"), login(&plain)).unwrap();
    std::fs::write(config.join("logins/ann@x.json"), login(&ann)).unwrap();
    let server = Server::json("{}");
    let run = |args: &[&str]| {
        go(folder.path(), &server, &[("JOBS3_ENDPOINT", server.url.as_str())], args)
    };
    let used = || {
        let output = run(GET);
        assert_eq!(output.status, 0, "{}", output.stderr);
        authorization(&server)
    };
    let (default, other) = (config.join("jobs3-token.json"), config.join("logins/ann@x.json"));
    let line = |mark: &str, name: &str, file: &Path| format!("{mark} {name}  {}\n", file.display());
    let both = |default_mark: &str, other_mark: &str| {
        line(default_mark, "default", &default) + &line(other_mark, "ann@x  ", &other)
    };
    assert_eq!(run(&["auth", "list"]).stdout, both("*", " "));
    assert_eq!(used(), "Bearer plain");
    assert_eq!(run(&["auth", "switch", "ann@x"]).status, 0);
    assert_eq!(run(&["auth", "list"]).stdout, both(" ", "*"));
    assert_eq!(used(), "Bearer ann");
    let output = run(&["auth", "switch", "anne@x"]);
    assert_eq!(output.status, 4);
    assert!(output.stderr.contains("did you mean 'ann@x'?"), "{}", output.stderr);
    assert_eq!(run(&["auth", "switch", "../x"]).status, 2);
    assert_eq!(run(&["auth", "switch", "default"]).status, 0);
    assert_eq!(used(), "Bearer plain");
    configure(folder.path(), "account: ann@x");
    assert_eq!(used(), "Bearer ann");
    let listed: Value =
        serde_json::from_str(&run(&["auth", "list", "--format", "json"]).stdout).unwrap();
    assert_eq!((&listed[1]["account"], &listed[1]["active"]), (&json!("ann@x"), &json!(true)));
    configure(folder.path(), "");
    run(&["auth", "switch", "ann@x"]);
    assert_eq!(run(&["auth", "logout", "ann@x"]).status, 0);
    assert_eq!(run(&["auth", "list"]).stdout, line("*", "default", &default));
    configure(folder.path(), "account: ann@x");
    let output = run(GET);
    assert_eq!(output.status, 4, "{}", output.stderr);
    assert!(output.stderr.contains("'jobs3 auth login ann@x' signs in"), "{}", output.stderr);
}

const KEY: &str = include_str!("../../client/tests/data/test-key.pkcs8.pem");

#[test]
fn a_service_account_acts_on_behalf_of_a_user() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = tokens("delegated");
    let key = json!({
        "type": "service_account",
        "client_email": "sa@x",
        "private_key": KEY,
        "token_uri": format!("{}/token", tokens.url),
    });
    std::fs::write(folder.path().join("key.json"), key.to_string()).unwrap();
    std::fs::write(folder.path().join("user.json"), login(&tokens)).unwrap();
    let server = Server::json("{}");
    let env = [("JOBS3_ENDPOINT", server.url.as_str())];
    let subject = ["--subject", "user@x", "--credentials"];
    let output = go(folder.path(), &server, &env, &[GET, &subject, &["key.json"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(authorization(&server), "Bearer delegated");
    let form = String::from_utf8(tokens.seen()[0].body.clone()).unwrap();
    let claims = form.split("assertion=").nth(1).unwrap().split('.').nth(1).unwrap().to_owned();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert!(claims.contains(r#""sub":"user@x""#), "{claims}");
    let status = go(
        folder.path(),
        &server,
        &env,
        &[&["auth", "status"], &subject[..], &["key.json"]].concat(),
    );
    assert!(status.stdout.contains("on behalf of user@x"), "{}", status.stdout);
    // Nothing else may act on its own behalf instead.
    let sent = server.seen().len();
    for (env, more) in [
        (&[][..], &["--subject", "u@x", "--credentials", "user.json"][..]),
        (&[], &["--subject", "u@x", "-p", "access-token=t"]),
        (&[], &["--subject", "u@x", "--key", "K"]),
        (&[("JOBS3_ACCESS_TOKEN", "t")], &["--subject", "u@x"]),
        (&[("GOOGLE_API_KEY", "k")], &["--subject", "u@x"]),
        (&[], &["--subject", "u@x"]),
    ] {
        let output = go(folder.path(), &server, env, &[GET, more].concat());
        assert!([3, 4].contains(&output.status), "{more:?}: {}", output.stderr);
        assert!(output.stderr.contains("service account"), "{}", output.stderr);
    }
    assert_eq!(server.seen().len(), sent);
}

#[test]
fn root_certificates_are_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::json(200, "{}")]);
    let ca = include_str!("../../client/tests/data/tls/ca.pem");
    for (text, status) in [(ca, 0), ("no certificate", 3), ("", 3)] {
        std::fs::write(folder.path().join("ca.pem"), text).unwrap();
        let env = [("JOBS3_ENDPOINT", server.url.as_str()), ("JOBS3_ACCESS_TOKEN", "t")];
        let args = [GET, &["--ca-file", "ca.pem"]].concat();
        let output = go(folder.path(), &server, &env, &args);
        assert_eq!(output.status, status, "{}", output.stderr);
        assert_eq!(output.stderr.contains("--ca-file"), status != 0, "{}", output.stderr);
    }
}
