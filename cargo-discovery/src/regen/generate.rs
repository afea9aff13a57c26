//! Generates the output of one API.

use super::Stage;
use crate::catalog::{self, Source};
use crate::console::{note, say};
use crate::release::{self, Plan};
use crate::workspace::Workspace;
use discovery_generator::{FileTree, Model, Templates, analyze, views, write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Options of a run.
pub(crate) struct RunOptions<'a> {
    /// Revision to compare with, if requested.
    pub(crate) since: Option<&'a str>,
    /// Whether a missing base is an error.
    pub(crate) must_plan: bool,
    /// Whether to increase the version.
    pub(crate) bump: bool,
    /// Whether warnings are errors.
    pub(crate) strict: bool,
}

/// The output of one API.
pub(crate) struct Generated {
    pub(crate) id: String,
    /// Folder of the packages, and the client's folder below it.
    pub(crate) output: String,
    pub(crate) folder: String,
    /// Name of the client's package.
    #[cfg(feature = "fetch")]
    pub(crate) package: String,
    /// Document path, as named in headers.
    pub(crate) file: String,
    /// Empty once merged into the combined tree.
    pub(crate) tree: FileTree,
    pub(crate) files: usize,
    pub(crate) plan: Option<Plan>,
    pub(crate) schemas: usize,
    pub(crate) methods: usize,
    pub(crate) analyze: Duration,
    pub(crate) write: Duration,
}

impl Generated {
    /// Returns `true` if a path is in a package of this API.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.output).and_then(|path| path.strip_prefix('/'));
        let folder = rest.and_then(|rest| rest.split('/').next());
        matches!(folder.and_then(|f| f.strip_prefix(&self.folder)), Some("" | "-cli" | "-mock"))
    }
}

/// Generates all of `sources`. Prints errors and continues with the remaining APIs.
///
/// # Errors
/// Returns an error if an API cannot be generated.
pub(crate) fn generate(
    workspace: &Workspace,
    sources: &[Source],
    run: &RunOptions<'_>,
) -> Result<Vec<Generated>, String> {
    let templates = catalog::templates(workspace)?;
    let mut made = Vec::new();
    for source in sources {
        match one(workspace, source, &templates, run) {
            Ok(one) => made.push(one),
            Err(report) => note(report.trim_end()),
        }
    }
    if made.len() == sources.len() { Ok(made) } else { Err("nothing was written".to_owned()) }
}

/// Builds the model of an API, with the package name from its settings.
fn model(source: &Source) -> Result<Model, String> {
    let mut model = analyze(&source.input()).map_err(|r| r.to_string())?;
    if model.api.id != source.entry.id {
        return Err(format!(
            "error: {} describes {}, not {}",
            source.file, model.api.id, source.entry.id
        ));
    }
    source.entry.rename(&mut model.names.package);
    Ok(model)
}

fn one(
    workspace: &Workspace,
    source: &Source,
    templates: &Templates,
    run: &RunOptions<'_>,
) -> Result<Generated, String> {
    let start = Instant::now();
    let mut model = model(source)?;
    if run.strict {
        model.report.deny_warnings();
        model.report.check().map_err(|r| r.to_string())?;
    }
    let warnings = model.report.to_string();
    if !warnings.is_empty() {
        note(warnings.trim_end());
    }
    let analyzed = start.elapsed();
    let mut options = source.entry.options();
    let output = source.entry.settings.output();
    let write = |options: &_| {
        let tree = write(&model, &source.file, options, templates).map_err(|r| r.to_string())?;
        tree.below(output).map_err(|d| d.message)
    };
    let mut tree = write(&options)?;
    let plan = plan(workspace, source, &model, &tree, run)?;
    if run.bump
        && let Some(version) = plan.as_ref().and_then(Plan::next)
    {
        options.version = version.to_owned();
        tree = write(&options)?;
    }
    Ok(Generated {
        id: model.api.id.clone(),
        output: output.to_owned(),
        folder: model.names.package.folder.clone(),
        #[cfg(feature = "fetch")]
        package: model.names.package.package.clone(),
        file: source.file.clone(),
        tree,
        files: 0,
        plan,
        schemas: model.api.schemas.len(),
        methods: model.api.methods.len(),
        analyze: analyzed,
        write: start.elapsed() - analyzed,
    })
}

/// Returns the effect of the output on the next version. Git is used only if an option requires it,
/// so that regeneration works without a repository.
fn plan(
    workspace: &Workspace,
    source: &Source,
    model: &Model,
    tree: &FileTree,
    run: &RunOptions<'_>,
) -> Result<Option<Plan>, String> {
    let Some(since) = run.since else { return Ok(None) };
    match release::plan(workspace, source, model, tree, since) {
        Err(_) if !run.must_plan => Ok(None),
        result => result,
    }
}

/// Prints a stage of each API.
pub(super) fn print(
    workspace: &Workspace,
    sources: &[Source],
    stage: Stage,
) -> Result<ExitCode, String> {
    let templates = catalog::templates(workspace)?;
    for source in sources {
        let model = model(source)?;
        match stage {
            Stage::Ir => say(format!("{:#?}", model.api)),
            Stage::Names => say(format!("{:#?}", model.names)),
            Stage::View => {
                let options = source.entry.options();
                let views =
                    views(&model, &source.file, &options, &templates).map_err(|r| r.to_string())?;
                for (path, view) in views {
                    say(format!("{path} {view:#}"));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
