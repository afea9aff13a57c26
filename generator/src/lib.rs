//! Generates Rust from a Google API discovery document: text in, file tree out.
//!
//! Each stage has a type, and the pipeline runs in one direction only. Its only inputs and outputs
//! are arguments and return values.
#![deny(missing_docs)]

pub mod diff;
pub mod discovery;
mod emit;
pub mod error;
pub mod ir;
pub mod lower;
pub mod overlay;
pub mod render;
pub mod rust;
pub mod selection;
pub mod shown;
mod tree;

pub use emit::{Options, Product, Runtime};
pub use render::Templates;
pub use tree::{File, FileKind, FileTree};

use error::Report;
use overlay::Hints;
use rust::{Names, Types};
use selection::Selection;

/// Input of the generator.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Name of the document's file, for messages and the header.
    pub file: &'a str,
    /// Text of the document.
    pub document: &'a str,
    /// Text of the overlay, which patches the document.
    pub overlay: Option<&'a str>,
    /// Methods to generate; `None` for all.
    pub methods: Option<Selection<'a>>,
}

/// Resolved and named model of a document.
#[derive(Debug)]
pub struct Model {
    /// Resolved API.
    pub api: ir::Api,
    /// Rust names of its items.
    pub names: Names,
    /// Warnings.
    pub report: Report,
}

/// Stages 1 to 5: from text to the resolved, named model.
///
/// # Errors
/// All errors in the document, the overlay, or the selection.
pub fn analyze(input: &Input<'_>) -> Result<Model, Report> {
    let mut report = Report::new(input.file);
    let value = discovery::json(input.document, &mut report);
    report.check()?;
    let mut value = value.unwrap_or_default();
    let hints = match input.overlay {
        Some(text) => overlay::apply(text, &mut value, &mut report),
        None => Hints::default(),
    };
    report.check()?;
    let document = discovery::parse(&value, &mut report);
    let Some(document) = document else {
        return Err(report);
    };
    let selected =
        (input.methods).map(|methods| selection::select(methods, &document, &mut report));
    report.check()?;
    let api = lower::lower(&document, &hints, selected.as_ref(), &mut report);
    report.check()?;
    let names = Names::assign(&api);
    Ok(Model { api, names, report })
}

/// Stages 6 and 7: from the model to files, with paths relative to the folder of generated crates.
///
/// # Errors
/// Returns an error if a template does not match its view or renders invalid Rust.
pub fn write(
    model: &Model,
    file: &str,
    options: &Options,
    templates: &Templates,
) -> Result<FileTree, Report> {
    let mut tree = draft(model, file, options, templates)?;
    match render::finish(&mut tree, &options.header(file), options.threads) {
        Ok(()) => Ok(tree),
        Err(findings) => {
            let mut report = Report::new(file);
            report.diagnostics.extend(findings);
            Err(report)
        }
    }
}

/// Stage 6 alone: files as the templates print them. [`render::finish`] is stage 7.
///
/// # Errors
/// Returns an error if a template does not match its view.
pub fn draft(
    model: &Model,
    file: &str,
    options: &Options,
    templates: &Templates,
) -> Result<FileTree, Report> {
    let mut report = Report::new(file);
    let types = Types::new(&model.api, &model.names);
    let cx = emit::Cx::new(&model.api, &model.names, &types, templates, options, file);
    let tree = emit::emit(&cx, &mut report);
    report.check()?;
    Ok(tree)
}

/// Returns the views passed to the templates, by file path, for inspecting the pipeline.
///
/// # Errors
/// As [`write()`].
pub fn views(
    model: &Model,
    file: &str,
    options: &Options,
    templates: &Templates,
) -> Result<Vec<(String, serde_json::Value)>, Report> {
    let mut report = Report::new(file);
    let types = Types::new(&model.api, &model.names);
    let cx = emit::Cx::new(&model.api, &model.names, &types, templates, options, file).recording();
    emit::emit(&cx, &mut report);
    report.check()?;
    Ok(cx.recorded())
}
