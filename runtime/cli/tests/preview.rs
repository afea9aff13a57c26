//! Previewing, printing, and editing requests before they are sent.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use serde_json::{Value, json};
use support::{Run, Server, offline};

const CREATE: &[&str] = &["projects", "jobs-create", "projects/p1"];

fn create(more: &[&str]) -> support::Output {
    offline(&[CREATE, more].concat())
}

/// Returns the body that a command line would send.
fn body(more: &[&str]) -> Value {
    let output = create(&[more, &["--dry-run"]].concat());
    assert_eq!(output.status, 0, "{more:?}: {}", output.stderr);
    let shown: Value = serde_json::from_str(&output.stdout).unwrap();
    shown["body"].clone()
}

fn refused(more: &[&str]) -> String {
    let output = create(&[more, &["--dry-run"]].concat());
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{more:?}");
    output.stderr
}

#[test]
fn a_base_is_parsed_and_modified() {
    for (more, want) in [
        (&["--json", r#"{"job":{"title":"a"}}"#][..], json!({"job": {"title": "a"}})),
        (
            &["--json", "job: {title: 5, promotionValue: 3}"],
            json!({"job": {"title": "5", "promotionValue": 3}}),
        ),
        (&["--json", r#"{"job":{"company_name":"c"}}"#], json!({"job": {"companyName": "c"}})),
        (
            &[
                "--json",
                r#"{"job":{"addresses":["a"],"title":"t"}}"#,
                "-r",
                "job.addresses=b",
                "job.title=u",
            ],
            json!({"job": {"addresses": ["a", "b"], "title": "u"}}),
        ),
        (
            &[
                "--json",
                r#"{"job":{"addresses":["a"],"title":"t"}}"#,
                "--unset",
                "job.addresses",
                "-r",
                "job.addresses=b",
            ],
            json!({"job": {"title": "t", "addresses": ["b"]}}),
        ),
        (
            &["--json", r#"{"job":{"newField":[1e3]}}"#, "--allow-unknown"],
            json!({"job": {"newField": [1000.0]}}),
        ),
        (&["-r", "."], json!({})),
    ] {
        let got = body(more);
        // Numbers keep their text if serde_json preserves it.
        let (got, want) = (got.to_string().replace("1e+3", "1000.0"), want.to_string());
        assert_eq!(got, want, "{more:?}");
    }
}

#[test]
fn all_errors_in_a_base_are_reported() {
    let text = refused(&[
        "--json",
        r#"{"jbo":{},"job":{"titel":"x","promotionValue":"y","jobStartTime":"z"}}"#,
    ]);
    for word in [
        "3 errors",
        "'jbo' does not exist",
        "Did you mean 'job' ?",
        "Did you mean 'title' ?",
        "'job.promotionValue' takes int32, not the string \"y\"",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(refused(&["--json", "{nope"]).contains("Not JSON"));
    assert!(refused(&["--json", "@none.json"]).contains("'none.json' cannot be read"));
    assert!(refused(&["--json", "[1]"]).contains("takes an object (CreateJobRequest), not a list"));
    assert!(refused(&["--unset", "job.titel", "-r", "."]).contains("Did you mean 'job.title' ?"));
}

#[test]
fn standard_input_and_files_are_bodies() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("r.yaml"), "job:\n  title: T\n").unwrap();
    let server = Server::json("{}");
    for (args, stdin) in [
        (&["--json", "@r.yaml"][..], ""),
        (&["--json", "-"], "job: {title: T}"),
        (&["-r", "job:@=-"], r#"{"title":"T"}"#),
        (&["-r", "job.title@=-"], "T"),
    ] {
        let all = [CREATE, args].concat();
        let mut run = Run::new(folder.path(), &server, &all);
        run.stdin = stdin;
        assert_eq!(run.go().status, 0, "{args:?}");
        assert_eq!(server.seen().last().unwrap().json(), json!({"job": {"title": "T"}}));
    }
    let twice = refused(&["-r", "job.title@=-", "job.description@=-"]);
    assert!(twice.contains("can be read once only"), "{twice}");
}

#[test]
fn warnings_stop_a_strict_run() {
    let output = create(&["-r", "job.visibility=NEW", "--dry-run"]);
    assert_eq!(output.status, 0);
    assert!(output.stderr.starts_with("warning: -r job.visibility=NEW"), "{}", output.stderr);
    assert!(refused(&["-r", "job.visibility=NEW", "--strict"]).starts_with("error: -r job.visib"));
}

#[test]
fn secrets_are_hidden() {
    let output = create(&["-r", ".", "-p", "key=SECRET", "access-token=TOKEN", "--dry-run"]);
    assert!(output.stdout.contains("key=[hidden]"), "{}", output.stdout);
    assert!(output.stdout.contains("Bearer [hidden]"), "{}", output.stdout);
    assert!(!output.stdout.contains("SECRET") && !output.stdout.contains("TOKEN"));
}

#[test]
fn curl_prints_the_same_request() {
    let output = create(&["-r", "job.title=it's", "--curl"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(output.stdout.starts_with("curl --request POST 'http://127.0.0.1"));
    assert!(output.stdout.contains("\"authorization: Bearer $(jobs3 auth print-access-token)\""));
    assert!(
        output.stdout.contains(r#"--data-raw '{"job":{"title":"it'\''s"}}'"#),
        "{}",
        output.stdout
    );
}

#[test]
fn code_uses_items_of_the_crate() {
    let tokens = [
        "-r",
        ".job",
        "title=t",
        "visibility=ACCOUNT_ONLY",
        "employment-types=NEW",
        "posting-publish-time=2024-01-01T00:00:00Z",
        "compensation-info.entries.+.amount.units=5",
    ];
    let output = create(&[&tokens[..], &["--code", "rust"]].concat());
    for line in [
        "use google_jobs_v3::{Client, json, models};",
        ".set_title(\"t\")",
        ".set_visibility(models::JobVisibility::AccountOnly)",
        ".set_employment_types([\"NEW\"])",
        ".set_posting_publish_time(\"2024-01-01T00:00:00Z\".parse::<json::Timestamp>()?)",
        ".set_amount(models::Money::new().set_units(5))",
        ".create(\"projects/p1\", &request)",
    ] {
        assert!(output.stdout.contains(line), "{line}\n{}", output.stdout);
    }
    let args = ["projects", "jobs-list", "projects/p1", "--page-size", "3", "--all", "--code=rust"];
    let output = offline(&args);
    assert!(
        output.stdout.contains("        .page_size(3)\n        .items();"),
        "{}",
        output.stdout
    );
    assert!(output.stdout.contains("use google_jobs_v3::Client;"));
}

#[test]
fn a_skeleton_is_a_request() {
    let json = create(&["--skeleton=json"]).stdout;
    // Unchanged, the YAML form sends nothing; uncommented, it sends everything.
    let yaml = create(&["--skeleton"]).stdout;
    assert!(yaml.lines().all(|line| line.starts_with('#')), "{yaml}");
    let bare: Vec<&str> =
        yaml.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let from_json = body(&["--json", &json, "--strict"]);
    assert_eq!(from_json, body(&["--json", &bare.join("\n"), "--strict"]));
    assert!(from_json["job"]["compensationInfo"]["entries"][0]["amount"]["units"].is_string());
    let args = create(&["--skeleton=args"]).stdout;
    assert!(args.contains("-r job.title=VALUE"), "{args}");
    // The arguments produce the same request: one element of a list, not one per field.
    let words: Vec<String> = args
        .lines()
        .filter_map(|line| line.trim().trim_end_matches(" \\").strip_prefix("-r "))
        .map(|token| token.trim_matches('\'').to_owned())
        .collect();
    let words: Vec<&str> = words.iter().flat_map(|token| ["-r", token]).collect();
    assert_eq!(from_json, body(&[words.as_slice(), &["--strict"]].concat()));
}

#[cfg(unix)]
#[test]
fn an_editor_writes_the_request() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("editor");
    let edit = |text: &str, more: &[&str]| {
        std::fs::write(&script, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let server = Server::json("{}");
        let args = [CREATE, &["--edit"], more].concat();
        let mut run = Run::new(folder.path(), &server, &args);
        run.env.insert("EDITOR".to_owned(), script.to_str().unwrap().to_owned());
        let output = run.go();
        (output, server.seen().pop().map(|seen| seen.json()))
    };
    let (output, sent) = edit("sed -i 's/T/U/' \"$1\"", &["-r", "job.title=T"]);
    assert_eq!(
        (output.status, sent),
        (0, Some(json!({"job": {"title": "U"}}))),
        "{}",
        output.stderr
    );
    let (_, sent) = edit("echo 'job: {title: X}' >> \"$1\"", &[]);
    assert_eq!(sent, Some(json!({"job": {"title": "X"}})));
    let (output, sent) = edit("echo 'jbo: 1' > \"$1\"", &[]);
    assert_eq!((output.status, sent), (2, None));
    assert!(output.stderr.contains("your text is kept in"), "{}", output.stderr);
    let (output, _) = edit("true", &[]);
    assert!(output.stderr.contains("nothing was written"), "{}", output.stderr);
    assert_eq!(edit("exit 3", &["-r", "job.title=T"]).0.status, 2);
}

#[test]
fn unknown_words_get_suggestions() {
    let output = offline(&["methods", "jobs-serch"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("no method has 'jobs-serch' in its name"), "{}", output.stderr);
    assert!(output.stderr.contains("Did you mean 'jobs-search' ?"), "{}", output.stderr);
    // Machine-readable lists may be empty.
    let output = offline(&["methods", "jobs-serch", "--format", "json"]);
    assert_eq!((output.status, output.stdout.as_str()), (0, "[]\n"));
}

#[test]
fn help_fits_a_screen() {
    let methods = google_jobs_v3::reflect::API.methods;
    let mut lines = vec![&["--help"][..], &["projects", "--help"]];
    let words: Vec<Vec<String>> = methods
        .iter()
        .map(|method| {
            let flat = offline(&["methods", method.spec.id, "--format", "json"]).stdout;
            let found: Value = serde_json::from_str(&flat).unwrap();
            let found =
                found.as_array().unwrap().iter().find(|m| m["id"] == method.spec.id).unwrap();
            found["command"]
                .as_str()
                .unwrap()
                .split(' ')
                .map(str::to_owned)
                .chain(["--help".to_owned()])
                .collect()
        })
        .collect();
    let commands: Vec<Vec<&str>> =
        words.iter().map(|words| words.iter().map(String::as_str).collect()).collect();
    lines.extend(commands.iter().map(Vec::as_slice));
    for args in lines {
        let output = offline(args);
        assert_eq!((output.status, output.stderr.as_str()), (0, ""), "{args:?}");
        let count = output.stdout.lines().count();
        assert!(count <= 50, "{args:?} has {count} lines:\n{}", output.stdout);
        let wide = output.stdout.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{args:?}");
    }
    let all = offline(&["projects", "jobs-list", "--help-all"]).stdout;
    assert!(all.contains("--impersonate-service-account") && all.contains("--quota-user"), "{all}");
}

#[test]
fn a_file_name_without_its_sign_is_recognized() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("request"), "{}").unwrap();
    let server = Server::new(Vec::new());
    for (typed, meant) in [
        ("body.json", Some("@body.json")),
        ("../a b/Body.YAML", Some("@../a b/Body.YAML")),
        ("request", Some("@request")),
        ("text", None),
        ("a: b.json", None),
    ] {
        let args = ["projects", "jobs-create", "projects/p", "--dry-run", "--json", typed];
        let output = Run::new(folder.path(), &server, &args).go();
        assert_eq!(output.status, 2, "{typed}: {}", output.stdout);
        let told = meant.map(|meant| format!("Did you mean '{meant}' ?"));
        let fits = |told: String| output.stderr.contains(&told);
        assert_eq!(told.map(fits), meant.map(|_| true), "{typed}: {}", output.stderr);
        assert_eq!(output.stderr.contains("names a file"), meant.is_some(), "{}", output.stderr);
    }
}
