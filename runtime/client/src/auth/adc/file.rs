//! Credential files.

use super::external::impersonated_email;
use super::{AdcBuilder, Source};
use crate::auth::environment::Environment;
use crate::auth::headers::DEFAULT_UNIVERSE;
use crate::auth::oauth::string;
use crate::auth::secret_file::read_text;
use crate::auth::{
    AuthError, AuthErrorKind, AuthorizedUser, Cached, Impersonated, Secret, ServiceAccount,
};
use crate::redact::shown_path;
use serde_json::{Map, Value};
use std::path::Path;

pub(super) type Object = Map<String, Value>;

/// Reads a credential file.
pub(super) fn read(path: &Path, settings: &AdcBuilder) -> Result<Source, AuthError> {
    let text = read_text(path, "the credential file")?;
    parse(&text, &shown_path(path), settings)
}

/// Parses the text of a credential file; `place` names it in errors.
pub(super) fn parse(text: &str, place: &str, settings: &AdcBuilder) -> Result<Source, AuthError> {
    // Editors of Windows begin files with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The parser's message could quote the file, so only line and column are shown.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(place, &format!("is not JSON at line {line}, column {column}"))
    })?;
    let object = value.as_object().ok_or_else(|| invalid(place, "is not a JSON object"))?;
    let (self_signed, environment) = (settings.self_signed, &settings.environment);
    let subject = settings.subject.as_deref();
    CredentialFile { object, place, self_signed, subject, environment }.source()
}

pub(super) fn invalid(place: &str, why: &str) -> AuthError {
    let message = format!("the credential file {place} {why}");
    AuthError::new(AuthErrorKind::Invalid, message)
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The members of a credential file.
pub(super) struct CredentialFile<'a> {
    pub(super) object: &'a Object,
    /// Names the file in errors.
    pub(super) place: &'a str,
    /// Whether service accounts sign tokens themselves; `None` decides by the API.
    self_signed: Option<bool>,
    /// The user on whose behalf service accounts act.
    subject: Option<&'a str>,
    pub(super) environment: &'a Environment,
}

impl CredentialFile<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        string(self.object, name).filter(|value| !value.is_empty())
    }

    pub(super) fn require(&self, name: &str) -> Result<&str, AuthError> {
        self.get(name).ok_or_else(|| invalid(self.place, &format!("has no text member {name:?}")))
    }

    fn source(&self) -> Result<Source, AuthError> {
        let mut source = match self.get("type") {
            Some("authorized_user") => self.user()?,
            Some("service_account") => self.service_account()?,
            Some("impersonated_service_account") => self.impersonated()?,
            Some("external_account") => self.external()?,
            Some("external_account_authorized_user") => self.external_user()?,
            other => return Err(self.unsupported(other)),
        };
        source.quota_project = self.get("quota_project_id").map(str::to_owned);
        Ok(source)
    }

    fn unsupported(&self, kind: Option<&str>) -> AuthError {
        let why = match kind {
            Some(kind) if is_identifier(kind) => {
                format!("is of type {kind:?}, which is not supported")
            }
            // The value may be a secret.
            Some(_) => "has an unknown \"type\"".to_owned(),
            None if self.object.contains_key("installed") || self.object.contains_key("web") => {
                "is an OAuth client, not credentials: log in with it first".to_owned()
            }
            None => "has no member \"type\"".to_owned(),
        };
        invalid(self.place, &why)
    }

    fn user(&self) -> Result<Source, AuthError> {
        let client_id = self.require("client_id")?;
        let secret = self.get("client_secret").map(Secret::from);
        let mut user = AuthorizedUser::new(client_id, secret, self.require("refresh_token")?);
        if let Some(url) = self.get("token_uri") {
            user = user.with_token_url(url);
        }
        if let Some(project) = self.get("quota_project_id") {
            user = user.with_quota_project(project);
        }
        user = user.with_universe(self.get("universe_domain").unwrap_or(DEFAULT_UNIVERSE));
        let whose = self.get("account").map(|account| format!(" {account}")).unwrap_or_default();
        Ok(Source::new(user, format!("the user{whose} of {}", self.place)))
    }

    fn service_account(&self) -> Result<Source, AuthError> {
        let email = self.require("client_email")?;
        let key = self.require("private_key")?;
        let account = ServiceAccount::new(email, key).map_err(|error| {
            AuthError::new(error.kind(), format!("in the credential file {}, {error}", self.place))
        })?;
        let mut account = account.with_self_signed_tokens(self.self_signed);
        if let Some(id) = self.get("private_key_id") {
            account = account.with_key_id(id);
        }
        if let Some(url) = self.get("token_uri") {
            account = account.with_token_url(url);
        }
        if let Some(project) = self.get("quota_project_id") {
            account = account.with_quota_project(project);
        }
        if let Some(universe) = self.get("universe_domain") {
            account = account.with_universe(universe);
        }
        if let Some(subject) = self.subject {
            account = account.with_subject(subject);
        }
        let description = format!("the service account {email} of {}", self.place);
        let has_subject = self.subject.is_some();
        Ok(Source { has_subject, ..Source::with_id_tokens(account, description) })
    }

    fn impersonated(&self) -> Result<Source, AuthError> {
        let url = self.require("service_account_impersonation_url")?;
        let source = self.object.get("source_credentials").and_then(Value::as_object);
        let source =
            source.ok_or_else(|| invalid(self.place, "has no member \"source_credentials\""))?;
        let source = CredentialFile { object: source, subject: None, ..*self }.source()?;
        let email = impersonated_email(url).to_owned();
        let delegates = self.object.get("delegates").and_then(Value::as_array);
        let delegates = delegates.into_iter().flatten().filter_map(Value::as_str);
        let mut account = Impersonated::new(Cached::new(source.provider), &email)
            .with_url(url)
            .with_delegates(delegates);
        if let Some(project) = self.get("quota_project_id") {
            account = account.with_quota_project(project);
        }
        let description =
            format!("the service account {email}, impersonated by {}", source.description);
        Ok(Source::with_id_tokens(account, description))
    }
}
