//! Diagnostics of the generator: what is wrong, where, and what to do.

use crate::shown::{printable, printable_lines};
use std::fmt;

/// A stage of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// JSON text to wire structs.
    Parse,
    /// Applies the overlay's patches.
    Overlay,
    /// Selects the methods to generate.
    Select,
    /// Wire structs to the IR.
    Lower,
    /// Assigns Rust names.
    Names,
    /// Templates.
    Render,
    /// The syntax gate and the formatter.
    Format,
    /// The output tree.
    Tree,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parse => "parse",
            Self::Overlay => "overlay",
            Self::Select => "select",
            Self::Lower => "lower",
            Self::Names => "names",
            Self::Render => "render",
            Self::Format => "format",
            Self::Tree => "tree",
        })
    }
}

/// Whether a finding stops generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Part of the document is not fully supported; the output is complete all the same.
    Warning,
}

/// Kind of a finding, for statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A key unknown to the discovery format.
    UnknownKey,
    /// An unknown `format`; the plain type is used.
    UnknownFormat,
    /// A part that is present but has the wrong JSON type, or contradicts another.
    Malformed,
    /// An unresolved reference.
    Dangling,
    /// A construct without a faithful Rust form; the message names the substitute.
    Degraded,
    /// Everything else.
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownKey => "unknown key",
            Self::UnknownFormat => "unknown format",
            Self::Malformed => "malformed",
            Self::Dangling => "dangling reference",
            Self::Degraded => "degraded",
            Self::Other => "other",
        })
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops generation.
    pub severity: Severity,
    /// The stage that found it.
    pub stage: Stage,
    /// Kind of finding.
    pub kind: Kind,
    /// JSON pointer (RFC 6901) into the document, or a template's place.
    pub at: String,
    /// Message.
    pub message: String,
    /// Suggested fix.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(
        stage: Stage,
        kind: Kind,
        at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (at, message) = (at.into(), message.into());
        Self { severity: Severity::Error, stage, kind, at, message, help: None }
    }

    /// A warning.
    pub fn warning(
        stage: Stage,
        kind: Kind,
        at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(stage, kind, at, message) }
    }

    /// Adds a suggested fix.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All findings about one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the document's file, for messages.
    pub file: String,
    /// Findings, in order of discovery.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report about `file`.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), diagnostics: Vec::new() }
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns `true` if there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// The warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|d| d.severity == Severity::Warning)
    }

    /// Returns `Ok` if there are no errors.
    ///
    /// # Errors
    /// Moves the report into the error if it contains one.
    pub fn check(&mut self) -> Result<(), Report> {
        if self.has_errors() { Err(std::mem::take(self)) } else { Ok(()) }
    }

    /// Turns warnings into errors.
    pub fn deny_warnings(&mut self) {
        for d in &mut self.diagnostics {
            d.severity = Severity::Error;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for d in &self.diagnostics {
            let severity = match d.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            // Names and values of the document stand in all three.
            let (at, message) = (printable(&d.at), printable_lines(&d.message));
            writeln!(f, "{severity}[{}]: {}#{at}: {message}", d.stage, self.file)?;
            if let Some(help) = &d.help {
                writeln!(f, "  help: {}", printable_lines(help))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// Appends one reference token to a JSON pointer (RFC 6901, section 4).
#[must_use]
pub fn pointer(parent: &str, token: &str) -> String {
    let mut out = String::with_capacity(parent.len() + token.len() + 1);
    out.push_str(parent);
    out.push('/');
    for c in token.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_escaped_by_rfc_6901() {
        assert_eq!(pointer("/a", "b/c~d"), "/a/b~1c~0d");
    }

    #[test]
    fn reports_contain_file_position_and_help() {
        let mut report = Report::new("x.json");
        report.push(
            Diagnostic::error(Stage::Lower, Kind::Dangling, "/schemas/A", "no schema B")
                .help("fix it"),
        );
        assert_eq!(
            report.to_string(),
            "error[lower]: x.json#/schemas/A: no schema B\n  help: fix it\n"
        );
    }
}
