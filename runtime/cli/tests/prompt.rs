//! Questions about missing values, on terminals only.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use discovery_cli::Terminals;
use serde_json::{Value, json};
use support::{Output, Run, Server};

fn run(args: &[&str], stdin: &str, terminals: Terminals) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Vec::new());
    let mut run = Run::new(folder.path(), &server, args);
    run.stdin = stdin;
    run.terminals = terminals;
    let output = run.go();
    assert!(server.seen().is_empty(), "a request was sent");
    output
}

fn terminal() -> Terminals {
    Terminals { stdin: true, stderr: true, ..Terminals::default() }
}

#[test]
fn missing_values_are_asked_for() {
    let args = ["projects", "companies-create", "--dry-run"];
    let output = run(&args, "projects/p1\nAcme & Co\nx-1\n", terminal());
    assert_eq!(output.status, 0, "{}", output.stderr);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert!(shown["url"].as_str().unwrap().contains("/v3/projects/p1/companies"));
    let want = json!({"company": {"displayName": "Acme & Co", "externalId": "x-1"}});
    assert_eq!(shown["body"], want);
    assert!(output.stderr.contains("parent (projects/*): "), "{}", output.stderr);
    assert!(output.stderr.contains("company.display-name (string): "), "{}", output.stderr);
    let same = "Without questions: jobs3 projects companies-create -p parent=projects/p1 \
                -r 'company.display-name=Acme & Co' -r company.external-id=x-1";
    assert!(output.stderr.contains(same), "{}", output.stderr);
}

#[test]
fn only_the_missing_part_is_asked_for() {
    let args = ["projects", "companies-create", "projects/p1", "--dry-run"];
    let output = run(&args, "Acme\n\n", terminal());
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(shown["body"], json!({"company": {"displayName": "Acme"}}));
    assert!(!output.stderr.contains("parent ("), "{}", output.stderr);
    let args = ["projects", "companies-get", "--dry-run"];
    let output = run(&args, "projects/p1/companies/c1\n", terminal());
    assert_eq!(output.status, 0, "{}", output.stderr);
}

#[test]
fn scripts_and_complete_lines_are_not_asked() {
    let create = ["projects", "companies-create", "--dry-run"];
    let neither = Terminals::default();
    let answers = "projects/p1\nAcme\nx-1\n";
    for terminals in [
        neither,
        Terminals { stdin: true, ..neither },
        Terminals { stderr: true, stdout: true, ..neither },
    ] {
        let output = run(&create, answers, terminals);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{terminals:?}");
        assert!(!output.stderr.contains("needs values"), "{}", output.stderr);
    }
    let quiet = [&create[..], &["--no-input"]].concat();
    assert_eq!(run(&quiet, answers, terminal()).status, 2);
    for args in [
        &["projects", "companies-create", "projects/p1", "-r", ".", "--dry-run"][..],
        &["projects", "companies-create", "--skeleton"],
        &["projects", "companies-create", "-p", "parent=projects/p1", "--json", "{}", "--dry-run"],
        &["projects", "companies-get", "projects/p1/companies/c1", "--dry-run"],
    ] {
        let output = run(args, answers, terminal());
        assert!(!output.stderr.contains("needs values"), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn answers_are_checked_as_arguments_are() {
    let args = ["projects", "companies-get", "--dry-run"];
    let output = run(&args, "nonsense\n", terminal());
    assert!(output.stderr.contains("'nonsense' does not look like"), "{}", output.stderr);
    // The end of the input sends nothing.
    let output = run(&["projects", "companies-get"], "", terminal());
    assert_eq!(output.status, 2);
    assert!(output.stderr.contains("the input ended"), "{}", output.stderr);
    let output = run(&["projects", "companies-get"], "\n", terminal());
    assert_eq!(output.status, 2, "{}", output.stderr);
}
