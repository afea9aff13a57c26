//! The sessions in the project's README and in the tour of the command line work as printed.
#![cfg(all(test, unix, feature = "mock"))]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../../../README.md");

/// A command with its expected output.
#[derive(Debug, Default)]
struct Step {
    command: String,
    output: String,
}

/// Returns the commands in `console` blocks that use `jobs3`: a command starts with `$`, and
/// continues while its lines end in a backslash.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let blocks = page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    for block in blocks.filter(|block| block.contains("$ jobs3 ")) {
        let mut goes_on = false;
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => {
                    steps.push(Step { command: command.to_owned(), output: String::new() });
                }
                (None, Some(step)) if goes_on => step.command += &format!("\n{line}"),
                (None, Some(step)) => step.output += &format!("{line}\n"),
                (None, None) => {}
            }
            // Lines of output may end in a backslash as well.
            goes_on = (goes_on || line.starts_with("$ ")) && line.ends_with('\\');
        }
    }
    steps
}

/// Runs a command; returns whether it succeeded, and both streams as on a terminal.
fn run(command: &str, state: &Path) -> (bool, String) {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_jobs3"));
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .env_clear()
        .env("PATH", format!("{}:{path}", program.parent().unwrap().display()))
        .env("HOME", state)
        .current_dir(state)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// An empty folder for stored data.
fn fresh(name: &str) -> PathBuf {
    let state = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_dir_all(&state).ok();
    std::fs::create_dir_all(&state).unwrap();
    state
}

#[test]
fn the_readme_shows_what_happens() {
    shows_what_happens(README, "session");
}

#[test]
fn the_tour_shows_what_happens() {
    shows_what_happens(include_str!("../../../runtime/cli/TOUR.md"), "tour");
}

fn shows_what_happens(page: &str, name: &str) {
    let state = fresh(name);
    let steps = steps(page);
    assert!(steps.len() >= 5, "{steps:?}");
    for step in steps {
        assert_eq!(run(&step.command, &state).1, step.output, "{}", step.command);
    }
}

#[test]
fn the_commands_of_the_crates_readme_succeed() {
    let state = fresh("readme");
    let commands = include_str!("../README.md").lines().filter_map(|line| line.strip_prefix("$ "));
    let commands: Vec<&str> = commands.filter(|command| command.starts_with("jobs3 ")).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let (done, output) = run(command, &state);
        assert!(done, "{command}\n{output}");
    }
}
