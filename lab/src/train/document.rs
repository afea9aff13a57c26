//! Update of one document from the old folder to the new one.

use crate::paths::read;
use cargo_discovery::diff::differs_in_revision_only;
use discovery_generator::diff::{Diff, Verdict, diff, next_version, with_revision};
use discovery_generator::{FileTree, Input, Model, Options, Product, Templates, analyze, write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Version of all crates before the update.
const VERSION: &str = "0.1.0";

/// A document in one folder or both.
#[derive(Clone)]
pub(super) struct Step {
    /// File name.
    pub(super) name: String,
    pub(super) old: Option<PathBuf>,
    pub(super) new: Option<PathBuf>,
}

/// Outcome of a document's update.
#[derive(Debug)]
pub(super) enum Change {
    /// Only the revision changed.
    Same,
    Gone,
    New,
    Changed {
        diff: Diff,
        /// Versions before and after.
        versions: (String, String),
    },
    /// The generator rejects the document.
    Refused(String),
    Panicked,
}

/// Outcome of a document's update.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) change: Change,
    pub(super) files: usize,
    pub(super) lines: usize,
    pub(super) bytes: usize,
}

impl Step {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), old: None, new: None }
    }

    /// Returns the size of the new document, if available.
    pub(super) fn size(&self) -> u64 {
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
        self.new.as_ref().map_or(0, size)
    }

    /// Updates the document, catching panics.
    pub(super) fn run(&self, templates: &Templates) -> Outcome {
        let mut tree = None;
        let change = catch_unwind(AssertUnwindSafe(|| self.change(templates, &mut tree)));
        let change = match change {
            Ok(result) => result.unwrap_or_else(Change::Refused),
            Err(_) => Change::Panicked,
        };
        let texts = || tree.iter().flat_map(FileTree::iter).map(|(_, file)| &file.text);
        Outcome {
            name: self.name.clone(),
            change,
            files: texts().count(),
            lines: texts().map(|text| text.lines().count()).sum(),
            bytes: texts().map(String::len).sum(),
        }
    }

    fn change(&self, templates: &Templates, tree: &mut Option<FileTree>) -> Result<Change, String> {
        let Some(new) = &self.new else { return Ok(Change::Gone) };
        let new = read(new)?;
        let old = self.old.as_ref().map(|path| read(path)).transpose()?;
        if let Some(old) = &old
            && differs_in_revision_only(old, &new)?
        {
            return Ok(Change::Same);
        }
        let model = self.model(&new)?;
        let change = match &old {
            None => Change::New,
            Some(old) => changed(&self.model(old)?, &model)?,
        };
        *tree = Some(self.generate(&model, templates)?);
        Ok(change)
    }

    /// Builds the model of the document's text.
    pub(super) fn model(&self, text: &str) -> Result<Model, String> {
        let input = Input { file: &self.name, document: text, overlay: None, methods: None };
        analyze(&input).map_err(|report| report.to_string())
    }

    /// Generates the client.
    pub(super) fn generate(
        &self,
        model: &Model,
        templates: &Templates,
    ) -> Result<FileTree, String> {
        let options = Options { tests: true, ..Options::new([Product::Client]) };
        write(model, &self.name, &options, templates).map_err(|report| report.to_string())
    }
}

fn changed(old: &Model, new: &Model) -> Result<Change, String> {
    let diff = diff(old, new);
    let before = with_revision(VERSION, &old.api.revision).map_err(|e| e.to_string())?;
    let after = next_version(&before, diff.verdict, &new.api.revision);
    let versions = (before, after.map_err(|e| e.to_string())?);
    Ok(Change::Changed { diff, versions })
}

impl Outcome {
    pub(super) fn failed(&self) -> bool {
        matches!(self.change, Change::Refused(_) | Change::Panicked)
    }

    /// Returns the classification of a changed document.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.diff().map(|diff| diff.verdict)
    }

    pub(super) fn diff(&self) -> Option<&Diff> {
        match &self.change {
            Change::Changed { diff, .. } => Some(diff),
            _ => None,
        }
    }

    /// Formats the outcome as a line; `None` if unchanged.
    pub(super) fn line(&self) -> Option<String> {
        let text = match &self.change {
            Change::Same => return None,
            Change::Gone => "gone".to_owned(),
            Change::New => "new".to_owned(),
            Change::Changed { diff, versions } => {
                let count = |heading| diff.under(heading).count();
                let (breaking, compatible) = (count("breaking"), count("compatible"));
                let (old, new) = versions;
                let docs = count("docs");
                format!(
                    "{}: {breaking} breaking, {compatible} compatible, {docs} docs; {old} → {new}",
                    diff.verdict
                )
            }
            Change::Refused(message) => format!("refused: {}", message.trim_end()),
            Change::Panicked => "the generator panicked".to_owned(),
        };
        Some(format!("{}: {text}", self.name))
    }
}
