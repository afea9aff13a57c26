//! Errors and warnings about the command line, collected and reported together.

use discovery_runtime::observe::secrets::is_secret_param;

/// Severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The value is sent unchanged; the server decides.
    Warning,
    /// The request is not sent.
    Error,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Severity.
    pub severity: Severity,
    /// Location, as typed: `-r evnt-id=2`.
    pub at: String,
    /// Message.
    pub message: String,
    /// Suggested replacement for the value in `at`.
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

    /// Hides the secret in a text.
    fn shown(&self, text: &str) -> String {
        match &self.secret {
            Some(secret) => text.replace(secret, crate::text::HIDDEN),
            None => text.to_owned(),
        }
    }

    /// Formats the issue on one line.
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

/// Returns the secret in `-p key=K`, `-r user.password=P`, and `--access-token T`.
fn secret_of<'a>(flag: &str, token: &'a str) -> Option<&'a str> {
    let name = flag.trim_start_matches('-');
    if flag.starts_with("--") && is_secret_param(name) {
        return Some(token);
    }
    let (path, value) = token.split_once('=')?;
    let member = path.trim_end_matches([':', '+', '@']).rsplit(['.', ']', '[']).next()?;
    is_secret_param(member).then_some(value)
}

/// Issues, in command-line order.
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

    /// Returns `true` if there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|issue| issue.severity == Severity::Error)
    }

    /// Turns warnings into errors.
    pub(crate) fn make_strict(&mut self) {
        for issue in &mut self.list {
            issue.severity = Severity::Error;
        }
    }

    /// Prefixes the location of every issue.
    pub(crate) fn within(mut self, place: &str) -> Self {
        for issue in &mut self.list {
            issue.at = format!("{place}: {}", issue.at).trim_end_matches(": ").to_owned();
        }
        self
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
