//! Inserts partials into the templates that name them: the lines of a partial replace a line
//! `{{> name}}`.
//!
//! The library has partials, but copies the view for each of them, and then every value that it looks
//! up in the copy.

use crate::error::{Diagnostic, Kind, Stage};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A template with its partials.
#[derive(Default)]
pub(super) struct Whole {
    pub(super) text: String,
    /// The template and the number of each line, from 1.
    lines: Vec<(Arc<str>, usize)>,
}

impl Whole {
    /// Assembles a template from the texts of all templates.
    ///
    /// # Errors
    /// If a partial does not exist, contains itself, or has no line of its own.
    pub(super) fn of(name: &str, texts: &BTreeMap<&str, &str>) -> Result<Self, Diagnostic> {
        let mut whole = Self::default();
        whole.insert(name, texts, &mut Vec::new())?;
        Ok(whole)
    }

    fn insert<'t>(
        &mut self,
        name: &'t str,
        texts: &BTreeMap<&'t str, &'t str>,
        open: &mut Vec<&'t str>,
    ) -> Result<(), Diagnostic> {
        let source: Arc<str> = name.into();
        open.push(name);
        for (line, number) in texts[name].split_inclusive('\n').zip(1..) {
            let problem = |message: String| {
                Diagnostic::error(Stage::Render, Kind::Malformed, format!("{name}.hbs"), message)
                    .help("correct the template")
            };
            match partial(line) {
                Named::Nothing => {
                    self.text.push_str(line);
                    self.lines.push((source.clone(), number));
                }
                Named::Within => {
                    let message = format!("line {number}: a partial has a line of its own");
                    return Err(problem(message));
                }
                Named::Partial(partial) if open.contains(&partial) => {
                    return Err(problem(format!("line {number}: `{partial}` contains itself")));
                }
                Named::Partial(partial) => match texts.get_key_value(partial) {
                    Some((partial, _)) => self.insert(partial, texts, open)?,
                    None => {
                        let message = format!("line {number}: there is no template `{partial}`");
                        return Err(problem(message));
                    }
                },
            }
        }
        open.pop();
        // Another line follows a partial.
        if !open.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        Ok(())
    }

    /// Returns where a line comes from.
    pub(super) fn source(&self, line: usize) -> Option<(&str, usize)> {
        let (name, number) = self.lines.get(line.checked_sub(1)?)?;
        Some((name, *number))
    }
}

/// What a line names.
enum Named<'l> {
    Nothing,
    Partial(&'l str),
    /// A partial among other text.
    Within,
}

fn partial(line: &str) -> Named<'_> {
    if !line.contains("{{>") {
        return Named::Nothing;
    }
    let name = line.trim().strip_prefix("{{>").and_then(|rest| rest.strip_suffix("}}"));
    match name.map(str::trim) {
        Some(name) if !name.contains(['{', '}', ' ']) => Named::Partial(name),
        _ => Named::Within,
    }
}
