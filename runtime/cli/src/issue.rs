//! Mistakes and doubts about what was typed, collected so that all are told at once.

use discovery_runtime::observe::secrets::is_secret_param;

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
    /// A value of `at` that must not be shown.
    secret: Option<String>,
}

impl Issue {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            at: String::new(),
            message: message.into(),
            instead: None,
            secret: None,
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
        self.secret = secret_of(flag, token).filter(|text| !text.is_empty()).map(str::to_owned);
        self.at = self.shown(&self.at);
        self.message = self.shown(&self.message);
        self.instead = self.instead.as_deref().map(|token| self.shown(token));
        self
    }

    /// A text without the secret that was typed.
    fn shown(&self, text: &str) -> String {
        match &self.secret {
            Some(secret) => text.replace(secret, crate::text::HIDDEN),
            None => text.to_owned(),
        }
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

/// What is secret of `-p key=K`, of `-r user.password=P` and of `--access-token T`.
fn secret_of<'a>(flag: &str, token: &'a str) -> Option<&'a str> {
    let name = flag.trim_start_matches('-');
    if flag.starts_with("--") && is_secret_param(name) {
        return Some(token);
    }
    let (path, value) = token.split_once('=')?;
    let member = path.trim_end_matches([':', '+', '@']).rsplit(['.', ']', '[']).next()?;
    is_secret_param(member).then_some(value)
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
