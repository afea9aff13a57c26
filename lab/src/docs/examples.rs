//! Checks commands on pages: each runs, and all of a page send the same request.

use super::Found;
use super::book::{Block, Page};
use crate::built;
use serde_json::Value;
use std::process::Command;

/// Request of a command.
#[derive(Debug, PartialEq)]
struct Request {
    verb: String,
    url: String,
    body: Option<Value>,
}

/// Runs every command of the pages of program `package` with `--dry-run`.
pub(super) fn check(pages: &[Page], package: &str, found: &mut Found) -> Result<(), String> {
    built::package(package)?;
    for page in pages {
        let mut first: Option<Request> = None;
        let stated = page.blocks.iter().find(|b| b.info.ends_with(" body"));
        let stated = stated.and_then(|b| serde_json::from_str::<Value>(&b.text).ok());
        for block in page.blocks.iter().filter(|b| b.info == "console") {
            found.commands += 1;
            let request = match requested(block) {
                Ok(request) => request,
                Err(message) => {
                    found.fault(page, block.line, message);
                    continue;
                }
            };
            if stated.is_some() && request.body != stated {
                found.fault(page, block.line, "the command's request differs from the page");
            }
            match &first {
                None => first = Some(request),
                Some(first) if *first != request => {
                    let message =
                        format!("not the request of the first example:\n{first:?}\n{request:?}");
                    found.fault(page, block.line, message);
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn requested(block: &Block) -> Result<Request, String> {
    let text = block.text.strip_prefix("$ ").ok_or("a command must start with `$ `")?;
    // shlex does not support line continuations; quoted JSON contains none.
    let words = shlex::split(&text.replace("\\\n", " ")).ok_or("unclosed quote")?;
    match words.split_first() {
        Some((program, rest)) if program == "curl" => curl(rest),
        Some((program, rest)) => dry_run(program, rest),
        None => Err("an empty command".to_owned()),
    }
}

/// Returns the request that the program would send. With `--strict`, warnings are faults.
fn dry_run(program: &str, words: &[String]) -> Result<Request, String> {
    let output = Command::new(built::path(program)?)
        .args(words)
        .args(["--dry-run", "--strict"])
        .env_clear()
        .current_dir(std::env::temp_dir())
        .output()
        .map_err(|e| format!("{program}: {e}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !said.trim().is_empty() {
        return Err(format!("{program} says: {}", said.trim()));
    }
    let value: Value = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Ok(Request {
        verb: text("method"),
        url: without_ours(&text("url")),
        body: value.get("body").cloned(),
    })
}

/// Returns the URL without the parameters that the client adds, with the others sorted.
fn without_ours(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let ours =
        |pair: &&str| !pair.is_empty() && *pair != "alt=json" && *pair != "prettyPrint=false";
    let mut pairs: Vec<&str> = query.split('&').filter(ours).collect();
    pairs.sort_unstable();
    format!("{path}?{}", pairs.join("&"))
}

fn curl(words: &[String]) -> Result<Request, String> {
    let after =
        |flag: &str| words.iter().position(|w| w == flag).and_then(|at| words.get(at + 1)).cloned();
    let url = words.iter().find(|w| w.starts_with("https://")).ok_or("curl without a URL")?;
    let body =
        after("--data-raw").map(|text| serde_json::from_str(&text).map_err(|e| e.to_string()));
    Ok(Request {
        verb: after("--request").unwrap_or_else(|| "GET".to_owned()),
        url: without_ours(url),
        body: body.transpose()?,
    })
}
