//! Suites measured by a program of the benchmarks' workspace: generate, data, calls.

use super::Setting;
use super::build::{finish, program};
use super::record::{Case, Fact, Record};
use super::{compile, measure, train};
use crate::paths::root;
use std::path::Path;
use std::process::Command;

/// Measures building the tool, and generating jobs v3, compute v1, and every document of the corpus.
pub(crate) fn generate(setting: &Setting, record: &mut Record) -> Result<(), String> {
    record.cases.push(compile::xtask()?);
    let program = program("generate")?;
    let jobs = root().join("discovery/jobs-v3.json");
    race(&program, &jobs, setting.rounds(20), record)?;
    for mode in ["client", "cores"] {
        let words = [text(mode), show(&root()), show(&jobs), setting.rounds(20).to_string()];
        read(Command::new(&program).args(&words), record)?;
    }
    if let Some(compute) = setting.document("compute.v1.json") {
        race(&program, &compute, setting.rounds(5), record)?;
    }
    let Some(corpus) = &setting.corpus else {
        eprintln!("   no corpus: pass --corpus DIR for compute v1 and all documents");
        return train::run(setting, record);
    };
    let words = [text("corpus"), show(&root()), show(corpus), setting.rounds(3).to_string()];
    read(Command::new(&program).args(&words), record)?;
    let mut memory = Case::new("memory of generating all documents", &["ours"]);
    let words = [text("memory"), show(&root()), show(corpus)];
    memory.add("ours", measure::run(Command::new(&program).args(&words))?);
    record.cases.push(memory);
    train::run(setting, record)
}

fn race(program: &Path, document: &Path, rounds: usize, record: &mut Record) -> Result<(), String> {
    for mode in ["race", "stages"] {
        let words = [text(mode), show(&root()), show(document), rounds.to_string()];
        read(Command::new(program).args(&words), record)?;
    }
    Ok(())
}

/// Measures decoding and encoding.
pub(crate) fn data(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let rounds = setting.rounds(60).to_string();
    read(Command::new(program("data")?).arg(rounds), record)
}

/// Measures calls on loopback.
pub(crate) fn calls(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let rounds = setting.rounds(200).to_string();
    read(Command::new(program("calls")?).arg(rounds), record)
}

/// Runs a program and parses its output.
fn read(command: &mut Command, record: &mut Record) -> Result<(), String> {
    for line in finish(command)?.lines().filter(|line| line.starts_with('{')) {
        if let Ok(case) = serde_json::from_str::<Case>(line) {
            record.cases.push(case);
        } else {
            record
                .facts
                .push(serde_json::from_str::<Fact>(line).map_err(|e| format!("{e}: {line}"))?);
        }
    }
    Ok(())
}

fn text(word: &str) -> String {
    word.to_owned()
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
