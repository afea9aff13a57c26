//! The page for agents says what the program does.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

use std::path::Path;
use std::process::{Command, Output};

const SKILL: &str = include_str!("../SKILL.md");

/// Runs a command line without credentials.
fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jobs3"))
        .args(words)
        .env_clear()
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap()
}

#[test]
fn its_commands_run() {
    let lines: Vec<&str> = SKILL.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    assert!(lines.len() > 5, "{lines:?}");
    for line in lines {
        let folder = Path::new(env!("CARGO_BIN_EXE_jobs3")).parent().unwrap();
        let mut shell = Command::new("/bin/sh");
        let shell = shell.args(["-c", line]).env_clear().env("PATH", folder);
        let output = shell.current_dir(std::env::temp_dir()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !output.stdout.is_empty(), "{line}: {stderr}");
    }
}

#[test]
fn its_methods_are_those_of_the_program() {
    let rows = SKILL.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("`: "));
    let mut listed: Vec<String> = Vec::new();
    for (usage, _) in rows.filter(|(usage, _)| !usage.starts_with('-')) {
        let words: Vec<&str> =
            usage.split(' ').take_while(|word| !word.starts_with(['<', '-'])).collect();
        let help = run(&[&words[..], &["--help"]].concat());
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        for argument in usage.split(' ').filter(|word| word.starts_with('<') && *word != "<fields>")
        {
            assert!(help.contains(argument), "{usage}");
        }
        listed.push(words.join(" "));
    }
    let methods = String::from_utf8(run(&["methods"]).stdout).unwrap();
    let plain = |words: &str| words.replace(' ', "-");
    let mut known: Vec<String> =
        methods.lines().map(|line| plain(line.split("  ").next().unwrap())).collect();
    let mut listed: Vec<String> = listed.iter().map(|words| plain(words)).collect();
    known.sort();
    listed.sort();
    assert_eq!(listed, known);
}

#[test]
fn its_flags_exist() {
    let help = String::from_utf8(run(&["projects", "jobs-create", "--help-all"]).stdout).unwrap();
    let words = SKILL.split(|c: char| c.is_whitespace() || "`,.;:".contains(c));
    let flags: Vec<&str> =
        words.filter(|word| word.starts_with("--") && !word.ends_with('-')).collect();
    assert!(flags.len() > 15, "{flags:?}");
    for flag in flags {
        assert!(help.contains(flag), "{flag}");
    }
}

/// Agents read all of it.
#[test]
fn it_is_short_and_in_the_program() {
    assert!(SKILL.len() < 8_000, "{} bytes", SKILL.len());
    assert!(SKILL.starts_with("---\n"), "its metadata comes first");
    assert_eq!(String::from_utf8(run(&["docs", "skill"]).stdout).unwrap(), SKILL);
}
