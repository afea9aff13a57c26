//! Credential files of identity federation.

use super::Source;
use super::file::{CredentialFile, Object, invalid};
use crate::auth::external::{
    AwsSource, Client, Executable, ExternalAccount, ExternalUser, Format, SubjectSource, source_url,
};
use crate::auth::headers::DEFAULT_UNIVERSE;
use crate::auth::oauth::string;
use crate::auth::{AuthError, Cached, Impersonated, Secret};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

impl CredentialFile<'_> {
    /// A file of type `external_account`.
    pub(super) fn external(&self) -> Result<Source, AuthError> {
        let universe: Arc<str> = self.get("universe_domain").unwrap_or(DEFAULT_UNIVERSE).into();
        let token_url = match self.get("token_url") {
            Some(url) => url.to_owned(),
            None => format!("https://sts.{universe}/v1/token"),
        };
        let account = ExternalAccount {
            audience: self.require("audience")?.to_owned(),
            subject_token_type: self.require("subject_token_type")?.to_owned(),
            token_url,
            source: self.subject_source()?,
            client: self.oauth_client(),
            workforce_project: self.get("workforce_pool_user_project").map(str::to_owned),
            quota_project: self.get("quota_project_id").map(Arc::from),
            universe,
        };
        let place = self.place;
        let Some(url) = self.get("service_account_impersonation_url") else {
            return Ok(Source::new(account, format!("the federated identity of {place}")));
        };
        let email = impersonated_email(url);
        let mut provider = Impersonated::new(Cached::new(account), email).with_url(url);
        if let Some(seconds) = self.impersonation_lifetime()? {
            provider = provider.with_lifetime(seconds);
        }
        if let Some(project) = self.get("quota_project_id") {
            provider = provider.with_quota_project(project);
        }
        let description =
            format!("the service account {email}, impersonated by the identity of {place}");
        Ok(Source::with_id_tokens(provider, description))
    }

    /// A file of type `external_account_authorized_user`.
    pub(super) fn external_user(&self) -> Result<Source, AuthError> {
        let universe: Arc<str> = self.get("universe_domain").unwrap_or(DEFAULT_UNIVERSE).into();
        let token_url = match self.get("token_url") {
            Some(url) => url.to_owned(),
            None => format!("https://sts.{universe}/v1/oauthtoken"),
        };
        let client = Client {
            id: self.require("client_id")?.to_owned(),
            secret: Secret::from(self.require("client_secret")?),
        };
        let refresh_token = Secret::from(self.require("refresh_token")?);
        let mut user = ExternalUser::new(client, refresh_token, token_url, universe);
        user.quota_project = self.get("quota_project_id").map(Arc::from);
        Ok(Source::new(user, format!("the workforce identity of {}", self.place)))
    }

    fn oauth_client(&self) -> Option<Client> {
        let id = self.get("client_id")?.to_owned();
        Some(Client { id, secret: self.get("client_secret").unwrap_or_default().into() })
    }

    fn impersonation_lifetime(&self) -> Result<Option<Duration>, AuthError> {
        let settings = self.object.get("service_account_impersonation");
        let Some(value) = settings.and_then(|value| value.get("token_lifetime_seconds")) else {
            return Ok(None);
        };
        match value.as_u64() {
            Some(seconds @ 600..=43_200) => Ok(Some(Duration::from_secs(seconds))),
            _ => Err(invalid(self.place, "has a token_lifetime_seconds outside of 600 to 43200")),
        }
    }

    fn subject_source(&self) -> Result<SubjectSource, AuthError> {
        let source = self.object.get("credential_source").and_then(Value::as_object);
        let source =
            source.ok_or_else(|| invalid(self.place, "has no member \"credential_source\""))?;
        if let Some(version) = string(source, "environment_id") {
            return self.aws(source, version);
        }
        if let Some(program) = source.get("executable").and_then(Value::as_object) {
            return self.executable(program);
        }
        let format = self.format(source)?;
        if let Some(path) = string(source, "file") {
            return Ok(SubjectSource::File { path: path.into(), format });
        }
        if let Some(url) = string(source, "url") {
            let url = source_url(url).map_err(|error| self.located(&error))?;
            return Ok(SubjectSource::Url { url, headers: self.headers(source)?, format });
        }
        let why = "has a credential_source that is no file, url, executable, or AWS: other \
                   sources, such as certificates, are not supported";
        Err(invalid(self.place, why))
    }

    fn format(&self, source: &Object) -> Result<Format, AuthError> {
        let Some(format) = source.get("format").and_then(Value::as_object) else {
            return Ok(Format::Text);
        };
        match (string(format, "type"), string(format, "subject_token_field_name")) {
            (None | Some("text"), _) => Ok(Format::Text),
            (Some("json"), Some(field)) => Ok(Format::Json { field: field.to_owned() }),
            _ => Err(invalid(
                self.place,
                "has a format of its credential_source that is neither text nor json with a \
                 subject_token_field_name",
            )),
        }
    }

    fn headers(&self, source: &Object) -> Result<HeaderMap, AuthError> {
        let headers = source.get("headers").and_then(Value::as_object);
        let headers = headers.into_iter().flatten().map(|(name, value)| {
            let name = HeaderName::try_from(name.as_str()).ok()?;
            let mut value = HeaderValue::try_from(value.as_str()?).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        });
        let headers: Option<HeaderMap> = headers.collect();
        headers.ok_or_else(|| invalid(self.place, "has headers that cannot be sent"))
    }

    fn aws(&self, source: &Object, version: &str) -> Result<SubjectSource, AuthError> {
        if version != "aws1" {
            return Err(invalid(self.place, "has an environment_id other than \"aws1\""));
        }
        let text = |name| string(source, name).map(str::to_owned);
        let verification_url = text("regional_cred_verification_url");
        let missing = || invalid(self.place, "has no regional_cred_verification_url");
        let aws = AwsSource {
            environment: self.environment.clone(),
            region_url: text("region_url"),
            keys_url: text("url"),
            session_url: text("imdsv2_session_token_url"),
            verification_url: verification_url.ok_or_else(missing)?,
        };
        aws.check().map_err(|error| self.located(&error))?;
        Ok(SubjectSource::Aws(Box::new(aws)))
    }

    fn executable(&self, program: &Object) -> Result<SubjectSource, AuthError> {
        let command = string(program, "command").filter(|command| !command.trim().is_empty());
        let command =
            command.ok_or_else(|| invalid(self.place, "names a program without a command"))?;
        let timeout = match program.get("timeout_millis") {
            None => 30_000,
            Some(value) => {
                value.as_u64().filter(|millis| (5_000..=120_000).contains(millis)).ok_or_else(
                    || invalid(self.place, "has a timeout_millis outside of 5000 to 120000"),
                )?
            }
        };
        let url = self.get("service_account_impersonation_url");
        Ok(SubjectSource::Executable(Executable {
            environment: self.environment.clone(),
            command: command.to_owned(),
            timeout: Duration::from_millis(timeout),
            output_file: string(program, "output_file").map(Into::into),
            impersonated: url.map(|url| impersonated_email(url).to_owned()),
        }))
    }

    fn located(&self, error: &AuthError) -> AuthError {
        let message = format!("in the credential file {}: {error}", self.place);
        AuthError::new(error.kind(), message)
    }
}

/// Returns the account that a URL impersonates: `…/serviceAccounts/EMAIL:generateAccessToken`.
pub(super) fn impersonated_email(url: &str) -> &str {
    url.rsplit('/').next().and_then(|last| last.split(':').next()).unwrap_or_default()
}
