//! `cargo lab conformance requests`: compares the requests of typed calls with those of
//! google-api-python-client for the same arguments.

use super::RequestsArgs;
use super::build;
use super::compare::difference;
use super::program;
use crate::paths::{read, root};
use discovery_generator::{Input, analyze};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;
use std::process::ExitCode;

/// A case: a line of a table.
#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) method: String,
    case: String,
    pub(super) params: Map<String, Value>,
    pub(super) body: Option<Value>,
    expect: Value,
}

pub(super) fn run(args: &RequestsArgs) -> Result<ExitCode, String> {
    let (mut passed, mut failed) = (0, 0);
    for file in &args.files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let document = args
            .document
            .clone()
            .unwrap_or_else(|| root().join("../shared/corpus").join(format!("{name}.json")));
        let failures = table(file, &document, &name)?;
        println!(
            "{name:<14} {} passed, {} failed",
            failures.cases - failures.texts.len(),
            failures.texts.len()
        );
        for text in &failures.texts {
            println!("  {text}");
        }
        passed += failures.cases - failures.texts.len();
        failed += failures.texts.len();
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Failures {
    cases: usize,
    texts: Vec<String>,
}

fn table(file: &Path, document: &Path, name: &str) -> Result<Failures, String> {
    let cases: Result<Vec<Case>, _> = read(file)?.lines().map(serde_json::from_str).collect();
    let cases = cases.map_err(|e| format!("{}: {e}", file.display()))?;
    let text = read(document)?;
    let label = format!("{name}.json");
    let input = Input { file: &label, document: &text, overlay: None, methods: None };
    let model = analyze(&input).map_err(|r| r.to_string())?;
    let folder = root().join("target/conformance").join(&model.names.package.folder);
    let (source, refused) = program::source(&model, &cases);
    build::write_program(&model, &label, &folder, &source, false)?;
    let mut texts: Vec<(usize, String)> = refused;
    let answers = build::run(&folder, &[])?;
    for answer in &answers {
        let i = usize::try_from(answer["case"].as_u64().unwrap_or_default()).unwrap_or_default();
        if let Some(case) = cases.get(i)
            && let Some(why) = verdict(answer, &case.expect)
        {
            texts.push((i, why));
        }
    }
    if answers.len()
        + texts.iter().filter(|(i, _)| !answers.iter().any(|a| a["case"] == *i)).count()
        < cases.len()
    {
        return Err(format!("{name}: the program ended before its last case"));
    }
    texts.sort();
    let texts =
        texts.into_iter().map(|(i, why)| format!("{} ({}): {why}", cases[i].method, cases[i].case));
    Ok(Failures { cases: cases.len(), texts: texts.collect() })
}

fn verdict(answer: &Value, expect: &Value) -> Option<String> {
    let requests = answer["requests"].as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    match requests.as_slice() {
        [one] => difference(expect, &text(&one["line"]), &text(&one["body"])),
        [] => Some(format!("nothing was sent: {}", text(&answer["error"]))),
        many => Some(format!("{} requests were sent", many.len())),
    }
}
