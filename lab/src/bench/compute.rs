//! Cost of building compute v1, the largest widely used API.

use super::Setting;
use super::build::{cargo, finish, program, target, workspace};
use super::measure::{self, Sample};
use super::record::{Case, Record};
use crate::paths::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The methods of a program that manages instances.
const METHODS: [&str; 3] = ["instances.list", "instances.get", "instances.insert"];

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
    fn measure(&self, verb: &str) -> Result<Sample, String> {
        eprintln!("   {} {}: {verb}", self.side, self.arguments.join(" "));
        // Builds dependencies first, if necessary.
        finish(&mut self.cargo(&[verb, "--quiet"]))?;
        finish(&mut cargo(&self.folder, &self.target, &["clean", "--quiet", "-p", self.package]))?;
        measure::run(&self.cargo(&[verb]))
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let words: Vec<&str> = words.iter().chain(&self.arguments).copied().collect();
        cargo(&self.folder, &self.target, &words)
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
                    case.add(side.side, side.measure(verb)?);
                }
            }
            Ok(case)
        })?;
    }
    Ok(())
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

/// Checks or builds only the crate in a folder.
pub(crate) fn alone(
    folder: &Path,
    package: &str,
    verb: &str,
    features: &str,
) -> Result<Sample, String> {
    let target = target("growth");
    let arguments = [verb, "-p", package, "--features", features];
    finish(&mut cargo(folder, &target, &arguments))?;
    finish(&mut cargo(folder, &target, &["clean", "--quiet", "-p", package]))?;
    measure::run(&cargo(folder, &target, &arguments))
}
