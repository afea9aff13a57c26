//! Reason that a run failed, and its exit status.

use serde_json::{Value, json};

use crate::issue::{Issue, Issues};
use crate::text;

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
    /// The user interrupted the run.
    pub(crate) const INTERRUPTED: u8 = 130;
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
    /// What a repetition of the command would do.
    pub(crate) retry: Retry,
}

/// What a repetition of a failed command would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retry {
    /// The failure is temporary, and a repetition does no harm.
    pub(crate) retryable: bool,
    /// The server may have executed the call, and a repetition might do it again.
    pub(crate) maybe_done: bool,
    /// Seconds that the server asks to wait.
    pub(crate) after: Option<u64>,
}

impl Failure {
    pub(crate) fn new(code: u8, kind: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            code,
            kind,
            message,
            issues: Vec::new(),
            notes: Vec::new(),
            error: None,
            retry: Retry::default(),
        }
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
        // Messages about usage are this program's and have several lines; others quote servers.
        let message = match self.kind {
            "usage" => text::printable_lines(&self.message),
            _ => text::printable(&self.message),
        };
        let mut lines = vec![format!("error: {message}")];
        if self.issues.len() > 1 {
            lines.extend(
                self.issues.iter().map(|issue| format!("  {}", text::printable(&issue.line()))),
            );
        }
        lines.extend(self.notes.iter().map(|note| format!("  {}", text::printable(note))));
        lines
    }

    /// Formats the failure as one line of JSON.
    pub(crate) fn json(&self) -> String {
        text::visible(&json!({"error": self.value()}).to_string())
    }

    /// Returns the failure as a JSON object.
    pub(crate) fn value(&self) -> Value {
        let retryable = self.retry.retryable;
        let mut error = json!({
            "kind": self.kind,
            "exit": self.code,
            "message": self.message,
            "retryable": retryable,
        });
        if let Some(seconds) = self.retry.after {
            error["retryAfter"] = json!(seconds);
        }
        if self.retry.maybe_done {
            error["maybeDone"] = json!(true);
        }
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
        error
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters that terminals obey, and others.
    const PIECES: &[&str] = &[
        "a",
        "ü",
        "漢",
        " ",
        "\n",
        "\r",
        "\t",
        "\u{1b}",
        "\u{1b}[2J",
        "\u{7}",
        "\u{8}",
        "\u{0}",
        "\u{7f}",
        "\u{85}",
        "\u{9b}",
        "\u{9d}",
        "\u{200e}",
        "\u{202e}",
        "\u{2028}",
        "\u{2029}",
        "\u{2066}",
        "\u{feff}",
        "error: ",
        "\\",
    ];

    #[test]
    fn hostile_texts_command_no_terminal() {
        let mut state = 1_u64;
        for _ in 0..10_000 {
            let mut text = String::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (state >> 33) as usize % PIECES.len();
                text.push_str(PIECES[at]);
            }
            let mut failure = Failure::new(exit::REFUSED, "api", text.clone()).note(text.clone());
            failure.error = Some(Box::new(json!({"message": text})));
            let lines = failure.text();
            assert_eq!(lines.len(), 2);
            for line in lines.iter().chain([&failure.json()]) {
                assert!(line.chars().all(text::is_plain), "{line:?}");
            }
            let json: Value = serde_json::from_str(&failure.json()).unwrap();
            assert_eq!(json["error"]["message"], *text);
        }
    }
}
