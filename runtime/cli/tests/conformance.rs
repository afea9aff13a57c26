//! Tables of command lines with their expected requests or errors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod support;

use serde_json::Value;
use support::{Answer, Output, Run, Seen, Server};

#[test]
fn command_lines_conform() {
    table(include_str!("conformance.json"), 168);
}

/// More cases, derived from the grammar.
#[test]
fn unusual_command_lines_conform() {
    table(include_str!("cases_own.json"), 290);
}

fn table(text: &str, least: usize) {
    let cases: Value = serde_json::from_str(text).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= least);
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let error = check(case).err()?;
            Some(format!("{}: {}\n    {error}", case["id"], case["argv"]))
        })
        .collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn check(case: &Value) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in case["files"].as_object().into_iter().flatten() {
        std::fs::write(folder.path().join(name), text.as_str().unwrap()).unwrap();
    }
    let server = Server::new(answers(case));
    let argv = strings(&case["argv"]);
    let mut run = Run::new(folder.path(), &server, &argv);
    run.stdin = case["stdin"].as_str().unwrap_or_default();
    let output = run.go();
    let expect = &case["expect"];
    let fails = expect["exit"] == "fail";
    if (output.status != 0) != fails {
        return Err(format!("status {}: {}", output.status, output.stderr));
    }
    requests(expect, &server.seen(), &argv)?;
    streams(expect, &output, fails)?;
    files(expect, folder.path())
}

fn answers(case: &Value) -> Vec<Answer> {
    if let Some(pages) = case["respond_pages"].as_array() {
        return pages.iter().map(|page| Answer::json(200, &page.to_string())).collect();
    }
    let respond = &case["respond"];
    let status = respond["status"].as_u64().map_or(200, |status| status as u16);
    match &respond["body"] {
        Value::String(text) => vec![Answer::json(status, text)],
        Value::Null => vec![Answer::json(status, "{}")],
        body => vec![Answer::json(status, &body.to_string())],
    }
}

fn requests(expect: &Value, seen: &[Seen], argv: &[&str]) -> Result<(), String> {
    let wanted: Vec<&Value> = match (&expect["requests"], &expect["request"]) {
        (Value::Array(all), _) => all.iter().collect(),
        (_, Value::Null) => Vec::new(),
        (_, one) => vec![one],
    };
    if wanted.len() != seen.len() {
        return Err(format!("{} requests sent, not {}", seen.len(), wanted.len()));
    }
    for (want, got) in wanted.into_iter().zip(seen) {
        request(want, got)?;
        let own = argv.iter().any(|arg| {
            ["access-token=", "oauth-token=", "key="].iter().any(|flag| arg.contains(flag))
        });
        let auth = got.headers.get("authorization").map(String::as_str);
        if auth != Some("Bearer conformance-token") && !own {
            return Err(format!("authorization: {auth:?}"));
        }
    }
    Ok(())
}

fn request(want: &Value, got: &Seen) -> Result<(), String> {
    if want["method"] != got.method.as_str() {
        return Err(format!("method {}", got.method));
    }
    let path = decoded(&got.path);
    if want["path"] != path.as_str() {
        return Err(format!("path {path}"));
    }
    let mut wanted: Vec<(String, String)> = want["query"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|pair| (text(&pair[0]), text(&pair[1])))
        .collect();
    let quiet = ("prettyPrint".to_owned(), "false".to_owned());
    let mut sent: Vec<(String, String)> = got
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .filter(|(name, _)| name != "access_token" && name != "oauth_token")
        .filter(|pair| *pair != quiet || wanted.contains(&quiet))
        .collect();
    wanted.sort();
    sent.sort();
    if wanted != sent {
        return Err(format!("query {sent:?}, not {wanted:?}"));
    }
    let body = got.json();
    let also = want.get("body_also");
    if !same(&want["body"], &body) && !also.is_some_and(|also| same(also, &body)) {
        return Err(format!("body {body}, not {}", want["body"]));
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Compares values regardless of the spelling of numbers.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn streams(expect: &Value, output: &Output, fails: bool) -> Result<(), String> {
    if let Some(words) = expect["error_contains"].as_str()
        && !output.stderr.contains(words)
    {
        return Err(format!("the error does not say {words:?}: {}", output.stderr));
    }
    let talks = fails || expect["stderr_warns"] == true;
    if talks && output.stderr.trim().is_empty() {
        return Err("not a word on standard error".to_owned());
    }
    if let Some(want) = expect.get("stdout_json") {
        let got: Value = serde_json::from_str(&output.stdout).map_err(|e| e.to_string())?;
        if !same(want, &got) {
            return Err(format!("standard output {got}"));
        }
    }
    let items = output.stdout.matches("jobSummary").count() as u64;
    if expect["items"].as_u64().is_some_and(|want| want != items) {
        return Err(format!("{items} items"));
    }
    Ok(())
}

fn files(expect: &Value, folder: &std::path::Path) -> Result<(), String> {
    for (name, want) in expect["file_json"].as_object().into_iter().flatten() {
        let text = std::fs::read_to_string(folder.join(name)).map_err(|e| e.to_string())?;
        let got: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        if !same(want, &got) {
            return Err(format!("{name} holds {got}"));
        }
    }
    match expect["no_file"].as_str() {
        Some(name) if folder.join(name).exists() => Err(format!("{name} was written")),
        _ => Ok(()),
    }
}
