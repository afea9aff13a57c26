//! Completion of names, as each shell asks for it.
#![cfg(all(test, unix, feature = "mock"))]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn jobs3(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jobs3"));
    command.env_clear().env("HOME", folder).current_dir(folder);
    command
}

/// A folder whose local server has two companies.
fn companies() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("names");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["Acme", "Bolts"] {
        let fields =
            [format!("company.display-name={name}"), format!("company.external-id={name}")];
        let create = ["--mock=mock.redb", "projects", "companies", "create", "projects/p", "-r"];
        let output = jobs3(&folder).args(create).args(fields).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

/// Asks as the script of a shell does, and returns what the shell gets.
fn ask(folder: &Path, shell: &str, words: &[&str], wanted: bool) -> Vec<String> {
    let mut command = jobs3(folder);
    command.env("_COMPLETE_API_COMMAND", shell).arg("--").args(words).env("_CLAP_IFS", "\n");
    if shell != "fish" {
        command.env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string());
    }
    if wanted {
        // Long enough for a busy machine.
        command.env("JOBS3_COMPLETE_NAMES", "600");
    }
    let output = command.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    // Descriptions follow a tab or a colon.
    let first = |line: &str| line.split(['\t', ':']).next().unwrap_or_default().to_owned();
    let names = text.lines().map(first).filter(|name| !name.starts_with('-'));
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_shell_completes_names_if_wanted() {
    let folder = companies();
    let all = ["projects/p/companies/1", "projects/p/companies/2"];
    for shell in ["bash", "zsh", "fish"] {
        for command in [&["companies", "get"][..], &["companies-delete"], &["companies-patch"]] {
            let before = [&["jobs3", "--mock=mock.redb", "projects"], command].concat();
            let typed = |typed| [&before[..], &[typed]].concat();
            assert_eq!(ask(&folder, shell, &typed("projects/p/companies/"), true), all, "{shell}");
            let second = ask(&folder, shell, &typed("projects/p/companies/2"), true);
            assert_eq!(second, all[1..], "{shell}");
            assert!(ask(&folder, shell, &typed("projects/q/companies/"), true).is_empty());
            assert!(ask(&folder, shell, &typed("projects/p/companies/"), false).is_empty());
        }
    }
}
