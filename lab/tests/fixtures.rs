//! The files in lab/fixtures/generated match the generator's output.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::process::Command;

#[test]
fn fixtures_are_fresh() {
    let output = Command::new(env!("CARGO_BIN_EXE_lab")).args(["fixtures", "--check"]).output();
    let output = output.unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "run `cargo lab fixtures`\n{text}");
    assert!(text.contains("kitchen-sink:v1"), "{text}");
}
