//! Logins in the system's keyring. A script stands in for `secret-tool`; `.ci/keyring` tries the
//! real one.
#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;
use support::{Output, Run, Server};

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];

/// What the token service answers to logins and refreshes.
const GRANTED: &str = r#"{"access_token":"fresh","refresh_token":"refresh-secret",
    "expires_in":3600,"token_type":"Bearer","scope":"s"}"#;

/// A user with a keyring, and the servers that logins and calls go to.
struct Home {
    folder: tempfile::TempDir,
    oauth: Server,
    api: Server,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (oauth, api) = (Server::json(GRANTED), Server::json("{}"));
        support::write_oauth_client(folder.path(), &oauth);
        std::fs::create_dir(folder.path().join("keyring")).unwrap();
        Self { folder, oauth, api }
    }

    fn keyring(&self, name: &str) -> PathBuf {
        self.folder.path().join("keyring").join(name)
    }

    /// Changes how the keyring behaves.
    fn set(&self, what: &str) {
        std::fs::write(self.keyring(what), "").unwrap();
    }

    fn secrets(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.keyring("")).unwrap().flatten();
        let files = entries.map(|entry| entry.path());
        let secrets = files.filter(|path| path.extension().is_some_and(|end| end == "secret"));
        secrets.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// Returns the arguments of all calls of `secret-tool`.
    fn calls(&self) -> String {
        std::fs::read_to_string(self.keyring("calls")).unwrap_or_default()
    }

    /// Returns the path of a login's file.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(".config/jobs3").join(name)
    }

    /// Prepares a run within a session.
    fn run(&self, args: &[&str]) -> Run<'_> {
        let mut run = Run::new(self.folder.path(), &self.api, args);
        run.env.remove("JOBS3_ACCESS_TOKEN");
        // Tests run in the folder of their package.
        let tools = std::env::current_dir().unwrap().join("tests/data/keyring");
        let path = format!("{}:/usr/bin:/bin", tools.display());
        for (name, value) in [
            ("PATH", path.as_str()),
            ("KEYRING", self.keyring("").to_str().unwrap()),
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/none"),
            ("NO_GCE_CHECK", "true"),
        ] {
            run.env.insert(name.to_owned(), value.to_owned());
        }
        run
    }

    /// Prepares a run without a session, as over SSH.
    fn outside(&self, args: &[&str]) -> Run<'_> {
        let mut run = self.run(args);
        run.env.remove("DBUS_SESSION_BUS_ADDRESS");
        run
    }

    fn go(&self, args: &[&str]) -> Output {
        self.run(args).go()
    }

    /// Signs in.
    fn login(&self, more: &[&str]) -> Output {
        let output = support::sign_in(self.run(&[LOGIN, more].concat()));
        assert_eq!(output.status, 0, "{}", output.stderr);
        output
    }

    fn authorization(&self) -> String {
        self.api.seen().last().unwrap().headers["authorization"].clone()
    }
}

const LOGIN: &[&str] = &["auth", "login", "--no-browser"];

#[test]
fn logins_are_stored_in_the_keyring() {
    let home = Home::new();
    let output = home.login(&["ann@x"]);
    assert!(output.stderr.contains("stored in the system's keyring"), "{}", output.stderr);
    let file = std::fs::read_to_string(home.file("logins/ann@x.json")).unwrap();
    assert!(!file.contains("secret"), "{file}");
    assert!(home.secrets().concat().contains("refresh-secret"));
    // Others can see the arguments of a program.
    assert!(home.calls().contains("account ann@x"), "{}", home.calls());
    assert!(!home.calls().contains("secret\n") && !home.calls().contains("refresh"));

    assert_eq!(home.go(&["auth", "list"]).stdout, "  ann@x  keyring\n");
    assert_eq!(home.go(&["auth", "switch", "ann@x"]).status, 0);
    let json = home.go(&["auth", "list", "--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json[0]["store"], &json[0]["active"]), (&"keyring".into(), &true.into()));
    let output = home.go(GET);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(home.authorization(), "Bearer fresh");
    let status = home.go(&["auth", "status"]).stdout;
    assert!(status.contains("the login of 'ann@x' in the system's keyring"), "{status}");

    let output = home.go(&["auth", "logout", "ann@x"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(home.oauth.seen().last().unwrap().path, "/revoke");
    assert!(home.secrets().is_empty());
    assert!(!home.file("logins/ann@x.json").exists());
}

#[test]
fn without_a_keyring_logins_are_stored_in_files() {
    for (broken, why) in
        [("locked", "the keyring is locked"), ("forgetful", "does not return what it was given")]
    {
        let home = Home::new();
        home.set(broken);
        let output = home.login(&[]);
        assert!(output.stderr.contains(why), "{}", output.stderr);
        assert!(output.stderr.contains("jobs3-token.json"), "{}", output.stderr);
        let file = home.file("jobs3-token.json");
        assert!(std::fs::read_to_string(&file).unwrap().contains("refresh-secret"));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let listed = home.go(&["auth", "list"]).stdout;
        assert_eq!(listed, format!("* default  {}\n", file.display()));
    }
    let home = Home::new();
    let output = support::sign_in(home.outside(LOGIN));
    assert!(output.stderr.contains("there is no session bus"), "{}", output.stderr);
    assert_eq!(home.go(GET).status, 0);
    assert_eq!(home.calls(), "");
}

#[test]
fn the_place_can_be_chosen() {
    let home = Home::new();
    home.login(&["--store", "file"]);
    assert_eq!(home.calls(), "");
    home.login(&["--store", "keyring"]);
    assert!(!std::fs::read_to_string(home.file("jobs3-token.json")).unwrap().contains("secret"));
    // A new login replaces the one in the keyring.
    home.login(&["--store=file"]);
    assert!(home.secrets().is_empty());
    let before = std::fs::read_to_string(home.file("jobs3-token.json")).unwrap();

    let output = home.outside(&[LOGIN, &["--store", "keyring"]].concat()).go();
    assert_eq!(output.status, 3, "{}", output.stderr);
    assert!(output.stderr.contains("--store file"), "{}", output.stderr);
    assert!(!output.stderr.contains("http"), "the browser is opened: {}", output.stderr);
    home.set("locked");
    let output = support::sign_in(home.run(&[LOGIN, &["--store", "keyring"]].concat()));
    assert_eq!(output.status, 3, "{}", output.stderr);
    assert!(output.stderr.contains("the keyring is locked"), "{}", output.stderr);
    assert_eq!(std::fs::read_to_string(home.file("jobs3-token.json")).unwrap(), before);
}

#[test]
fn logins_in_files_stay_until_a_new_login() {
    let home = Home::new();
    home.login(&["--store", "file"]);
    assert_eq!(home.go(GET).status, 0);
    assert_eq!(home.authorization(), "Bearer fresh");
    assert_eq!(home.calls(), "");
    home.login(&[]);
    assert_eq!(home.go(GET).status, 0);
    let login = std::fs::read_to_string(home.file("jobs3-token.json")).unwrap();
    assert!(!login.contains("secret"), "{login}");
}

#[test]
fn a_login_in_a_keyring_that_is_gone_is_an_error() {
    let home = Home::new();
    home.login(&[]);
    let sent = home.api.seen().len();
    let check = |output: Output, why: &str| {
        assert_eq!(output.status, 4, "{}", output.stderr);
        assert!(output.stderr.contains(why), "{}", output.stderr);
        assert!(output.stderr.contains("'jobs3 auth login default --store file'"));
    };
    check(home.outside(GET).go(), "there is no session bus");
    check(home.outside(&["auth", "logout"]).go(), "there is no session bus");
    assert!(home.file("jobs3-token.json").exists());
    home.set("locked");
    check(home.go(GET), "the keyring is locked");
    std::fs::remove_file(home.keyring("locked")).unwrap();
    for secret in std::fs::read_dir(home.keyring("")).unwrap().flatten() {
        std::fs::remove_file(secret.path()).unwrap();
    }
    check(home.go(GET), "has no such entry");
    assert_eq!(home.api.seen().len(), sent);
    // A preview needs no login.
    assert_eq!(home.outside(&[GET, &["--dry-run"]].concat()).go().status, 0);
}

#[test]
fn folders_do_not_share_logins() {
    let home = Home::new();
    home.login(&["--config-dir", "one"]);
    home.login(&["--config-dir", "two"]);
    assert_eq!(home.secrets().len(), 2);
    assert_eq!(home.go(&["auth", "logout", "--config-dir", "one"]).status, 0);
    assert_eq!(home.go(&[GET, &["--config-dir", "two"]].concat()).status, 0);
    assert_eq!(home.go(&[GET, &["--config-dir", "one"]].concat()).status, 4);
}

/// Prepares a run with the `secret-tool` and the session of this process.
fn in_session<'a>(home: &'a Home, args: &[&str]) -> Run<'a> {
    let mut run = home.run(args);
    for name in ["PATH", "DBUS_SESSION_BUS_ADDRESS"] {
        run.env.insert(name.to_owned(), std::env::var(name).unwrap());
    }
    run
}

#[test]
#[ignore = ".ci/keyring runs it in a session with a keyring"]
fn a_real_keyring_stores_logins() {
    let home = Home::new();
    let output = support::sign_in(in_session(&home, LOGIN));
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(in_session(&home, &["auth", "list"]).go().stdout, "* default  keyring\n");
    let file = std::fs::read_to_string(home.file("jobs3-token.json")).unwrap();
    assert!(!file.contains("secret"), "{file}");
    let output = in_session(&home, GET).go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(home.authorization(), "Bearer fresh");
    // The new login replaces the old one.
    assert_eq!(support::sign_in(in_session(&home, LOGIN)).status, 0);
    let kept = std::fs::read(home.file("jobs3-token.json")).unwrap();
    let output = in_session(&home, &["auth", "logout"]).go();
    assert_eq!(output.status, 0, "{}", output.stderr);
    std::fs::write(home.file("jobs3-token.json"), kept).unwrap();
    let output = in_session(&home, GET).go();
    assert!(output.stderr.contains("it has no such entry"), "{}", output.stderr);
    // The stand-in was not asked.
    assert_eq!(home.calls(), "");
}

#[test]
#[ignore = ".ci/keyring runs it in a session whose keyring is locked, or that has none"]
fn a_real_keyring_that_is_locked_stores_nothing() {
    let home = Home::new();
    let output = support::sign_in(in_session(&home, LOGIN));
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(output.stderr.contains("not in the system's keyring: "), "{}", output.stderr);
    println!("{}", output.stderr);
    assert_eq!(in_session(&home, GET).go().status, 0);
    assert_eq!(home.authorization(), "Bearer fresh");
}
