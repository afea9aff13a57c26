//! `--select` sent as `fields` changes the request, and never the result.
#![cfg(all(test, unix, feature = "mock"))]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a command with the local server; its resources are in a folder.
fn run(folder: &Path, words: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_jobs3"))
        .args(words)
        .arg("--mock=mock.redb")
        .env_clear()
        .env("HOME", folder)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Creates some companies, of which each has other fields.
fn companies() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fields");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    for (name, more) in [
        ("Acme", &["company.size=SMALL", "company.headquarters-address=Berlin"][..]),
        ("Bolts", &["company.keyword-searchable-job-custom-attributes=a"]),
        ("Cogs", &[]),
    ] {
        let name = format!("company.display-name={name}");
        let id = name.replace("display-name", "external-id");
        let create = ["projects", "companies", "create", "projects/p", "-r", &name, &id];
        run(&folder, &[&create[..], more].concat());
    }
    folder
}

#[test]
fn results_are_the_same_to_the_byte() {
    let folder = companies();
    let list = ["projects", "companies", "list", "projects/p"];
    let get = ["projects", "companies", "get", "projects/p/companies/1"];
    let keywords = "companies[].keywordSearchableJobCustomAttributes";
    for (call, select, sent) in [
        (&list, "companies[].name", true),
        (&list, "companies.size,companies.name", true),
        (&list, "companies", true),
        (&list, keywords, true),
        (&list, "companies.derived-info.headquarters-location.location-type", true),
        (&list, "companies.name,nextPageToken,metadata.requestId", true),
        (&list, "nextPageToken", true),
        (&list, "companies[0].name", false),
        (&list, "companies.unknown", false),
        (&get, "displayName,size", true),
        (&get, "size", true),
        (&get, "derivedInfo.headquartersLocation.latLng.latitude", true),
        (&get, "derivedInfo", true),
        (&get, "name,other", false),
    ] {
        for format in ["json", "jsonl", "csv"] {
            let words = [&call[..], &["--select", select, "--format", format]].concat();
            let (masked, whole) =
                (run(&folder, &words), run(&folder, &[&words[..], &["--no-fields"]].concat()));
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            assert_eq!(text(&masked.stdout), text(&whole.stdout), "{select} as {format}");
            let has_mask = |output: &Output| text(&output.stderr).contains("fields=");
            let logged = |more: &[&str]| has_mask(&run(&folder, &[&words[..], more].concat()));
            if format == "json" {
                assert_eq!(logged(&["-v"]), sent, "{select}");
                assert!(!logged(&["-v", "--no-fields"]), "{select}");
            }
        }
    }
}
