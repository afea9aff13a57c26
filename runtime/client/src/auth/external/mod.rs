//! Workload and workforce identity federation ([AIP-4117](https://google.aip.dev/auth/4117)).

mod aws;
mod executable;
mod signature;
mod subject;
mod user;

pub(super) use self::aws::AwsSource;
pub(super) use self::executable::Executable;
pub(super) use self::subject::{Format, SubjectSource, source_url};
pub(super) use self::user::ExternalUser;

use super::oauth::{TokenRequest, fetch_token};
use super::{AuthContext, AuthError, Secret, Token, TokenProvider};
use crate::BoxFuture;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderValue};
use serde_json::json;
use std::sync::Arc;

const ACTION: &str = "exchanging a token of another identity provider";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Tokens in exchange for those of another identity provider
/// ([RFC 8693](https://www.rfc-editor.org/rfc/rfc8693)).
#[derive(Debug)]
pub(super) struct ExternalAccount {
    pub(super) audience: String,
    pub(super) subject_token_type: String,
    pub(super) token_url: String,
    pub(super) source: SubjectSource,
    pub(super) client: Option<Client>,
    /// Project billed for workforce identities, which belong to none.
    pub(super) workforce_project: Option<String>,
    pub(super) quota_project: Option<Arc<str>>,
    pub(super) universe: Arc<str>,
}

/// An OAuth client, which authenticates requests to the token service.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Secret,
}

impl Client {
    /// Returns the value of `Authorization` ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
    fn header(&self) -> Option<HeaderValue> {
        let pair = format!("{}:{}", self.id, self.secret.expose());
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl ExternalAccount {
    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let subject = self.source.token(cx, &self.audience, &self.subject_token_type).await?;
        let token = fetch_token(&self.request(cx, &subject)?, cx).await?;
        let token = match &self.quota_project {
            Some(project) => token.with_quota_project(Arc::clone(project)),
            None => token,
        };
        Ok(token.with_universe(Arc::clone(&self.universe)))
    }

    fn request(&self, cx: &AuthContext, subject: &Secret) -> Result<TokenRequest, AuthError> {
        let scope = cx.required_scopes().join(" ");
        let mut fields = vec![
            ("grant_type", GRANT),
            ("audience", self.audience.as_str()),
            ("scope", scope.as_str()),
            ("requested_token_type", ACCESS_TOKEN),
            ("subject_token", subject.expose()),
            ("subject_token_type", self.subject_token_type.as_str()),
        ];
        // The client's own project is billed where there is a client.
        let project = self.workforce_project.as_ref().filter(|_| self.client.is_none());
        let options = project.map(|project| json!({ "userProject": project }).to_string());
        if let Some(options) = &options {
            fields.push(("options", options));
        }
        let mut request = TokenRequest::form(ACTION, &self.token_url, &fields)?;
        if let Some(header) = self.client.as_ref().and_then(Client::header) {
            request.headers.insert(AUTHORIZATION, header);
        }
        Ok(request)
    }
}

impl TokenProvider for ExternalAccount {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.token(cx))
    }

    fn universe_domain(&self) -> Option<String> {
        Some(self.universe.to_string())
    }
}
