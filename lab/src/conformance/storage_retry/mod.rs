//! `cargo lab conformance storage-retry`: what a client of Cloud Storage repeats, and what not.
//!
//! The table names methods, faults, and whether a call ends with success. The program runs each
//! combination with the default retry policy against a server of ours that commits the faults. It
//! also counts the requests: one more than the faults that are overcome, and none after an error.

use super::{StorageRetryArgs, build};
use crate::paths::{read, root};
use discovery_generator::{Input, analyze};
use serde_json::Value;
use std::process::ExitCode;

const PROGRAM: &str = include_str!("program.txt");

pub(super) fn run(args: &StorageRetryArgs) -> Result<ExitCode, String> {
    let (document, overlay) = (read(&args.document)?, read(&args.overlay)?);
    let table: Value = serde_json::from_str(&read(&args.file)?).map_err(|e| e.to_string())?;
    let label = "storage.v1.json";
    let input = Input { file: label, document: &document, overlay: Some(&overlay), methods: None };
    let model = analyze(&input).map_err(|r| r.to_string())?;
    let folder = root().join("target/conformance/storage-retry");
    build::write_program(&model, label, &folder, PROGRAM, true)?;
    let file = std::fs::canonicalize(&args.file).map_err(|e| e.to_string())?;
    let answers = build::run(&folder, &[file.as_os_str()])?;
    let expected = combinations(&table);
    if answers.len() != expected {
        return Err(format!("{} of {expected} combinations were run", answers.len()));
    }
    let failed: Vec<&Value> = answers.iter().filter(|answer| !answer["fault"].is_null()).collect();
    for answer in &failed {
        println!(
            "  {} {} {}: {}",
            answer["scenario"], answer["method"], answer["instructions"], answer["fault"]
        );
    }
    println!("{} of {expected} combinations passed", expected - failed.len());
    Ok(if failed.is_empty() && expected > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns how many combinations of methods and cases a table has.
fn combinations(table: &Value) -> usize {
    let count = |test: &Value, name: &str| test[name].as_array().map_or(0, Vec::len);
    let tests = table["retryTests"].as_array().map_or(&[][..], Vec::as_slice);
    tests.iter().map(|test| count(test, "methods") * count(test, "cases")).sum()
}

#[cfg(test)]
mod tests {
    use super::combinations;
    use serde_json::json;

    #[test]
    fn each_method_meets_each_case() {
        let table = json!({ "retryTests": [
            { "methods": [{}, {}], "cases": [{}, {}, {}] },
            { "methods": [{}], "cases": [{}] },
            { "methods": [{}] },
        ] });
        assert_eq!(combinations(&table), 7);
        assert_eq!(combinations(&json!({})), 0);
    }
}
