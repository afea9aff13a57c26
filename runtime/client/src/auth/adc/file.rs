//! Credential files.

use super::Source;
use crate::auth::headers::DEFAULT_UNIVERSE;
use crate::auth::oauth::string;
use crate::auth::secret_file::read_text;
use crate::auth::{
    AuthError, AuthErrorKind, AuthorizedUser, Cached, Impersonated, Secret, ServiceAccount,
};
use crate::redact::shown_path;
use serde_json::{Map, Value};
use std::path::Path;

type Object = Map<String, Value>;

/// Reads a credential file. `self_signed` is for service accounts.
pub(super) fn read(path: &Path, self_signed: bool) -> Result<Source, AuthError> {
    let place = shown_path(path);
    let text = read_text(path, "the credential file")?;
    parse_with(&text, &place, self_signed)
}

/// Parses the text of a credential file; `place` names it in errors.
pub(super) fn parse(text: &str, place: &str) -> Result<Source, AuthError> {
    parse_with(text, place, false)
}

fn parse_with(text: &str, place: &str, self_signed: bool) -> Result<Source, AuthError> {
    // The parser's message could quote the file, so only line and column are shown.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(place, &format!("is not JSON at line {line}, column {column}"))
    })?;
    let object = value.as_object().ok_or_else(|| invalid(place, "is not a JSON object"))?;
    CredentialFile { object, place, self_signed }.source()
}

fn invalid(place: &str, why: &str) -> AuthError {
    let message = format!("the credential file {place} {why}");
    AuthError::new(AuthErrorKind::Invalid, message)
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

struct CredentialFile<'a> {
    object: &'a Object,
    place: &'a str,
    self_signed: bool,
}

impl CredentialFile<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        string(self.object, name).filter(|value| !value.is_empty())
    }

    fn require(&self, name: &str) -> Result<&str, AuthError> {
        self.get(name).ok_or_else(|| invalid(self.place, &format!("has no text member {name:?}")))
    }

    fn source(&self) -> Result<Source, AuthError> {
        let mut source = match self.get("type") {
            Some("authorized_user") => self.user()?,
            Some("service_account") => self.service_account()?,
            Some("impersonated_service_account") => self.impersonated()?,
            other => return Err(self.unsupported(other)),
        };
        source.quota_project = self.get("quota_project_id").map(str::to_owned);
        Ok(source)
    }

    fn unsupported(&self, kind: Option<&str>) -> AuthError {
        let why = match kind {
            Some(kind @ ("external_account" | "external_account_authorized_user")) => format!(
                "is of type {kind:?} (workload identity federation): turn on feature \
                 `google-cloud-auth` and use `GoogleCloudAuth::application_default`"
            ),
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
        Ok(Source::new(account, format!("the service account {email} of {}", self.place)))
    }

    fn impersonated(&self) -> Result<Source, AuthError> {
        let url = self.require("service_account_impersonation_url")?;
        let source = self.object.get("source_credentials").and_then(Value::as_object);
        let source =
            source.ok_or_else(|| invalid(self.place, "has no member \"source_credentials\""))?;
        let source =
            CredentialFile { object: source, place: self.place, self_signed: self.self_signed }
                .source()?;
        let email = url.rsplit('/').next().and_then(|last| last.split(':').next());
        let email = email.unwrap_or_default().to_owned();
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
        Ok(Source::new(account, description))
    }
}
