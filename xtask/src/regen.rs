//! `cargo xtask regen`.

use crate::catalog::{self, Source};
use crate::paths::root;
use crate::release::{self, Plan};
use crate::{RegenArgs, Stage, manifests, sync};
use discovery_generator::{FileTree, Input, Model, Templates, understand, views, write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(crate) fn run(args: &RegenArgs) -> Result<ExitCode, String> {
    let start = Instant::now();
    let sources = catalog::sources(args.api.as_deref())?;
    let templates = catalog::templates()?;
    let read = start.elapsed();
    let mut failed = false;
    let mut written = Vec::new();
    for source in &sources {
        match generate(source, &templates, args) {
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
    for made in &written {
        manifests::check(&root(), &made.tree)?;
    }
    let mut drift = false;
    for made in &written {
        drift |= finish(made, args.check)?;
    }
    for plan in written.iter().filter_map(|made| made.plan.as_ref()) {
        tell(plan, args)?;
    }
    println!("{} in {} (reading {})", summary(args.check), ms(start.elapsed()), ms(read));
    if args.check && drift {
        println!("run `cargo xtask regen` and commit what it changes");
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
    tree: FileTree,
    plan: Option<Plan>,
    schemas: usize,
    methods: usize,
    understand: Duration,
    write: Duration,
}

fn generate(
    source: &Source,
    templates: &Templates,
    args: &RegenArgs,
) -> Result<Option<Made>, String> {
    let start = Instant::now();
    let input = Input {
        file: &source.file,
        document: &source.document,
        overlay: source.overlay.as_deref(),
    };
    let mut model = understand(&input).map_err(|r| r.to_string())?;
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
    let plan = plan(source, &model, &tree, args)?;
    if args.bump
        && let Some(version) = plan.as_ref().and_then(Plan::next)
    {
        options.version = version.to_owned();
        tree = write(&model, &source.file, &options, templates).map_err(|r| r.to_string())?;
    }
    Ok(Some(Made {
        id: model.api.id.clone(),
        folder: model.names.package.folder.clone(),
        tree,
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
    source: &Source,
    model: &Model,
    tree: &FileTree,
    args: &RegenArgs,
) -> Result<Option<Plan>, String> {
    if args.check && !args.diff {
        return Ok(None);
    }
    match release::plan(source, model, tree, &args.since) {
        Err(_) if !args.diff && !args.bump => Ok(None),
        result => result,
    }
}

fn tell(plan: &Plan, args: &RegenArgs) -> Result<(), String> {
    if args.diff {
        print!("{}", plan.report());
    }
    if args.bump {
        plan.bump()?.iter().for_each(|line| println!("{line}"));
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

/// Writes or compares; says what is different. True if anything is.
fn finish(made: &Made, check: bool) -> Result<bool, String> {
    let generated = root().join("generated");
    let product = |folder: &str| {
        let rest = folder.strip_prefix(made.folder.as_str());
        matches!(rest, Some("" | "-cli" | "-mock"))
    };
    let changes = sync::compare(&generated, &made.tree, &product)?;
    if !check {
        sync::apply(&generated, &made.tree, &changes)?;
    }
    for (verb, paths) in
        [("added", &changes.added), ("changed", &changes.changed), ("removed", &changes.removed)]
    {
        for path in paths {
            println!("{verb:>8} generated/{path}");
        }
    }
    println!(
        "{}: {} schemas, {} methods, {} files: {} added, {} changed, {} removed; model {}, output {}",
        made.id,
        made.schemas,
        made.methods,
        made.tree.len(),
        changes.added.len(),
        changes.changed.len(),
        changes.removed.len(),
        ms(made.understand),
        ms(made.write),
    );
    Ok(!changes.is_empty())
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
