//! `search`: methods, fields, parameters, and types by words.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use serde_json::Value;
use support::offline;

/// Returns the results as `kind name`, with the type of fields.
fn found(words: &[&str]) -> Vec<String> {
    let args = [&["search", "--format", "json"], words].concat();
    let output = offline(&args);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let list: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|hit| match hit.get("type") {
            Some(inside) => {
                format!("{} {}.{}", text(&hit["kind"]), text(inside), text(&hit["name"]))
            }
            None => format!("{} {}", text(&hit["kind"]), text(&hit["name"])),
        })
        .collect()
}

#[test]
fn the_best_result_is_first() {
    for (words, want) in [
        (&["how to create a job"][..], "method projects jobs-create"),
        (&["remove", "company"], "method projects companies-delete"),
        (&["jobs-serch"], "method projects jobs-search"),
        (&["batch"], "method projects jobs-batch-delete"),
        (&["companyName"], "field Job.companyName"),
        (&["page", "size"], "parameter page-size"),
        (&["CompensationEntry"], "type CompensationEntry"),
        (&["FULL_TIME"], "field Job.employmentTypes"),
    ] {
        let found = found(words);
        let at = found.iter().position(|hit| hit == want);
        assert!(at.is_some_and(|at| at < 3), "{words:?}: {found:?}");
    }
    assert_eq!(found(&["create", "job"])[0], "method projects jobs-create");
    assert_eq!(found(&["delete", "company"])[0], "method projects companies-delete");
}

#[test]
fn results_are_text_or_data() {
    let output = offline(&["search", "delete", "job"]);
    let first = output.stdout.lines().next().unwrap();
    assert!(first.starts_with("method     projects jobs-delete "), "{first}");
    let output = offline(&["search", "job", "--limit", "2", "--format", "jsonl"]);
    assert_eq!(output.stdout.lines().count(), 2, "{}", output.stdout);
    for line in output.stdout.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        // The command that shows a result runs.
        let show = hit["show"].as_str().unwrap();
        let words: Vec<&str> = show.split(' ').skip(1).collect();
        assert_eq!(offline(&words).status, 0, "{show}");
    }
    assert_eq!(offline(&["search", "job"]).stdout.lines().count(), 20);
}

#[test]
fn every_shown_command_runs() {
    for word in ["page size", "title", "location", "search", "event type", "company"] {
        let output = offline(&["search", word, "--format", "json", "--limit", "40"]);
        let list: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
        for hit in list {
            let show = hit["show"].as_str().unwrap();
            let words: Vec<&str> = show.split(' ').skip(1).collect();
            assert_eq!(offline(&words).status, 0, "{show}");
        }
    }
}

#[test]
fn without_results() {
    let output = offline(&["search", "zzzzzzzz"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""));
    assert!(output.stderr.contains("nothing in this API matches 'zzzzzzzz'"), "{}", output.stderr);
    assert_eq!(offline(&["search", "?"]).status, 2);
    assert_eq!(offline(&["search"]).status, 2);
}
