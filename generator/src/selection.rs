//! Stage 3: selects the methods of a document to generate.
//!
//! A pattern is a method's path through the resource tree, joined with dots, as in
//! `projects.jobs.list`. A `*` in place of a name stands for one or more names, as in the selectors
//! of [`google.api`], so `projects.*` is everything below `projects`; within a name it stands for
//! any text, so `files.get*` is every method of `files` that begins with `get`. A pattern behind `!`
//! leaves methods out; the order of patterns does not matter. Where all patterns leave out, the rest
//! of the document is selected.
//!
//! [`google.api`]: https://github.com/googleapis/googleapis/blob/master/google/api/documentation.proto

mod near;
mod pattern;

use crate::discovery::{Document, Resource};
use crate::error::{Diagnostic, Kind, Report, Severity, Stage, pointer};
use pattern::Pattern;
use std::collections::BTreeSet;

/// Patterns of methods.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// Selected methods, and excluded ones after `!`.
    pub patterns: &'a [String],
    /// Whether a pattern may match nothing, because it was written for another revision.
    pub lenient: bool,
}

impl<'a> Selection<'a> {
    /// Creates a selection whose patterns must each match a method.
    #[must_use]
    pub fn new(patterns: &'a [String]) -> Self {
        Self { patterns, lenient: false }
    }
}

/// Selected methods of a document, by JSON pointer.
#[derive(Clone, Debug, Default)]
pub struct Selected {
    /// The patterns.
    pub patterns: Vec<String>,
    /// The methods.
    pub methods: BTreeSet<String>,
    /// Methods that a pattern excludes, even if another method needs them.
    pub left_out: BTreeSet<String>,
}

/// A method by its path and its JSON pointer.
struct Candidate<'a> {
    path: String,
    at: &'a str,
}

/// Finds the selected methods.
///
/// # Errors
/// Reports invalid patterns, patterns that match nothing, and empty selections in `report`.
pub fn select(selection: Selection<'_>, document: &Document<'_>, report: &mut Report) -> Selected {
    let mut all = Vec::new();
    candidates("", &document.root, &mut all);
    let mut selected = Selected { patterns: selection.patterns.to_vec(), ..Selected::default() };
    let mut names_some = false;
    for (i, text) in selection.patterns.iter().enumerate() {
        let at = pointer("(methods)", &i.to_string());
        let pattern = match Pattern::parse(text) {
            Ok(pattern) => pattern,
            Err(why) => {
                report.push(unreadable(at, text, why));
                continue;
            }
        };
        names_some |= !pattern.leaves_out;
        let found = all.iter().filter(|c| pattern.matches(&c.path)).map(|c| c.at.to_owned());
        let into = if pattern.leaves_out { &mut selected.left_out } else { &mut selected.methods };
        let found: Vec<String> = found.collect();
        if found.is_empty() {
            report.push(unmatched(at, &pattern, document, &all, selection.lenient));
        }
        into.extend(found);
    }
    if !names_some && !selection.patterns.is_empty() {
        selected.methods = all.iter().map(|c| c.at.to_owned()).collect();
    }
    selected.methods = &selected.methods - &selected.left_out;
    if selected.methods.is_empty() && !selection.lenient && !report.has_errors() {
        report.push(empty());
    }
    selected
}

fn candidates<'a>(prefix: &str, resource: &'a Resource<'_>, out: &mut Vec<Candidate<'a>>) {
    let join = |name: &str| {
        if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
    };
    out.extend(resource.methods.iter().map(|(name, m)| Candidate { path: join(name), at: &m.at }));
    for (name, child) in &resource.resources {
        candidates(&join(name), child, out);
    }
}

fn unreadable(at: String, text: &str, why: &str) -> Diagnostic {
    let message = format!("`{}` is not a pattern of methods: {why}", text.escape_debug());
    Diagnostic::error(Stage::Select, Kind::Malformed, at, message)
        .help("join names with dots, as in `files.list`, `files.*` or `!files.watch`")
}

fn unmatched(
    at: String,
    pattern: &Pattern<'_>,
    document: &Document<'_>,
    all: &[Candidate<'_>],
    lenient: bool,
) -> Diagnostic {
    let Document { name, version, .. } = document;
    let message = format!("`{}` matches no method of {name}:{version}", pattern.text());
    let paths: Vec<&str> = all.iter().map(|c| c.path.as_str()).collect();
    let finding = Diagnostic::error(Stage::Select, Kind::Dangling, at, message);
    let severity = if lenient { Severity::Warning } else { Severity::Error };
    Diagnostic { severity, ..finding }.help(near::help(pattern, name, &paths))
}

fn empty() -> Diagnostic {
    let message = "`methods` selects no method";
    Diagnostic::error(Stage::Select, Kind::Other, "(methods)", message)
        .help("add a pattern such as `files.*`, or remove `methods` to generate all of them")
}

#[cfg(test)]
mod tests;
