//! Root certificates of a command line, tried with a server that has TLS.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes helpers beside tests for production code"
)]

#[allow(dead_code, reason = "other tests use more of it")]
#[path = "../../client/tests/common/front.rs"]
mod front;
mod support;

use front::{CA, ELSEWHERE, EXPIRED, Front, OTHER_CA, SERVER, Setup};
use support::{Output, Run, Server};

const GET: &[&str] = &["projects", "jobs-get", "projects/p/jobs/j"];

/// A server with a certificate, and the folder that a command runs in.
struct Site {
    _runtime: tokio::runtime::Runtime,
    front: Front,
    folder: tempfile::TempDir,
    /// A server without TLS.
    plain: Server,
}

impl Site {
    fn new(certificate: &'static str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let setup = Setup::new(certificate, rustls::crypto::ring::default_provider());
        let front = runtime.block_on(Front::start(&setup));
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("ca.pem", CA), ("other.pem", OTHER_CA), ("text.pem", "no PEM")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { _runtime: runtime, front, folder, plain: Server::json("{}") }
    }

    fn go(&self, more: &[&str]) -> Output {
        let mut run = Run::new(self.folder.path(), &self.plain, &[GET, more].concat());
        run.env.insert("JOBS3_ENDPOINT".to_owned(), self.front.url.clone());
        run.go()
    }

    fn requests(&self) -> usize {
        self.front.server.requests().len()
    }
}

#[test]
fn servers_need_a_trusted_certificate() {
    let unknown = "cannot connect to localhost: its certificate is signed by no trusted root";
    for (certificate, more, status, says) in [
        (SERVER, &["--ca-file", "ca.pem"][..], 0, ""),
        (SERVER, &[], 5, unknown),
        (SERVER, &["--ca-file", "other.pem"], 5, unknown),
        (
            EXPIRED,
            &["--ca-file", "ca.pem"],
            5,
            "localhost: its certificate expired on Fri, 01 Jan 2021",
        ),
        (
            ELSEWHERE,
            &["--ca-file", "ca.pem"],
            5,
            "localhost: its certificate is for elsewhere.example",
        ),
        (SERVER, &["--ca-file", "none.pem"], 3, "none.pem cannot be read: no such file"),
        (SERVER, &["--ca-file", "text.pem"], 3, "text.pem: a root certificate is no PEM text"),
    ] {
        let site = Site::new(certificate);
        let output = site.go(more);
        assert_eq!(output.status, status, "{more:?}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{more:?}: {}", output.stderr);
        // The advice helps where the certificate of an own root is missing.
        let advised = output.stderr.contains("\n  --ca-file FILE trusts");
        assert_eq!(advised, says == unknown, "{more:?}: {}", output.stderr);
        assert_eq!(site.requests(), usize::from(status == 0), "{more:?}");
    }
}

#[test]
fn the_configuration_and_logins_trust_the_file() {
    let site = Site::new(SERVER);
    let config = site.folder.path().join(".config/jobs3");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.yaml"), "ca-file: ../../ca.pem\n").unwrap();
    let output = site.go(&[]);
    assert_eq!(output.status, 0, "{}", output.stderr);

    // The token service has the same certificate.
    let user = serde_json::json!({
        "type": "authorized_user",
        "client_id": "id",
        "refresh_token": "refresh",
        "token_uri": format!("{}token", site.front.url),
    });
    std::fs::write(site.folder.path().join("user.json"), user.to_string()).unwrap();
    for (more, says) in [
        (&[][..], "no access_token"),
        (&["--ca-file", "other.pem"], "its certificate is signed by no trusted root"),
    ] {
        let args = [&["auth", "print-access-token", "--credentials", "user.json"], more].concat();
        let output = Run::new(site.folder.path(), &site.plain, &args).go();
        assert_eq!(output.status, 4, "{}", output.stderr);
        assert!(output.stderr.contains(says), "{more:?}: {}", output.stderr);
    }
    assert_eq!(site.requests(), 2);
}
