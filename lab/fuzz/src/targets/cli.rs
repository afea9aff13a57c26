//! What command lines read: requests, batches, expressions.

use super::agree::ensure;
use super::program::{Run, read_line, two_parts};
use crate::engine::{Bounds, Mutator, Target};
use serde_json::Value;

/// A command line and its standard input.
pub(super) const INPUT: Target =
    Target::new("input", "standard input is refused with a message, or makes data", input)
        .make(second_part)
        .words(&[
            "{\"method\":\"jobs.projects.jobs.get\",",
            "\"params\":{\"name\":\"projects/p/jobs/1\"}}",
            "\"body\":",
            "[\"projects\",\"jobs\",\"list\",\"projects/p\"]",
            "job: {title: x}",
            "\n{",
            "\n[",
            "company:\n  name: a",
            "&a ",
            "*a",
            "- ",
            "|\n",
            "@",
            "jobs[?title].name",
            "sort_by(@, &a)",
            "{a: b}",
        ])
        .bounds(Bounds { input: 4096, fixed: 128 << 20, per_byte: 128 << 10 });

/// Changes what a command line reads, and keeps the line.
pub(super) fn second_part(m: &mut Mutator<'_>) -> Vec<u8> {
    let (line, rest) = two_parts(m.seed());
    let changed = m.changed(rest.to_vec());
    [line, b"\n=====\n", &changed].concat()
}

fn input(input: &[u8]) -> Result<bool, String> {
    let (line, stdin) = two_parts(input);
    let Some((app, words)) = read_line(line) else { return Ok(false) };
    let words = words.into_iter().map(|word| match word.strip_prefix("STDIN") {
        // An expression or a token of the line.
        Some(end) => String::from_utf8_lossy(stdin).into_owned() + end,
        None => word,
    });
    let words: Vec<String> = words.collect();
    let output = Run { stdin, ..Run::new(app, words.clone()) }.go()?;
    let is_batch = words.first().is_some_and(|word| word == "batch");
    if words.iter().any(|word| word == "-h" || word.starts_with("--help")) {
        return Ok(output.status == 0);
    }
    if output.status != 0 && !is_batch {
        ensure(output.stdout.is_empty(), "stdout", || {
            String::from_utf8_lossy(&output.stdout).into_owned()
        })?;
        return Ok(false);
    }
    for line in json_texts(&output.stdout, is_batch) {
        let is_json = serde_json::from_slice::<Value>(line).is_ok();
        ensure(is_json, "json", || format!("{words:?}: {:?}", String::from_utf8_lossy(line)))?;
    }
    Ok(output.status == 0)
}

/// The JSON texts of an output: one a line, or one.
fn json_texts(out: &[u8], lines: bool) -> Vec<&[u8]> {
    if lines {
        return out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    }
    vec![out]
}
