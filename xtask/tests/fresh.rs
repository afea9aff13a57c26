//! The files in generated/ match the generator's output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::process::Command;

#[test]
fn generated_is_fresh() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["regen", "--check"])
        .output()
        .expect("xtask runs");
    assert!(
        output.status.success(),
        "generated/ is outdated; run `cargo xtask regen`\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn stages_can_be_printed_and_are_the_same_each_time() {
    for stage in ["ir", "names", "view"] {
        let print = || {
            let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
                .args(["regen", "--api", "jobs:v3", "--emit", stage])
                .output()
                .expect("xtask runs");
            assert!(output.status.success(), "{stage}");
            output.stdout
        };
        let first = print();
        assert!(first.len() > 10_000, "{stage} prints the stage");
        assert_eq!(first, print(), "{stage}");
    }
}

#[test]
fn unknown_apis_list_the_known_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["regen", "--check", "--api", "jobs:v9"])
        .output()
        .expect("xtask runs");
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("jobs:v9") && text.contains("jobs:v3"), "{text}");
}
