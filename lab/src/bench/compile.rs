//! Cost of building a program with one call, and the tool that generates its client, which the suite
//! `generate` measures.

use super::Setting;
use super::build::{cargo, finish, measured, target, workspace};
use super::measure;
use super::record::{Case, Fact, Record};
use crate::paths::root;
use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

/// A kind of credentials, with the two programs that use it.
struct Pair {
    name: &'static str,
    ours: &'static str,
    theirs: &'static str,
}

const PAIRS: [Pair; 2] = [
    Pair { name: "static token", ours: "ours-static", theirs: "jobs3-static" },
    Pair { name: "ADC", ours: "ours-adc", theirs: "jobs3-adc" },
];

const COLD: &str = "cold release build";
const REBUILD: &str = "rebuild after a change";
const LIBRARY: &str = "rebuild with the client's library";

const SIDES: [&str; 2] = ["ours", "google-jobs3"];

/// Building the tool that generates crates, as in a new clone.
pub(crate) const XTASK: &str = "cold build of `cargo xtask regen`";

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    finish(&mut cargo(&workspace(), &target("fetch"), &["fetch", "--quiet"]))?;
    for pair in &PAIRS {
        let name = |what: &str| format!("{what}, {}", pair.name);
        record.keep(&name(COLD), || cold(pair, setting.rounds(2)))?;
        record.keep(&name(REBUILD), || rebuild(pair, setting.rounds(7)))?;
        record.keep(&name(LIBRARY), || library(pair, setting.rounds(3)))?;
        record.facts.extend(counts(pair)?);
        record.save()?;
    }
    Ok(())
}

/// Measures a cold build of this workspace's tool, once: it takes a minute.
pub(crate) fn xtask() -> Result<Case, String> {
    eprintln!("   xtask: cold");
    let (mut case, target) = (Case::new(XTASK, &SIDES[..1]), target("xtask"));
    remove(&target)?;
    case.add(SIDES[0], measure::run(&cargo(&root(), &target, &["build", "-p", "xtask"]))?);
    Ok(case)
}

/// Removes a target folder.
pub(crate) fn remove(target: &Path) -> Result<(), String> {
    if !target.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(target).map_err(|e| format!("{}: {e}", target.display()))
}

impl Pair {
    fn sides(&self) -> [(&'static str, &'static str); 2] {
        [(SIDES[0], self.ours), (SIDES[1], self.theirs)]
    }
}

/// Measures a cold build of everything.
fn cold(pair: &Pair, rounds: usize) -> Result<Case, String> {
    let mut case = Case::new(COLD, &SIDES);
    for round in 1..=rounds {
        for (side, program) in pair.sides() {
            eprintln!("   {program}: cold, {round} of {rounds}");
            let target = target(program);
            remove(&target)?;
            case.add(side, measured(&target, &["build", "--release", "-p", program])?);
        }
    }
    Ok(case)
}

/// Measures a rebuild of the program after a change.
fn rebuild(pair: &Pair, rounds: usize) -> Result<Case, String> {
    eprintln!("   {}: rebuilds", pair.name);
    let mut case = Case::new(REBUILD, &SIDES);
    for _ in 0..rounds {
        for (side, program) in pair.sides() {
            let file = workspace().join("programs").join(program).join("src/main.rs");
            let touch = File::options().append(true).open(&file);
            touch
                .and_then(|f| f.set_modified(SystemTime::now()))
                .map_err(|e| format!("{}: {e}", file.display()))?;
            case.add(side, measured(&target(program), &["build", "--release", "-p", program])?);
        }
    }
    Ok(case)
}

/// Measures a build of client library and program, with dependencies already built.
fn library(pair: &Pair, rounds: usize) -> Result<Case, String> {
    eprintln!("   {}: libraries", pair.name);
    let mut case = Case::new(LIBRARY, &SIDES);
    for _ in 0..rounds {
        for ((side, program), library) in
            pair.sides().into_iter().zip(["google-jobs-v3", "google-jobs3"])
        {
            let target = target(program);
            finish(&mut cargo(
                &workspace(),
                &target,
                &["clean", "--quiet", "--release", "-p", library],
            ))?;
            case.add(side, measured(&target, &["build", "--release", "-p", program])?);
        }
    }
    Ok(case)
}

/// Counts crates and bytes.
fn counts(pair: &Pair) -> Result<[Fact; 2], String> {
    let (mut crates, mut sizes) = (Vec::new(), Vec::new());
    for (side, program) in pair.sides() {
        let arguments = ["tree", "-e", "normal", "--prefix", "none", "--no-dedupe", "-p", program];
        let tree = finish(&mut cargo(&workspace(), &target(program), &arguments))?;
        let mut names: Vec<&str> = tree.lines().skip(1).collect();
        names.sort_unstable();
        names.dedup();
        crates.push((side, names.len() as f64));
        let binary = target(program).join("release").join(program);
        let size =
            std::fs::metadata(&binary).map_err(|e| format!("{}: {e}", binary.display()))?.len();
        sizes.push((side, size as f64));
    }
    Ok([
        Fact::new(format!("crates, {}", pair.name), "", &crates),
        Fact::new(format!("binary, stripped, {}", pair.name), "bytes", &sizes),
    ])
}
