//! No command line makes the program panic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod support;

use std::sync::LazyLock;

use discovery_cli::testing::{self, Fuzzed};
use google_jobs_v3::reflect::API;
use proptest::prelude::*;
use support::Server;

#[test]
fn random_tokens_are_accepted_or_rejected() {
    let fuzzed = testing::fuzz_tokens(&API, 20_261_122, 20_000);
    assert_eq!(fuzzed.panicked, Vec::<Vec<String>>::new());
    assert_eq!(fuzzed.accepted + fuzzed.refused, 20_000);
    // If all command lines were rejected, only messages would be tested.
    assert!(fuzzed.accepted > 500, "{}", fuzzed.accepted);
    assert_eq!(fuzzed, testing::fuzz_tokens(&API, 20_261_122, 20_000));
    assert_ne!(fuzzed, Fuzzed::default());
}

#[test]
fn random_command_lines_write_data_or_nothing() {
    let fuzzed = testing::fuzz_command_lines(&support::JOBS, 20_261_122, 500);
    assert_eq!(fuzzed.panicked, Vec::<Vec<String>>::new());
    assert_eq!(fuzzed.accepted + fuzzed.refused, 500);
    assert!(fuzzed.accepted > 50 && fuzzed.refused > 50, "{fuzzed:?}");
}

static SERVER: LazyLock<Server> = LazyLock::new(|| Server::json("{}"));

/// Valid and random words of a command line.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "projects",
        "jobs-create",
        "jobs",
        "create",
        "jobs-list",
        "complete",
        "companies-patch",
        "projects/p1",
        "-r",
        "-p",
        "--",
        "-o",
        "-",
        "--dry-run",
        "--json",
        "{}",
        "--format",
        "yaml",
        "--select",
        "a[].b",
        "--scope",
        "jobs",
        "--all",
        "--limit",
        "5",
        "--page-size",
        "-3",
        "schema",
        "Job",
        "methods",
        "docs",
        "auth",
        "status",
        "completions",
        "bash",
        "--help",
        "--help-all",
        "-v",
        "--curl",
        "--code",
        "rust",
        "--skeleton",
        "--skeleton=args",
        "--unset",
        "job.title",
        ".job",
        "title=x",
        "page-size=3",
        "key=K",
        "--error-format=json",
        "config",
    ]);
    prop_oneof![6 => known.prop_map(str::to_owned), 1 => "[ -~]{0,8}", 1 => "\\PC{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_command_line_panics(words in prop::collection::vec(word(), 0..9)) {
        let folder = tempfile::tempdir().unwrap();
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = support::Run::new(folder.path(), &SERVER, &args).go();
        prop_assert!(output.status <= 5);
        // Standard output is for data: failed commands print none.
        prop_assert!(output.status == 0 || output.stdout.is_empty(), "{}", output.stdout);
    }
}
