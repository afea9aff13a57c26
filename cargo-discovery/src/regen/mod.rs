//! `cargo discovery regen`, which is also `cargo xtask regen`.

mod generate;
mod report;

pub(crate) use generate::{Generated, RunOptions, generate};

use crate::catalog;
use crate::commit::{self, Step};
use crate::console::say;
use crate::edits::Edits;
use crate::lock::Lock;
use crate::paths;
use crate::release::Plan;
use crate::sync::{self, Changes, Outputs, steps};
use crate::workspace::Workspace;
use crate::{manifests, members};
use clap::ValueEnum;
use discovery_generator::FileTree;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Generate the packages of all APIs in discovery/apis.json
#[derive(clap::Args)]
pub struct Args {
    /// Limit to this API, for example `jobs:v3`
    #[arg(long, value_name = "ID")]
    api: Option<String>,
    /// Write nothing; fail if anything would change
    #[arg(long)]
    check: bool,
    /// Print the changes for users and the number of changed lines
    #[arg(long)]
    diff: bool,
    /// Increase the version as required by the changes, and add an entry to the crate's
    /// CHANGELOG.md
    #[arg(long, conflicts_with = "check")]
    bump: bool,
    /// Git revision to compare with for `--diff` and `--bump`
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    since: String,
    /// Treat warnings about the document as errors
    #[arg(long)]
    strict: bool,
    /// Print a stage of the pipeline instead of writing files
    #[arg(long, value_name = "STAGE")]
    emit: Option<Stage>,
}

/// Stage printed by `--emit`.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// The resolved model
    Ir,
    /// The Rust names in the output
    Names,
    /// The data of the templates
    View,
}

/// Updates the generated crates, or checks that they are up to date.
///
/// # Errors
/// Returns an error if a document, the catalog, or a file is invalid; nothing was written.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let start = Instant::now();
    let _lock = Lock::new(workspace)?;
    let mut edits = Edits::default();
    let sources = catalog::sources(workspace, args.api.as_deref())?;
    if let Some(stage) = args.emit {
        return generate::print(workspace, &sources, stage);
    }
    let plans = if !args.check || args.diff { Some(args.since.as_str()) } else { None };
    let options = RunOptions {
        since: plans,
        must_plan: args.diff || args.bump,
        bump: args.bump,
        strict: args.strict,
    };
    let mut made = generate(workspace, &sources, &options)?;
    let mut reports = Vec::new();
    for plan in made.iter().filter_map(|made| made.plan.as_ref()) {
        reports.extend(report(workspace, plan, args, &mut edits)?);
    }
    let scope = args.api.as_deref().map_or(Scope::Whole, Scope::Api);
    let drift = write(workspace, &mut made, edits, &scope, args.check)?;
    reports.iter().for_each(|text| say(text.trim_end()));
    let done = if args.check { "checked" } else { "done" };
    say(format!("{done} in {}", ms(start.elapsed())));
    if args.check && drift {
        say(format!("run `{}` and commit what it changes", workspace.regen()));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn report(
    workspace: &Workspace,
    plan: &Plan,
    args: &Args,
    edits: &mut Edits,
) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    if args.diff {
        out.push(plan.report());
    }
    if args.bump {
        out.extend(plan.bump(workspace, edits)?);
    } else {
        out.extend(plan.proposal(workspace));
    }
    Ok(out)
}

/// Obsolete generated files to remove.
pub(crate) enum Scope<'a> {
    /// All files.
    Whole,
    /// Files of one API of the catalog.
    Api(&'a str),
    /// Files in generated packages.
    #[cfg(feature = "fetch")]
    Generated,
    /// Files of these documents.
    Documents(&'a [String]),
}

impl Scope<'_> {
    fn owns(&self, made: &[Generated], others: &[String], path: &str, source: &str) -> bool {
        let in_package = || made.iter().any(|made| made.owns(path));
        match self {
            Self::Whole => true,
            #[cfg(feature = "fetch")]
            Self::Generated => in_package(),
            Self::Api(_) => {
                made.iter().any(|made| made.file == source)
                    || (in_package() && !others.iter().any(|file| file == source))
            }
            Self::Documents(files) => files.iter().any(|file| file == source),
        }
    }
}

/// Planned changes of a run.
struct Decision {
    tree: FileTree,
    changes: Changes,
    outputs: Outputs,
    manifests: members::Manifests,
}

/// Writes or compares the output of all APIs and the other pending edits; prints the differences.
/// Returns whether there are any.
///
/// # Errors
/// Returns what is in the way; nothing was written.
pub(crate) fn write(
    workspace: &Workspace,
    made: &mut [Generated],
    edits: Edits,
    scope: &Scope<'_>,
    check: bool,
) -> Result<bool, String> {
    let decision = decide(workspace, made, &edits, scope)?;
    let Decision { changes, outputs, manifests, .. } = &decision;
    let lines = report::lines(workspace, changes, outputs, manifests, check);
    let drift = !changes.is_empty();
    let summaries: Vec<String> = made.iter().map(|made| report::summary(made, changes)).collect();
    if !check {
        commit::run(
            &workspace.discovery().join(".staged"),
            &all_steps(workspace, decision, edits)?,
        )?;
    }
    lines.iter().chain(&summaries).for_each(say);
    Ok(drift)
}

fn decide(
    workspace: &Workspace,
    made: &mut [Generated],
    edits: &Edits,
    scope: &Scope<'_>,
) -> Result<Decision, String> {
    let mut tree = FileTree::new();
    for made in &mut *made {
        made.files = made.tree.len();
        tree.append(std::mem::take(&mut made.tree))
            .map_err(|path| format!("{}: {path} is generated for another API, too", made.id))?;
    }
    manifests::check(workspace, &tree, edits)?;
    let all = catalog::catalog_in(workspace, edits)?;
    let mut outputs = Outputs::new(all.apis.iter().map(|entry| entry.settings.output()));
    outputs.add(all.settings.output());
    former(workspace, edits, &mut outputs)?;
    let others: Vec<String> = (all.apis.iter())
        .filter(|entry| !matches!(scope, Scope::Api(id) if *id == entry.id))
        .map(|entry| format!("discovery/{}", entry.document))
        .collect();
    let owned = |path: &str, source: &str| scope.owns(made, &others, path, source);
    let changes = sync::compare(&workspace.home(), &tree, &outputs, &owned)?;
    let manifests = members::plan(workspace, &tree, &changes, &outputs, edits)?;
    Ok(Decision { tree, changes, outputs, manifests })
}

/// Adds the former output folders of packages whose settings changed: the workspace's manifest
/// lists these packages individually.
fn former(workspace: &Workspace, edits: &Edits, outputs: &mut Outputs) -> Result<(), String> {
    let manifest = edits.find(&workspace.manifest())?.unwrap_or_default();
    let home = workspace.name("");
    for member in members::named(&manifest) {
        let Some(member) = member.strip_prefix(&home) else { continue };
        let Some((output, _)) = member.trim_end_matches('/').rsplit_once('/') else { continue };
        let manifest = paths::find(&workspace.home().join(member).join("Cargo.toml"))?;
        if manifest.is_some_and(|text| sync::is_ours(&text)) {
            outputs.add(output);
        }
    }
    Ok(())
}

/// Returns all steps: documents and changelogs, then the catalog, which decides what the next run
/// completes if this one is killed; then the rest in an order that keeps the tree readable for
/// Cargo.
fn all_steps(
    workspace: &Workspace,
    decision: Decision,
    mut edits: Edits,
) -> Result<Vec<Step>, String> {
    let Decision { tree, changes, outputs, mut manifests } = decision;
    let root = workspace.root();
    let manifest = edits.take(&workspace.manifest());
    if manifests.last.is_none() && manifests.first.is_none() {
        manifests.last = manifest;
    }
    let mut all = Vec::new();
    let list = workspace.list();
    let list = edits.take(&list).map(|text| (list, Some(text)));
    for (path, text) in edits.into_files().chain(list) {
        commit::check(root, &path)?;
        all.push(match text {
            Some(text) => Step::Write { path, text },
            None => Step::Delete { path, root: root.to_owned() },
        });
    }
    commit::check(root, &workspace.manifest())?;
    commit::check(root, &workspace.discovery().join(".staged/file"))?;
    all.extend(steps(workspace, &tree, &changes, &outputs, manifests));
    Ok(all)
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests;
