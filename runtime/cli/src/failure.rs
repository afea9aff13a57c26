//! Reason that a run failed, and its exit status.

use serde_json::{Value, json};

use crate::issue::{Issue, Issues};

/// Exit statuses.
pub(crate) mod exit {
    /// Success.
    pub(crate) const OK: u8 = 0;
    /// The API returned a 4xx error.
    pub(crate) const REFUSED: u8 = 1;
    /// The command line is wrong; nothing was sent.
    pub(crate) const USAGE: u8 = 2;
    /// A file or setting of the program cannot be used.
    pub(crate) const CONFIG: u8 = 3;
    /// Credentials are missing or were rejected.
    pub(crate) const AUTH: u8 = 4;
    /// The server failed or could not be reached, after retries.
    pub(crate) const SERVER: u8 = 5;
}

/// Reason that a run failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit status.
    pub(crate) code: u8,
    /// Short name of the kind, in JSON.
    pub(crate) kind: &'static str,
    /// Message.
    pub(crate) message: String,
    /// All issues of the command line.
    pub(crate) issues: Vec<Issue>,
    /// Advice and further information, one line each.
    pub(crate) notes: Vec<String>,
    /// The API's own error.
    pub(crate) error: Option<Box<Value>>,
}

impl Failure {
    pub(crate) fn new(code: u8, kind: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, kind, message, issues: Vec::new(), notes: Vec::new(), error: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, "usage", message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(exit::CONFIG, "config", message)
    }

    pub(crate) fn output(message: impl Into<String>) -> Self {
        Self::new(exit::USAGE, "output", message)
    }

    pub(crate) fn issues(issues: &Issues) -> Self {
        let errors: Vec<Issue> = issues.errors().cloned().collect();
        let message = match errors.as_slice() {
            [one] => one.line(),
            many => format!("{} errors; request not sent", many.len()),
        };
        Self { issues: errors, ..Self::usage(message) }
    }

    pub(crate) fn note(mut self, line: impl Into<String>) -> Self {
        self.notes.push(line.into());
        self
    }

    /// Formats the failure as text.
    pub(crate) fn text(&self) -> Vec<String> {
        let mut lines = vec![format!("error: {}", self.message)];
        if self.issues.len() > 1 {
            lines.extend(self.issues.iter().map(|issue| format!("  {}", issue.line())));
        }
        lines.extend(self.notes.iter().map(|note| format!("  {note}")));
        lines
    }

    /// Formats the failure as one line of JSON.
    pub(crate) fn json(&self) -> String {
        let mut error = json!({"kind": self.kind, "exit": self.code, "message": self.message});
        if !self.issues.is_empty() {
            let issues: Vec<Value> = self.issues.iter().map(issue_json).collect();
            error["issues"] = Value::Array(issues);
        }
        if !self.notes.is_empty() {
            error["notes"] = json!(self.notes);
        }
        if let Some(api) = &self.error {
            error["api"] = (**api).clone();
        }
        json!({"error": error}).to_string()
    }
}

fn issue_json(issue: &Issue) -> Value {
    json!({"at": issue.at, "message": issue.message, "instead": issue.instead})
}

impl From<Issues> for Failure {
    fn from(issues: Issues) -> Self {
        Self::issues(&issues)
    }
}
