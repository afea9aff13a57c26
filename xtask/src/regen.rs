//! `cargo xtask regen`.

use crate::catalog::{self, Source};
use crate::paths::root;
use crate::{RegenArgs, Stage, sync};
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
    let mut drift = false;
    for made in &written {
        drift |= finish(made, args.check)?;
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
    let options = source.entry.options();
    let tree = write(&model, &source.file, &options, templates).map_err(|r| r.to_string())?;
    Ok(Some(Made {
        id: model.api.id.clone(),
        folder: model.names.package.folder.clone(),
        tree,
        schemas: model.api.schemas.len(),
        methods: model.api.methods.len(),
        understand: understood,
        write: start.elapsed() - understood,
    }))
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
