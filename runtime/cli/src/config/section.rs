//! Settings of a configuration file.

use std::path::{Path, PathBuf};

use discovery_runtime::observe::secrets::is_secret_param;
use serde_json::{Map, Value};

use crate::app::App;
use crate::folder::check_account;
use crate::suggest;

use super::{MethodPatterns, parameters};

/// Settings that apply together: those at the top of the file, or those of a profile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// Whether calls may only read.
    pub(crate) read_only: bool,
    /// Methods that may be called; `None` is all.
    pub(crate) allow: Option<MethodPatterns>,
    /// Methods that may not be called.
    pub(crate) deny: Option<MethodPatterns>,
    /// POST methods that only read, besides those that the program recognizes.
    pub(crate) reads: Option<MethodPatterns>,
    /// Source of credentials.
    pub(crate) source: Option<Source>,
    /// Service account to act as.
    pub(crate) impersonate: Option<String>,
    /// User on whose behalf a service account acts.
    pub(crate) subject: Option<String>,
    /// Project for quota and billing.
    pub(crate) quota_project: Option<String>,
    /// OAuth scopes.
    pub(crate) scopes: Vec<String>,
    /// Root URL.
    pub(crate) endpoint: Option<String>,
    /// File of additional root certificates.
    pub(crate) ca_file: Option<PathBuf>,
    /// Time limit of a call, in seconds.
    pub(crate) timeout: Option<u64>,
    /// How many seconds completion asks lists for names.
    pub(crate) complete_names: Option<u64>,
    /// Values of parameters that the command line leaves out.
    pub(crate) parameters: Vec<(String, Vec<String>)>,
}

/// A source of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A stored login.
    Account(String),
    /// A credentials file.
    Credentials(PathBuf),
    /// A file with an access token.
    TokenFile(PathBuf),
}

/// Keys of a section.
pub(super) const KEYS: &[&str] = &[
    "read-only",
    "allow",
    "deny",
    "reads",
    "account",
    "credentials",
    "access-token-file",
    "impersonate-service-account",
    "subject",
    "quota-project",
    "scopes",
    "endpoint",
    "ca-file",
    "timeout",
    "complete-names",
    "parameters",
];

impl Section {
    /// Reads the members of a map. File names are relative to `folder`.
    pub(super) fn read(
        app: &App,
        folder: &Path,
        members: &Map<String, Value>,
        others: &[&str],
    ) -> Result<Self, String> {
        let mut section = Self::default();
        for (key, value) in members.iter().filter(|(key, _)| !others.contains(&key.as_str())) {
            let known = section.set(app, folder, key, value)?;
            if !known {
                return Err(unknown(key, &[KEYS, others].concat()));
            }
        }
        Ok(section)
    }

    /// Sets a member; returns `false` if there is none of this name.
    fn set(&mut self, app: &App, folder: &Path, key: &str, value: &Value) -> Result<bool, String> {
        let file = || text(key, value).map(|name| folder.join(name));
        match key {
            "read-only" => self.read_only = boolean(key, value)?,
            "allow" => self.allow = Some(patterns(app, key, value)?),
            "deny" => self.deny = Some(patterns(app, key, value)?),
            "reads" => self.reads = Some(patterns(app, key, value)?),
            "account" => self.set_source(Source::Account(account(key, value)?))?,
            "credentials" => self.set_source(Source::Credentials(file()?))?,
            "access-token-file" => self.set_source(Source::TokenFile(file()?))?,
            "impersonate-service-account" => self.impersonate = Some(text(key, value)?),
            "subject" => self.subject = Some(text(key, value)?),
            "quota-project" => self.quota_project = Some(text(key, value)?),
            "scopes" => self.scopes = texts(key, value)?,
            "endpoint" => self.endpoint = Some(text(key, value)?),
            "ca-file" => self.ca_file = Some(file()?),
            "timeout" => self.timeout = Some(seconds(key, value)?),
            "complete-names" => self.complete_names = Some(seconds_or_switch(key, value)?),
            "parameters" => self.parameters = parameters::read(app.api, value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set_source(&mut self, source: Source) -> Result<(), String> {
        match self.source.replace(source) {
            None => Ok(()),
            Some(_) => Err("only one of 'account', 'credentials', and 'access-token-file' can be \
                            set"
            .to_owned()),
        }
    }
}

pub(super) fn unknown(key: &str, known: &[&str]) -> String {
    if is_secret_param(key) {
        return "the file holds no secrets: name a file with 'credentials' or 'access-token-file'"
            .to_owned();
    }
    match suggest::closest(key, known.iter().copied()) {
        Some(meant) => format!("there is no setting '{key}', did you mean '{meant}'?"),
        None => format!("there is no setting '{key}'; there are: {}", known.join(", ")),
    }
}

fn boolean(key: &str, value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("'{key}' must be true or false"))
}

fn seconds(key: &str, value: &Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("'{key}' must be a number of seconds"))
}

/// Reads a number of seconds; `true` is one.
fn seconds_or_switch(key: &str, value: &Value) -> Result<u64, String> {
    let number = value.as_bool().map(u64::from).or_else(|| value.as_u64());
    number.ok_or_else(|| format!("'{key}' must be true, false, or a number of seconds"))
}

pub(super) fn text(key: &str, value: &Value) -> Result<String, String> {
    let text = value.as_str().filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| format!("'{key}' must be a text"))
}

fn account(key: &str, value: &Value) -> Result<String, String> {
    let name = text(key, value)?;
    check_account(&name).map_err(|message| format!("'{key}': {message}"))?;
    Ok(name)
}

/// Reads a list of texts; one text is a list of one.
fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("'{key}' must be a list of texts");
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

fn patterns(app: &App, key: &str, value: &Value) -> Result<MethodPatterns, String> {
    MethodPatterns::parse(app.api, &texts(key, value)?).map_err(|why| format!("'{key}': {why}"))
}
