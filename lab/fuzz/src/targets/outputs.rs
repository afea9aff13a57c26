//! What command lines print of answers.

use discovery_cli::{Terminals, testing};
use serde_json::Value;

use super::agree::ensure;
use super::cli::second_part;
use super::program::{Run, read_line, two_parts};
use super::script::Script;
use crate::engine::{Bounds, Target};

/// A command line and the server's answers.
pub(super) const OUTPUT: Target = Target::new(
    "output",
    "answers are printed in a form that its readers accept, without control characters",
    output,
)
.make(second_part)
.words(&[
    "\n=====\n",
    "200\n",
    "400\n",
    "404\n",
    "content-type: application/json",
    "content-type: text/plain",
    "{\"jobs\":[",
    "\"title\":",
    "\"nextPageToken\":\"",
    "\"error\":{\"code\":400,\"message\":\"",
    "\\u001b[31m",
    "\\u009b",
    "\\u0007",
    "\\r",
    "\\u202e",
    "\\n",
    "\",\"",
    "谷歌",
    "\u{9b}31m",
    "\u{1b}]0;x\u{7}",
    "=1+1",
    "- a: b",
    "'",
    "\\\"",
])
.bounds(Bounds { input: 4096, fixed: 64 << 20, per_byte: 64 << 10 });

fn output(input: &[u8]) -> Result<bool, String> {
    let (line, answers) = two_parts(input);
    let Some((app, words)) = read_line(line) else { return Ok(false) };
    let is_terminal = !answers.len().is_multiple_of(2);
    let format =
        words.iter().skip_while(|word| *word != "--format").nth(1).cloned().unwrap_or_default();
    let words: Vec<String> = std::iter::once("--mock".to_owned()).chain(words).collect();
    let server = Script::new(answers, usize::MAX).without_waits();
    let terminals =
        Terminals { stdout: is_terminal, stderr: is_terminal, columns: 80, ..Terminals::default() };
    let run = Run { server: Some(server), terminals, ..Run::new(app, words) };
    let output = run.go()?;
    if output.status != 0 {
        return Ok(false);
    }
    let text = String::from_utf8(output.stdout).map_err(|error| format!("utf-8: {error}"))?;
    if text.is_empty() {
        // So was the answer.
        return Ok(true);
    }
    let shown = || format!("{text:?}");
    match &*format {
        "json" => {
            ensure(serde_json::from_str::<Value>(&text).is_ok(), "json", shown)?;
        }
        "compact" | "jsonl" => {
            let is_json = |line: &str| serde_json::from_str::<Value>(line).is_ok();
            ensure(text.lines().all(is_json), "lines", shown)?;
        }
        "yaml" => {
            ensure(testing::from_yaml(&text).is_ok(), "yaml", shown)?;
        }
        "csv" => ensure(is_csv(&text), "csv", shown)?,
        _ => {}
    }
    let is_text = matches!(&*format, "csv" | "value") && !is_terminal;
    let odd = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    ensure(is_text || odd.is_none(), "control", shown)?;
    Ok(true)
}

/// Returns `true` if every record has as many fields as the first (RFC 4180).
fn is_csv(text: &str) -> bool {
    let (mut quoted, mut fields, mut records) = (false, 1, Vec::new());
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields += 1,
            '\n' if !quoted => {
                records.push(fields);
                fields = 1;
            }
            _ => {}
        }
    }
    !quoted && records.windows(2).all(|two| two[0] == two[1])
}
