//! Compares some classifications with the public API of both crates, according to their syntax
//! trees.

use super::document::{Outcome, Step};
use crate::corpus::within;
use crate::paths::read;
use crate::surface::Surface;
use discovery_generator::diff::Verdict;
use discovery_generator::{Model, Templates};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A document whose classification is compared.
pub(super) struct Sample {
    step: Step,
    verdict: Verdict,
}

/// Both classifications.
pub(super) struct Compared {
    name: String,
    ours: Verdict,
    /// Classification according to the code, or an error message.
    shown: Result<Verdict, String>,
}

/// Selects `count` changed documents, evenly spread. `outcomes` are those of `steps`.
pub(super) fn sample(steps: &[Step], outcomes: &[Outcome], count: usize) -> Vec<Sample> {
    let changed: Vec<Sample> = (steps.iter().zip(outcomes))
        .filter_map(|(step, outcome)| {
            Some(Sample { step: step.clone(), verdict: outcome.verdict()? })
        })
        .collect();
    let count = count.min(changed.len());
    let chosen = |i: usize| (i + 1) * count / changed.len() > i * count / changed.len();
    let chosen: Vec<bool> = (0..changed.len()).map(chosen).collect();
    changed.into_iter().zip(chosen).filter_map(|(s, chosen)| chosen.then_some(s)).collect()
}

impl Sample {
    pub(super) fn compare(&self, templates: &Templates) -> Compared {
        let shown = || {
            let surface = |path: &Option<PathBuf>| {
                let path = path.as_ref().ok_or("the document is in one folder only")?;
                self.surface(&self.step.model(&read(path)?)?, templates)
            };
            Ok(surface(&self.step.old)?.compare(&surface(&self.step.new)?).verdict())
        };
        Compared { name: self.step.name.clone(), ours: self.verdict, shown: shown() }
    }

    fn surface(&self, model: &Model, templates: &Templates) -> Result<Surface, String> {
        let tree = self.step.generate(model, templates)?;
        let tree = within(&tree, &model.names.package.folder)?;
        let files = tree.iter().map(|(path, file)| (path.to_owned(), file.text.clone()));
        Surface::read(&files.collect::<BTreeMap<_, _>>())
    }
}

impl Compared {
    /// Returns `true` if our classification is at least as severe as that of the code.
    fn holds(&self) -> bool {
        match &self.shown {
            Ok(shown) => self.ours.breaks_source() || !shown.breaks_source(),
            Err(_) => false,
        }
    }
}

/// Prints both classifications; returns `true` if none of ours is too weak.
pub(super) fn print(compared: &[Compared]) -> bool {
    if compared.is_empty() {
        return true;
    }
    println!("\nclassifications compared with the public API of the crates");
    for c in compared {
        let shown = match &c.shown {
            Ok(verdict) => verdict.to_string(),
            Err(message) => format!("cannot be read: {message}"),
        };
        let sign = if c.holds() { "  " } else { "! " };
        println!("{sign}{}: {}; code: {shown}", c.name, c.ours);
    }
    let breaking = |c: &&Compared| c.shown.as_ref().is_ok_and(|v| v.breaks_source());
    let missed = compared.iter().filter(|c| !c.holds()).count();
    let only_ours = compared.iter().filter(|c| c.ours.breaks_source() && !breaking(c)).count();
    println!(
        "{}: {} breaking in code, {only_ours} that only we call so, {missed} missed",
        compared.len(),
        compared.iter().filter(breaking).count()
    );
    missed == 0
}
