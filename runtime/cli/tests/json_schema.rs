//! `schema --format json-schema`: valid schemas that accept what the program sends.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

mod support;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use discovery_cli::App;
use serde_json::{Value, json};
use support::{JOBS, Run, SINK, Server};

fn schema(app: App, name: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let args = ["schema", name, "--format", "json-schema"];
    let output = Run::new(folder.path(), &Server::new(Vec::new()), &args).of(app).go();
    assert_eq!(output.status, 0, "{name}: {}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

/// Every type and method of both APIs.
fn all() -> Vec<(String, Value)> {
    let names = |app: App| {
        let types = app.api.schemas.iter().map(|schema| schema.name);
        types.chain(app.api.methods.iter().map(|method| method.spec.id))
    };
    let of = |app: App| names(app).map(move |name| (name.to_owned(), schema(app, name)));
    of(JOBS).chain(of(SINK)).collect()
}

fn references(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                out.insert(reference.clone());
            }
            members.values().for_each(|member| references(member, out));
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, out)),
        _ => {}
    }
}

#[test]
fn every_reference_has_a_definition() {
    for (name, schema) in all() {
        let mut found = BTreeSet::new();
        references(&schema, &mut found);
        let definitions = schema.get("$defs").and_then(Value::as_object);
        let known: BTreeSet<String> = definitions
            .into_iter()
            .flat_map(|all| all.keys().map(|name| format!("#/$defs/{name}")))
            .collect();
        assert_eq!(found, known, "{name}");
    }
}

#[test]
fn members_keep_what_the_document_says() {
    let job = schema(JOBS, "Job");
    let fields = &job["$defs"]["Job"]["properties"];
    assert_eq!(fields["title"]["type"], "string");
    assert_eq!(fields["postingCreateTime"]["format"], "date-time");
    assert_eq!(fields["postingCreateTime"]["readOnly"], true);
    assert_eq!(fields["promotionValue"]["maximum"], i32::MAX);
    let types = &fields["employmentTypes"]["items"]["anyOf"];
    assert!(types[0]["enum"].as_array().unwrap().contains(&json!("FULL_TIME")));
    assert_eq!(types[1], json!({"type": "string"}), "enumerations are open");
    let method = schema(JOBS, "projects jobs-create");
    assert_eq!(method["properties"]["request"]["$ref"], "#/$defs/CreateJobRequest");
    assert_eq!(method["properties"]["parameters"]["required"], json!(["parent"]));
    let usage = support::offline(&["projects", "jobs-list", "p", "--format", "json-schema"]);
    assert_eq!(usage.status, 2, "only `schema` has this format");
}

/// Python's `jsonschema` validates each schema against its dialect, and the forms that the program
/// prints against the schemas of their requests.
#[test]
fn an_independent_validator_agrees() {
    const PROGRAM: &str = r#"
import json, sys
from jsonschema import Draft202012Validator as Validator
for name, schema, instance in json.load(sys.stdin):
    Validator.check_schema(schema)
    if instance is not None:
        for error in Validator(schema).iter_errors({"request": instance}):
            print(name, list(error.path), error.message[:200])
wrong = {"parameters": {"parent": 1}, "request": {"job": {"title": ["x"]}}}
schema = [schema for name, schema, _ in json.load(open(sys.argv[1])) if name == "jobs.projects.jobs.create"][0]
errors = [error for error in Validator(schema).iter_errors(wrong) if error.validator == "type"]
print(sorted(".".join(error.path) for error in errors))
"#;
    let importable = Command::new("python3").args(["-c", "import jsonschema"]).output();
    if !importable.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: Python's package jsonschema is missing");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let skeleton = |app: App, name: &str| {
        let method = app.api.methods.iter().find(|method| method.spec.id == name)?;
        method.request?;
        let names = method.resource.iter().chain([&method.name]);
        let mut args: Vec<String> =
            names.map(|name| discovery_describe::names::kebab(name)).collect();
        args.push("--skeleton=json".to_owned());
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = Run::new(folder.path(), &Server::new(Vec::new()), &args).of(app).go();
        serde_json::from_str::<Value>(&output.stdout).ok()
    };
    let cases: Vec<Value> = all()
        .into_iter()
        .map(|(name, schema)| {
            let form = skeleton(JOBS, &name).or_else(|| skeleton(SINK, &name));
            json!([name, schema, form])
        })
        .collect();
    assert!(cases.iter().filter(|case| !case[2].is_null()).count() > 20);
    let text = json!(cases).to_string();
    let path = folder.path().join("cases.json");
    std::fs::write(&path, &text).unwrap();
    let mut python = Command::new("python3")
        .args(["-W", "ignore", "-c", PROGRAM])
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let refused = "['parameters.parent', 'request.job.title']\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), refused, "{stderr}");
}
