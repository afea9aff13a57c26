//! Cost of the features of a client: a cold build of a program with one call.

use super::Setting;
use super::build::{cargo, finish, measured, target, workspace};
use super::record::{Case, Fact, Record};

const PROGRAM: &str = "ours-features";

/// A choice of features.
struct Choice {
    name: &'static str,
    features: &'static str,
}

const CHOICES: [Choice; 5] = [
    Choice { name: "default features", features: "http1,http2,ring,adc,serde" },
    Choice { name: "HTTP/1.1 only", features: "http1,ring,adc,serde" },
    Choice { name: "without credentials", features: "http1,http2,ring,serde" },
    Choice { name: "HTTP/1.1 alone", features: "http1,ring" },
    Choice { name: "aws-lc-rs", features: "http1,http2,aws-lc-rs,adc,serde" },
];

pub(crate) fn run(setting: &Setting, record: &mut Record) -> Result<(), String> {
    finish(&mut cargo(&workspace(), &target("fetch"), &["fetch", "--quiet"]))?;
    for choice in &CHOICES {
        let name = format!("cold release build, {}", choice.name);
        record.keep(&name, || cold(choice, setting.rounds(2)))?;
    }
    let (mut crates, mut sizes) = (Vec::new(), Vec::new());
    for choice in &CHOICES {
        crates.push((choice.name, choice.crates()?));
        sizes.push((choice.name, choice.size()?));
    }
    record.facts =
        vec![Fact::new("crates", "", &crates), Fact::new("binary, stripped", "bytes", &sizes)];
    record.save()
}

/// Measures a cold build of everything.
fn cold(choice: &Choice, rounds: usize) -> Result<Case, String> {
    let mut case = Case::new("", &["ours"]);
    for round in 1..=rounds {
        eprintln!("   {}: cold, {round} of {rounds}", choice.name);
        let target = target(PROGRAM);
        if target.exists() {
            std::fs::remove_dir_all(&target).map_err(|e| format!("{}: {e}", target.display()))?;
        }
        let arguments = [&["build", "--release", "-p", PROGRAM][..], &choice.arguments()].concat();
        case.add("ours", measured(&target, &arguments)?);
        let built = target.join("release").join(PROGRAM);
        std::fs::copy(&built, choice.binary()).map_err(|e| format!("{}: {e}", choice.name))?;
    }
    Ok(case)
}

impl Choice {
    fn arguments(&self) -> [&'static str; 2] {
        ["--features", self.features]
    }

    /// Where the program with these features is kept.
    fn binary(&self) -> std::path::PathBuf {
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

    fn size(&self) -> Result<f64, String> {
        let binary = self.binary();
        let about = std::fs::metadata(&binary).map_err(|e| format!("{}: {e}", binary.display()))?;
        Ok(about.len() as f64)
    }
}
