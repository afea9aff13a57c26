//! Updating every API from one release of Google's documents to a later one.

use super::Setting;
use super::build::{cargo, finish, target};
use super::measure;
use super::record::{Case, Record};
use crate::paths::root;
use std::path::PathBuf;
use std::process::Command;

/// The case that a goal is about.
pub(crate) const TRAIN: &str = "update of all APIs, 2.190.0 to 2.202.0, on all cores";

/// Package with the documents, and two of its releases.
const PACKAGE: &str = "google-api-python-client";
const RELEASES: [&str; 2] = ["2.190.0", "2.202.0"];

/// Measures the update. Without pip or a network, it says so and measures nothing.
pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let [old, new] = match (documents(RELEASES[0]), documents(RELEASES[1])) {
        (Ok(old), Ok(new)) => [old, new],
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("   SKIPPED: {TRAIN}: no documents: {}", error.trim_end());
            return Ok(());
        }
    };
    let build = root().join("target/bench-build");
    eprintln!("   building lab");
    finish(&mut cargo(&root(), &build, &["build", "--quiet", "--release", "-p", "lab"]))?;
    let mut case = Case::new(TRAIN, &["ours"]);
    for _ in 0..setting.rounds(3) {
        let mut command = Command::new(build.join("release/lab"));
        command.arg("train").arg(&old).arg(&new).current_dir(root());
        match measure::run(&command) {
            Ok(sample) => case.add("ours", sample),
            // The other results of the suite are kept.
            Err(error) => {
                eprintln!("   SKIPPED: {TRAIN}: {}", error.trim_end());
                return Ok(());
            }
        }
    }
    record.cases.push(case);
    Ok(())
}

/// Returns the folder with the documents of a release, downloaded once.
fn documents(release: &str) -> Result<PathBuf, String> {
    let folder = target("documents").join(release);
    let documents = folder.join("googleapiclient/discovery_cache/documents");
    if !documents.is_dir() {
        eprintln!("   downloading {PACKAGE} {release}");
        let mut pip = Command::new("pip");
        pip.args(["install", "--quiet", "--no-deps", "--no-compile", "--target"]).arg(&folder);
        finish(pip.arg(format!("{PACKAGE}=={release}")))?;
    }
    Ok(documents)
}
