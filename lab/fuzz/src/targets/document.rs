//! The generator: documents, overlays, differences.

#[path = "../../../src/mutate/damage.rs"]
mod damage;

use std::sync::LazyLock;

use discovery_generator::diff::{self, diff};
use discovery_generator::{Input, Model, Options, Product, Templates, analyze, write};
use serde_json::Value;

use self::damage::Damage;
use super::agree::ensure;
use super::program::two_parts;
use crate::engine::{Bounds, Mutator, Target};

const BOUNDS: Bounds = Bounds { input: 32 << 10, fixed: 256 << 20, per_byte: 1 << 20 };

/// A document.
pub(super) const DOCUMENT: Target =
    Target::new("document", "a document is refused with findings, or generated", document)
        .make(make_document)
        .bounds(BOUNDS)
        .seeds("generator/tests/shapes", "discovery.json");

/// An overlay of a document.
pub(super) const OVERLAY: Target =
    Target::new("overlay", "an overlay is refused with findings, or applied", overlay)
        .make(make_overlay)
        .bounds(BOUNDS)
        .seeds("generator/tests/shapes", "overlay.json");

/// Two documents.
pub(super) const DIFF: Target =
    Target::new("diff", "two revisions are compared; a revision equals itself", compare)
        .make(make_pair)
        .bounds(Bounds { input: 64 << 10, ..BOUNDS })
        .seeds("generator/tests/shapes", "discovery.json");

fn model(document: &str, overlay: Option<&str>) -> Option<Model> {
    let input = Input { file: "fuzz.json", document, overlay, methods: None };
    analyze(&input).ok()
}

static TEMPLATES: LazyLock<Result<Templates, String>> = LazyLock::new(|| {
    Templates::new(discovery_templates::FILES.iter().copied()).map_err(|error| error.message)
});

fn document(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let Some(model) = model(text, None) else { return Ok(false) };
    let templates = TEMPLATES.as_ref().map_err(|error| format!("templates: {error}"))?;
    let options = Options {
        tests: true,
        ..Options::new([Product::Client, Product::Cli, Product::Mock, Product::Docs])
    };
    let tree = write(&model, "fuzz.json", &options, templates);
    tree.map(|_| true).map_err(|report| format!("rendering: {report}"))
}

fn overlay(input: &[u8]) -> Result<bool, String> {
    const DOCUMENT: &str =
        include_str!("../../../../generator/tests/shapes/overlay/discovery.json");
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let Some(model) = model(DOCUMENT, Some(text)) else { return Ok(false) };
    let templates = TEMPLATES.as_ref().map_err(|error| format!("templates: {error}"))?;
    let tree = write(&model, "fuzz.json", &Options::new([Product::Client]), templates);
    tree.map(|_| true).map_err(|report| format!("rendering: {report}"))
}

fn compare(input: &[u8]) -> Result<bool, String> {
    let (old, new) = two_parts(input);
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        return Ok(false);
    };
    let (Some(old), Some(new)) = (model(old, None), model(new, None)) else { return Ok(false) };
    for same in [&old, &new] {
        let none = diff(same, same);
        ensure(none.is_empty(), "itself", || diff::text(&none))?;
    }
    let (there, back) = (diff(&old, &new), diff(&new, &old));
    ensure(there.is_empty() == back.is_empty(), "direction", || {
        format!("{} but {}", diff::text(&there), diff::text(&back))
    })?;
    let json = diff::json(&there);
    ensure(serde_json::from_str::<Value>(&json).is_ok(), "json", || json.clone())?;
    let markdown = diff::markdown(&there, Some("1.0.0"));
    let folds = (markdown.matches("<details>").count(), markdown.matches("</details>").count());
    ensure(folds.0 == folds.1, "markdown", || markdown.clone())?;
    Ok(true)
}

/// A damaged seed; now and then, one with damaged text.
fn damaged(m: &mut Mutator<'_>, seed: &[u8]) -> Vec<u8> {
    let Some(mut document) =
        serde_json::from_slice::<Value>(seed).ok().filter(|_| m.at_most(9) > 0)
    else {
        return m.changed(seed.to_vec());
    };
    let mut damage = Damage::new(&document, m.random.fork());
    for _ in 0..=m.at_most(4) {
        damage.apply(&mut document);
    }
    document.to_string().into_bytes()
}

fn make_document(m: &mut Mutator<'_>) -> Vec<u8> {
    let seed = m.seed();
    damaged(m, seed)
}

fn make_overlay(m: &mut Mutator<'_>) -> Vec<u8> {
    let seed = m.seed();
    damaged(m, seed)
}

fn make_pair(m: &mut Mutator<'_>) -> Vec<u8> {
    let seed = m.seed();
    // A finding is a pair.
    let (old, new) = two_parts(seed);
    let other = if new.is_empty() { old } else { new };
    [old, b"\n=====\n", &damaged(m, other)].concat()
}
