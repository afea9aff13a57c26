//! Cost of building compute v1, the largest widely used API.

use super::Setting;
use super::build::{cargo, finish, program, target, workspace};
use super::measure::{self, Sample};
use super::record::{Case, Fact, Record};
use crate::paths::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The methods of a program that manages instances.
const METHODS: [&str; 3] = ["instances.list", "instances.get", "instances.insert"];

/// The documentation of the crate alone.
pub(crate) const DOC: &str = "`cargo doc`, all of it";
const DOC_SIZE: &str = "size of the documentation";

/// A side: a program that only depends on the crate.
struct Crate {
    side: &'static str,
    /// Package to build from scratch.
    package: &'static str,
    /// Workspace folder.
    folder: PathBuf,
    /// Arguments besides the subcommand.
    arguments: Vec<&'static str>,
    /// Target folder.
    target: PathBuf,
    /// Whether to run a single round, since each takes several minutes and over 7 GB.
    once: bool,
}

impl Crate {
    fn ours(folder: &Path, name: &str, feature: &'static str) -> Self {
        Self {
            side: "ours",
            package: "google-compute-v1",
            folder: folder.to_owned(),
            arguments: vec!["-p", "google-compute-v1", "--features", feature],
            target: target(name),
            once: false,
        }
    }

    fn peer(side: &'static str, package: &'static str, program: &'static [&'static str]) -> Self {
        let target = target(program.last().copied().unwrap_or(package));
        let arguments = program.to_vec();
        Self { side, package, folder: workspace(), arguments, target, once: false }
    }

    /// Measures the crate with its dependencies already built.
    fn measure(&self, verb: &[&str]) -> Result<Sample, String> {
        eprintln!("   {} {}: {}", self.side, self.arguments.join(" "), verb.join(" "));
        // Builds dependencies first, if necessary.
        finish(&mut self.cargo(&[verb, &["--quiet"]].concat()))?;
        finish(&mut cargo(&self.folder, &self.target, &["clean", "--quiet", "-p", self.package]))?;
        measure::run(&self.cargo(verb))
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let words: Vec<&str> = words.iter().chain(&self.arguments).copied().collect();
        let mut command = cargo(&self.folder, &self.target, &words);
        // As Cargo compiles packages of a registry, such as the peers.
        command.env("CARGO_INCREMENTAL", "0");
        command
    }
}

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    let Some(document) = setting.document("compute.v1.json") else {
        return Err("compute.v1.json is not in the corpus: pass --corpus DIR".to_owned());
    };
    let folder = generate(&document, "compute", &[])?;
    let all = Crate::ours(&folder, "compute", "full");
    let instances = Crate::ours(&folder, "compute", "instances");
    let folder = generate(&document, "compute-selected", &METHODS)?;
    let selected = Crate::ours(&folder, "compute-selected", "full");
    let one = Crate::peer("google-compute1", "google-compute1", &["-p", "compute1"]);
    let google =
        |program| Crate::peer("google-cloud-compute-v1", "google-cloud-compute-v1", program);
    let google_all = Crate { once: true, ..google(&["-p", "compute-v1-all"]) };
    let google_instances = google(&["-p", "compute-v1-instances"]);
    let mut whole = vec![&all, &one];
    whole.extend((!setting.quick).then_some(&google_all));
    let part = vec![&instances, &one, &google_instances];
    let few = vec![&selected, &one];
    for (name, verb, sides) in [
        ("check, all of it", "check", &whole),
        ("dev build, all of it", "build", &whole),
        ("check, instances only", "check", &part),
        ("dev build, instances only", "build", &part),
        ("check, three methods", "check", &few),
        ("dev build, three methods", "build", &few),
    ] {
        record.keep(name, || {
            let mut case = Case::new(name, &["ours"]);
            for round in 0..setting.rounds(2) {
                for side in sides.iter().filter(|side| round == 0 || !side.once) {
                    case.add(side.side, side.measure(&[verb])?);
                }
            }
            Ok(case)
        })?;
    }
    let one = Crate { arguments: vec!["-p", "google-compute1"], ..one };
    record.keep(DOC, || documenting([&all, &one], setting.rounds(2)))?;
    record.facts = vec![pages([&all, &one])?];
    record.save()
}

/// Measures documenting the crates, without their dependencies.
fn documenting(sides: [&Crate; 2], rounds: usize) -> Result<Case, String> {
    let mut case = Case::new(DOC, &["ours"]);
    for _ in 0..rounds {
        for side in sides {
            case.add(side.side, side.measure(&["doc", "--no-deps"])?);
        }
    }
    Ok(case)
}

/// Returns the size of the documentation.
fn pages(sides: [&Crate; 2]) -> Result<Fact, String> {
    let mut sizes = Vec::new();
    for side in sides {
        let folder = side.target.join("doc").join(side.package.replace('-', "_"));
        sizes.push((side.side, size(&folder)? as f64));
    }
    Ok(Fact::new(DOC_SIZE, "bytes", &sizes))
}

/// Returns the bytes of all files in a folder.
fn size(folder: &Path) -> Result<u64, String> {
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut total = 0;
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let about = entry.metadata().map_err(fail)?;
        total += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(total)
}

/// Generates the crate of a document in its own workspace and returns its folder. Without
/// `methods`, it has all of them.
pub(crate) fn generate(document: &Path, name: &str, methods: &[&str]) -> Result<PathBuf, String> {
    let folder = target("crates").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
    }
    let runtime = root().join("runtime");
    let mut write = Command::new(program("generate")?);
    write.arg("write").arg(root()).arg(document).arg(folder.join("client")).arg(&runtime);
    write.args(methods);
    finish(&mut write)?;
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"client\"]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).map_err(|e| e.to_string())?;
    std::fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock"))
        .map_err(|e| e.to_string())?;
    Ok(folder)
}

/// Builds the dependencies of a crate in a folder, for `alone`.
pub(crate) fn prepare(folder: &Path, package: &str) -> Result<(), String> {
    for verb in ["check", "build"] {
        finish(&mut cargo(folder, &target("growth"), &[verb, "--quiet", "-p", package]))?;
    }
    Ok(())
}

/// Checks or builds only the crate in a folder, whose dependencies are built.
pub(crate) fn alone(folder: &Path, package: &str, verb: &str) -> Result<Sample, String> {
    let target = target("growth");
    finish(&mut cargo(folder, &target, &["clean", "--quiet", "-p", package]))?;
    measure::run(&cargo(folder, &target, &[verb, "-p", package]))
}
