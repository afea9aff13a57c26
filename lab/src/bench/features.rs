//! Cost of the features of a client: a cold build of a program with one call.

use super::Setting;
use super::build::{cargo, finish, measured, target, workspace};
use super::compile::remove;
use super::record::{Case, Fact, Record};
use std::path::{Path, PathBuf};

const PROGRAM: &str = "ours-features";

const PEER: &str = "google-jobs3";
const PEERS_PROGRAM: &str = "jobs3-static";

/// A choice of features.
struct Choice {
    name: &'static str,
    features: &'static str,
}

const CHOICES: [Choice; 5] = [
    Choice { name: "default features", features: "http1,http2,ring,adc,serde" },
    Choice { name: "HTTP/1.1 only", features: "http1,ring,adc,serde" },
    Choice { name: "without credentials", features: "http1,http2,ring,serde" },
    HTTP1_ALONE,
    Choice { name: "aws-lc-rs", features: "http1,http2,aws-lc-rs,adc,serde" },
];

const HTTP1_ALONE: Choice = Choice { name: "HTTP/1.1 alone", features: "http1,ring" };

/// The case of a build that a goal compares with the peer's.
pub(crate) const HTTP1_BUILD: &str = "cold release build, HTTP/1.1 alone";

/// The binaries of both sides in the profile `small`.
pub(crate) const SMALL: &str = "binary, HTTP/1.1 alone, in a profile for size";

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    finish(&mut cargo(&workspace(), &target("fetch"), &["fetch", "--quiet"]))?;
    for choice in &CHOICES {
        let name = format!("cold release build, {}", choice.name);
        let beside = name == HTTP1_BUILD;
        record.keep(&name, || cold(choice, beside, setting.rounds(2)))?;
    }
    let (mut crates, mut sizes) = (Vec::new(), Vec::new());
    for choice in &CHOICES {
        crates.push((choice.name, choice.crates()?));
        sizes.push((choice.name, size(&choice.binary())?));
    }
    record.facts = vec![
        Fact::new("crates", "", &crates),
        Fact::new("binary, stripped", "bytes", &sizes),
        Fact::new(SMALL, "bytes", &small()?),
    ];
    record.save()
}

/// Measures a cold build of everything, with the peer's in the same round if it is compared.
fn cold(choice: &Choice, beside: bool, rounds: usize) -> Result<Case, String> {
    let mut case = Case::new("", if beside { &["ours", PEER] } else { &["ours"] });
    for round in 1..=rounds {
        eprintln!("   {}: cold, {round} of {rounds}", choice.name);
        let target = target(PROGRAM);
        remove(&target)?;
        let arguments = [&["build", "--release", "-p", PROGRAM][..], &choice.arguments()].concat();
        case.add("ours", measured(&target, &arguments)?);
        let built = target.join("release").join(PROGRAM);
        std::fs::copy(&built, choice.binary()).map_err(|e| format!("{}: {e}", choice.name))?;
        if beside {
            let target = super::build::target(PEERS_PROGRAM);
            remove(&target)?;
            case.add(PEER, measured(&target, &["build", "--release", "-p", PEERS_PROGRAM])?);
        }
    }
    Ok(case)
}

/// Returns the sizes of both programs in the profile `small` of the benchmarks' workspace.
fn small() -> Result<[(&'static str, f64); 2], String> {
    eprintln!("   binaries in a profile for size");
    let target = target("small");
    let build = |program| ["build", "--quiet", "--profile", "small", "-p", program];
    let ours = [&build(PROGRAM)[..], &HTTP1_ALONE.arguments()].concat();
    finish(&mut cargo(&workspace(), &target, &ours))?;
    finish(&mut cargo(&workspace(), &target, &build(PEERS_PROGRAM)))?;
    let size = |program| size(&target.join("small").join(program));
    Ok([("ours", size(PROGRAM)?), (PEER, size(PEERS_PROGRAM)?)])
}

fn size(binary: &Path) -> Result<f64, String> {
    let about = std::fs::metadata(binary).map_err(|e| format!("{}: {e}", binary.display()))?;
    Ok(about.len() as f64)
}

impl Choice {
    fn arguments(&self) -> [&'static str; 2] {
        ["--features", self.features]
    }

    /// Where the program with these features is kept.
    fn binary(&self) -> PathBuf {
        target(&format!("{PROGRAM}-{}", self.features.replace(',', "-")))
    }

    fn crates(&self) -> Result<f64, String> {
        let arguments = ["tree", "-e", "normal", "--prefix", "none", "--no-dedupe", "-p", PROGRAM];
        let arguments = [&arguments[..], &self.arguments()].concat();
        let tree = finish(&mut cargo(&workspace(), &target(PROGRAM), &arguments))?;
        let mut names: Vec<&str> = tree.lines().skip(1).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names.len() as f64)
    }
}
