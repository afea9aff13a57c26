//! Command line benchmarks: start-up, help, and everything else that needs no access to Google.
//!
//! google-jobs3-cli supports neither dry runs nor other servers, so complete loopback calls have no
//! peer. Both reject unknown fields without a network.

use super::Setting;
use super::build::{self, finish, target};
use super::measure;
use super::record::{Case, Fact, Record};
use crate::paths::root;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PEER: &str = "google-jobs3-cli";

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let (ours, peer) = (ours()?, peer()?);
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0.0, |m| m.len() as f64);
    let sizes = [("ours", bytes(&ours)), (PEER, bytes(&peer))];
    record.facts.push(Fact::new("binary as installed, unstripped", "bytes", &sizes));
    let home = target("cli-home");
    std::fs::create_dir_all(&home).map_err(|e| e.to_string())?;
    let secret = r#"{"installed":{"client_id":"i","client_secret":"s","auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token","redirect_uris":["http://localhost"],"auth_provider_x509_cert_url":""}}"#;
    std::fs::write(home.join("jobs3-secret.json"), secret).map_err(|e| e.to_string())?;
    let folder = home.display().to_string();
    for (name, arguments, theirs) in [
        ("start-up (`--version`)", &["--version"][..], Some(&["--version"][..])),
        ("`--help`", &["--help"], Some(&["--help"])),
        (
            "help of a method",
            &["projects", "jobs-create", "--help"],
            Some(&["projects", "jobs-create", "--help"]),
        ),
        (
            "an unknown field refused",
            &["projects", "companies-create", "projects/p", "-r", "nonsense=1", "--dry-run"],
            Some(&[
                "--config-dir",
                &folder,
                "projects",
                "companies-create",
                "projects/p",
                "-r",
                "nonsense=1",
            ]),
        ),
        (
            "`--dry-run`",
            &[
                "projects",
                "companies-create",
                "projects/p",
                "-r",
                "company.display-name=Acme",
                "--dry-run",
            ],
            None,
        ),
    ] {
        let mut case = Case::new(name, &["ours"]);
        for _ in 0..setting.rounds(30) {
            case.add("ours", once(&ours, arguments, None)?);
            if let Some(theirs) = theirs {
                case.add(PEER, once(&peer, theirs, None)?);
            }
        }
        record.cases.push(case);
    }
    record.cases.push(whole_call(setting, &ours)?);
    Ok(())
}

/// Runs a command line once. Exit codes of rejected input are accepted.
fn once(
    program: &Path,
    arguments: &[&str],
    root_url: Option<&str>,
) -> Result<measure::Sample, String> {
    let mut command = Command::new(program);
    command.args(arguments).env("JOBS3_ACCESS_TOKEN", "any");
    if let Some(url) = root_url {
        command.env("JOBS3_ENDPOINT", url);
    }
    measure::run_any(&command)
}

/// Measures a call to the mock server, and start-up of the same program.
fn whole_call(setting: &Setting, ours: &Path) -> Result<Case, String> {
    let mut case = Case::new("a whole call (companies listed from the local server)", &["ours"]);
    let (mut server, url) = serve()?;
    let arguments = ["projects", "companies-list", "projects/p"];
    let mut result = Ok(());
    for _ in 0..setting.rounds(30) {
        match once(ours, &arguments, Some(&url)) {
            Ok(sample) => case.add("ours", sample),
            Err(message) => result = Err(message),
        }
    }
    let _ = server.kill();
    let _ = server.wait();
    result.map(|()| case)
}

/// Starts the mock server on a free port and returns the URL from its first line.
fn serve() -> Result<(Child, String), String> {
    let server = ours_binary("google-jobs-v3-mock", "jobs3-mock")?;
    let mut child = Command::new(server)
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("the mock server: {e}"))?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
    }
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
    match url {
        Some(url) => Ok((child, url)),
        None => {
            let _ = child.kill();
            Err(format!("the mock server did not print its address: {line}"))
        }
    }
}

fn ours() -> Result<PathBuf, String> {
    ours_binary("google-jobs-v3-cli", "jobs3")
}

/// Builds a program of this workspace as a user would.
fn ours_binary(package: &str, name: &str) -> Result<PathBuf, String> {
    let target = root().join("target/bench-build");
    eprintln!("   building {package}");
    finish(&mut build::cargo(&root(), &target, &["build", "--quiet", "--release", "-p", package]))?;
    Ok(target.join("release").join(name))
}

/// Installs the peer once and returns its path.
fn peer() -> Result<PathBuf, String> {
    let root = target("cli");
    let path = root.join("bin/jobs3");
    if !path.is_file() {
        eprintln!("   building {PEER}");
        let place = root.display().to_string();
        let arguments =
            ["install", "--quiet", "--locked", PEER, "--version", "=7.0.0", "--root", &place];
        finish(&mut build::cargo(&root_folder(), &target("cli-build"), &arguments))?;
    }
    Ok(path)
}

fn root_folder() -> PathBuf {
    root()
}
