//! `cargo xtask regen`.

use crate::catalog::{self, Source};
use crate::release::{self, Plan};
use crate::sync::{self, Changes};
use crate::workspace::Workspace;
use crate::{leftovers, manifests};
use clap::ValueEnum;
use discovery_generator::{FileTree, Model, Templates, understand, views, write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Generate everything in discovery/apis.json into generated/
#[derive(clap::Args)]
pub struct Args {
    /// Only this API, for example `jobs:v3`
    #[arg(long, value_name = "ID")]
    api: Option<String>,
    /// Write nothing; fail if anything would change
    #[arg(long)]
    check: bool,
    /// Tell afterwards what changed for users, and how many lines
    #[arg(long)]
    diff: bool,
    /// Raise the version as the changes demand, and add to the crate's CHANGELOG.md
    #[arg(long, conflicts_with = "check")]
    bump: bool,
    /// What `--diff` and `--bump` compare with: a git revision
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    since: String,
    /// Treat warnings about the document as errors
    #[arg(long)]
    strict: bool,
    /// Print a stage of the pipeline instead of writing files
    #[arg(long, value_name = "STAGE")]
    emit: Option<Stage>,
}

/// What `--emit` prints.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// The resolved model
    Ir,
    /// The names of everything in the output
    Names,
    /// What the templates are given
    View,
}

/// Brings the generated crates up to date, or checks that they are.
///
/// # Errors
/// What is wrong with a document, the list, or a file; nothing was written.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let start = Instant::now();
    let sources = catalog::sources(workspace, args.api.as_deref())?;
    let templates = catalog::templates(workspace)?;
    let read = start.elapsed();
    let mut failed = false;
    let mut written = Vec::new();
    for source in &sources {
        match generate(workspace, source, &templates, args) {
            Ok(Some(made)) => written.push(made),
            Ok(None) => {}
            Err(report) => {
                eprint!("{report}");
                failed = true;
            }
        }
    }
    if failed {
        return Err("nothing was written".to_owned());
    }
    if args.emit.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let drift = sync_all(workspace, &mut written, args)?;
    for plan in written.iter().filter_map(|made| made.plan.as_ref()) {
        tell(workspace, plan, args)?;
    }
    println!("{} in {} (reading {})", summary(args.check), ms(start.elapsed()), ms(read));
    if args.check && drift {
        println!("run `{}` and commit what it changes", workspace.regen());
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(check: bool) -> &'static str {
    if check { "checked" } else { "done" }
}

/// The output of one API.
struct Made {
    id: String,
    folder: String,
    /// The document, as headers name it.
    file: String,
    /// Empty once it is part of the tree of all.
    tree: FileTree,
    files: usize,
    plan: Option<Plan>,
    schemas: usize,
    methods: usize,
    understand: Duration,
    write: Duration,
}

fn generate(
    workspace: &Workspace,
    source: &Source,
    templates: &Templates,
    args: &Args,
) -> Result<Option<Made>, String> {
    let start = Instant::now();
    let mut model = understand(&source.input()).map_err(|r| r.to_string())?;
    if model.api.id != source.entry.id {
        let message =
            format!("{} describes {}, not {}\n", source.file, model.api.id, source.entry.id);
        return Err(message);
    }
    if args.strict {
        model.report.deny_warnings();
        model.report.check().map_err(|r| r.to_string())?;
    }
    eprint!("{}", model.report);
    let understood = start.elapsed();
    if let Some(stage) = args.emit {
        print_stage(stage, &model, source, templates)?;
        return Ok(None);
    }
    let mut options = source.entry.options();
    let mut tree = write(&model, &source.file, &options, templates).map_err(|r| r.to_string())?;
    let plan = plan(workspace, source, &model, &tree, args)?;
    if args.bump
        && let Some(version) = plan.as_ref().and_then(Plan::next)
    {
        options.version = version.to_owned();
        tree = write(&model, &source.file, &options, templates).map_err(|r| r.to_string())?;
    }
    Ok(Some(Made {
        id: model.api.id.clone(),
        folder: model.names.package.folder.clone(),
        file: source.file.clone(),
        tree,
        files: 0,
        plan,
        schemas: model.api.schemas.len(),
        methods: model.api.methods.len(),
        understand: understood,
        write: start.elapsed() - understood,
    }))
}

/// What the output means for the next version. Nothing is asked of git that nobody asks of us:
/// without one of the options, a tree without git is as good as any.
fn plan(
    workspace: &Workspace,
    source: &Source,
    model: &Model,
    tree: &FileTree,
    args: &Args,
) -> Result<Option<Plan>, String> {
    if args.check && !args.diff {
        return Ok(None);
    }
    match release::plan(workspace, source, model, tree, &args.since) {
        Err(_) if !args.diff && !args.bump => Ok(None),
        result => result,
    }
}

fn tell(workspace: &Workspace, plan: &Plan, args: &Args) -> Result<(), String> {
    if args.diff {
        print!("{}", plan.report());
    }
    if args.bump {
        plan.bump(workspace)?.iter().for_each(|line| println!("{line}"));
    } else if let Some(proposal) = plan.proposal() {
        println!("{proposal}");
    }
    Ok(())
}

fn print_stage(
    stage: Stage,
    model: &Model,
    source: &Source,
    templates: &Templates,
) -> Result<(), String> {
    match stage {
        Stage::Ir => println!("{:#?}", model.api),
        Stage::Names => println!("{:#?}", model.names),
        Stage::View => {
            let options = source.entry.options();
            let views =
                views(model, &source.file, &options, templates).map_err(|r| r.to_string())?;
            for (path, view) in views {
                println!("{path} {view:#}");
            }
        }
    }
    Ok(())
}

/// Writes or compares the output of all APIs at once; prints what is different. True if anything is.
fn sync_all(workspace: &Workspace, written: &mut [Made], args: &Args) -> Result<bool, String> {
    let mut tree = FileTree::new();
    for made in &mut *written {
        manifests::check(workspace, &made.tree)?;
        made.files = made.tree.len();
        tree.append(std::mem::take(&mut made.tree)).map_err(|path| {
            format!("{}: generated/{path} is made for another API, too", made.id)
        })?;
    }
    let generated = workspace.generated();
    let others = other_documents(workspace, args.api.as_deref())?;
    let owned = |path: &str, source: &str| match (&args.api, &*written) {
        (Some(_), [made]) => {
            source == made.file || (made.owns(path) && !others.iter().any(|file| file == source))
        }
        _ => true,
    };
    let changes = sync::compare(&generated, &tree, &owned)?;
    let manifest = leftovers::manifest(workspace, &tree, &changes)?;
    if !args.check {
        sync::apply(&generated, &tree, &changes, manifest.as_ref())?;
    }
    print_changes(workspace, &changes, manifest.is_some(), args.check);
    written.iter().for_each(|made| made.print(&changes));
    Ok(!changes.is_empty())
}

/// Documents of the APIs that are not asked for.
fn other_documents(workspace: &Workspace, api: Option<&str>) -> Result<Vec<String>, String> {
    let entries = catalog::catalog(workspace)?.apis.into_iter();
    let others = entries.filter(|entry| api.is_some_and(|api| api != entry.id));
    Ok(others.map(|entry| format!("discovery/{}", entry.document)).collect())
}

/// Most files that are listed one by one of a folder that is no longer made.
const KEPT_SHOWN: usize = 20;

fn print_changes(workspace: &Workspace, changes: &Changes, edits_manifest: bool, check: bool) {
    let (generated, list) = (workspace.name("generated"), workspace.name("discovery/apis.json"));
    let is_gone = |path: &&String| {
        let folder = sync::top(path);
        changes.gone.iter().any(|gone| gone == folder) || changes.kept.contains_key(folder)
    };
    let removed: Vec<_> = changes.removed.iter().filter(|path| !is_gone(path)).collect();
    let (added, changed) = (changes.added.iter().collect(), changes.changed.iter().collect());
    for (verb, paths) in [("added", added), ("changed", changed), ("removed", removed)] {
        for path in paths {
            println!("{verb:>8} {generated}/{path}");
        }
    }
    for folder in changes.gone.iter().chain(changes.kept.keys()) {
        let count = changes.removed.iter().filter(|path| sync::top(path) == folder).count();
        println!(
            " removed {generated}/{folder}: {count} generated files; {list} no longer names this package"
        );
    }
    for (folder, files) in &changes.kept {
        println!(
            "    kept {generated}/{folder}: these files were not generated; move or delete them:"
        );
        files.iter().take(KEPT_SHOWN).for_each(|file| println!("           {generated}/{file}"));
        if files.len() > KEPT_SHOWN {
            println!("           and {} more", files.len() - KEPT_SHOWN);
        }
    }
    if edits_manifest {
        let verb = if check { "would change" } else { "changed" };
        println!(" {verb} Cargo.toml: `exclude` names folders of `members` without a package");
    }
}

impl Made {
    /// Whether a path in `generated/` lies in a package of this API.
    fn owns(&self, path: &str) -> bool {
        let rest = sync::top(path).strip_prefix(self.folder.as_str());
        matches!(rest, Some("" | "-cli" | "-mock"))
    }

    fn print(&self, changes: &Changes) {
        let count = |paths: &[String]| paths.iter().filter(|path| self.owns(path)).count();
        println!(
            "{}: {} schemas, {} methods, {} files: {} added, {} changed, {} removed; model {}, \
             output {}",
            self.id,
            self.schemas,
            self.methods,
            self.files,
            count(&changes.added),
            count(&changes.changed),
            count(&changes.removed),
            ms(self.understand),
            ms(self.write),
        );
    }
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
