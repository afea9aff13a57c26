//! Mistakes and doubts about what was typed, collected so that all are told at once.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Sent as it is; the server will judge.
    Warning,
    /// Nothing is sent.
    Error,
}

/// One mistake or doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands, as typed: `-r evnt-id=2`.
    pub at: String,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to type instead of the value of `at`.
    pub instead: Option<String>,
}

impl Issue {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            at: String::new(),
            message: message.into(),
            instead: None,
        }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    pub(crate) fn instead(mut self, token: Option<impl Into<String>>) -> Self {
        self.instead = token.map(Into::into);
        self
    }

    pub(crate) fn at(mut self, flag: &str, token: &str) -> Self {
        self.at = if token.is_empty() { flag.to_owned() } else { format!("{flag} {token}") };
        self
    }

    /// The whole issue on one line.
    #[must_use]
    pub fn line(&self) -> String {
        let mut out = String::new();
        if !self.at.is_empty() {
            out.push_str(&self.at);
            out.push_str(": ");
        }
        out.push_str(&self.message);
        if let Some(token) = &self.instead {
            out.push_str(&format!(" Did you mean '{token}' ?"));
        }
        out
    }
}

/// Issues in the order of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issues {
    list: Vec<Issue>,
}

impl Issues {
    /// Every issue.
    #[must_use]
    pub fn all(&self) -> &[Issue] {
        &self.list
    }

    /// Whether anything is wrong enough to send nothing.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|issue| issue.severity == Severity::Error)
    }

    /// Makes every doubt a mistake.
    pub(crate) fn make_strict(&mut self) {
        for issue in &mut self.list {
            issue.severity = Severity::Error;
        }
    }

    pub(crate) fn push(&mut self, issue: Issue) {
        self.list.push(issue);
    }

    pub(crate) fn extend(&mut self, others: Issues) {
        self.list.extend(others.list);
    }

    pub(crate) fn errors(&self) -> impl Iterator<Item = &Issue> {
        self.list.iter().filter(|issue| issue.severity == Severity::Error)
    }

    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Issue> {
        self.list.iter().filter(|issue| issue.severity == Severity::Warning)
    }
}
