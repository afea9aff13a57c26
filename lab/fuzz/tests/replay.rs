//! Replays seeds and findings, and runs a few random inputs of each target.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::path::{Path, PathBuf};

use fastrand::Rng;
use lab_fuzz::engine::{Files, Mutator, Target, Verdict, run};
use lab_fuzz::targets::TARGETS;

/// Cargo runs tests in the folder of their package.
fn files(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    Files::of(Path::new("."), target).read().unwrap()
}

/// One test, since runs are one at a time.
#[test]
fn every_promise_is_kept() {
    let mut wrong = Vec::new();
    for target in TARGETS {
        let saved = files(target);
        assert!(!saved.is_empty(), "{} has no seeds", target.name);
        let seeds: Vec<_> = saved.iter().map(|(_, bytes)| bytes.clone()).collect();
        let mut mutator =
            Mutator::new(Rng::with_seed(7), &seeds, target.words, target.bounds.input);
        let random = (0..40).map(|_| (PathBuf::from("random"), (target.make)(&mut mutator)));
        let mut accepted = 0;
        for (path, input) in saved.clone().into_iter().chain(random) {
            match run(target, &input) {
                Verdict::Accepted => accepted += 1,
                Verdict::Refused => {}
                Verdict::Broken(fault) => {
                    let (name, path) = (target.name, path.display());
                    let shown = String::from_utf8_lossy(&input).into_owned();
                    wrong.push(format!("{name}, {path}: {}: {shown:?}", fault.text));
                }
            }
        }
        // A target that refuses everything tests messages only.
        assert!(accepted > 0, "{}: nothing is accepted", target.name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
