//! Impersonation of service accounts.

use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{TokenRequest, TokenResponse, form, string};
use super::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Cached, Credentials, Token, TokenProvider,
};
use crate::BoxFuture;
use crate::json::Timestamp;
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "impersonating a service account";
/// Scope of the source credentials, and the default scope of the token.
const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
const HOUR: Duration = Duration::from_secs(3600);

/// Tokens of an impersonated service account. The source needs the role *Service Account Token
/// Creator* on it
/// ([`generateAccessToken`](https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken)).
///
/// ```
/// use discovery_runtime::auth::{Impersonated, StaticToken};
/// let source = StaticToken::new("ya29.of-the-user");
/// let credentials = Impersonated::new(source, "robot@project.iam.gserviceaccount.com").cached();
/// ```
#[derive(Clone, Debug)]
pub struct Impersonated {
    source: Arc<dyn Credentials>,
    url: String,
    delegates: Vec<String>,
    lifetime: Duration,
    quota_project: Option<Arc<str>>,
}

impl Impersonated {
    /// Creates a provider for the service account `email`, authorized by `source`.
    pub fn new(source: impl Credentials + 'static, email: &str) -> Self {
        let universe = source.universe_domain();
        let universe = universe.as_deref().unwrap_or(DEFAULT_UNIVERSE);
        let base = format!("https://iamcredentials.{universe}/v1/projects/-/serviceAccounts");
        Self {
            source: Arc::new(source),
            url: format!("{base}/{}:generateAccessToken", form::encode_email(email)),
            delegates: Vec::new(),
            lifetime: HOUR,
            quota_project: None,
        }
    }

    /// Sets the full URL of the method, as credential files of type `impersonated_service_account`
    /// do.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Sets the delegation chain: emails of service accounts, each of which may impersonate the
    /// next, and the last the target.
    #[must_use]
    pub fn with_delegates(mut self, emails: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.delegates = emails.into_iter().map(|email| delegate(email.into())).collect();
        self
    }

    /// Sets the lifetime of tokens: one hour by default, at most twelve, and more than one only if
    /// the organization's policy allows it.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Sets the quota project.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<Arc<str>>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Wraps the provider in a token cache.
    #[must_use]
    pub fn cached(self) -> Cached<Self> {
        Cached::new(self)
    }

    fn request(&self, cx: &AuthContext, source: &AuthHeaders) -> Result<TokenRequest, AuthError> {
        let scopes: Vec<&str> = match cx.scopes() {
            [] => vec![CLOUD],
            scopes => scopes.iter().map(String::as_str).collect(),
        };
        let lifetime = format!("{}s", self.lifetime.as_secs());
        let mut body = json!({ "scope": scopes, "lifetime": lifetime });
        if !self.delegates.is_empty() {
            body["delegates"] = json!(self.delegates);
        }
        let mut request = TokenRequest::json(ACTION, &self.url, &body)?;
        source.apply(&mut request.headers);
        Ok(request)
    }

    async fn generate(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let own = cx.clone().with_scopes([CLOUD]);
        let source = self.source.headers(&own).await?;
        let mut response = self.request(cx, &source)?.send(cx).await?;
        if response.status == StatusCode::UNAUTHORIZED && self.source.invalidate(&source) {
            let source = self.source.headers(&own).await?;
            response = self.request(cx, &source)?.send(cx).await?;
        }
        self.read(cx, &response)
    }

    fn read(&self, cx: &AuthContext, response: &TokenResponse) -> Result<Token, AuthError> {
        if !response.status.is_success() {
            return Err(super::oauth::response_error(ACTION, response));
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let object = body.as_object();
        let secret = object.and_then(|object| string(object, "accessToken"));
        let secret = secret.ok_or_else(|| {
            let message = "the answer to generateAccessToken has no accessToken";
            AuthError::new(AuthErrorKind::Malformed, message)
        })?;
        let expiry = object.and_then(|object| string(object, "expireTime"));
        let mut token = Token::new(secret).with_lifetime(self.lifetime_until(cx, expiry));
        if let Some(project) = &self.quota_project {
            token = token.with_quota_project(Arc::clone(project));
        }
        Ok(token)
    }

    /// Returns the time until expiry, at most the requested lifetime: a slow local clock must not
    /// extend a token.
    fn lifetime_until(&self, cx: &AuthContext, expiry: Option<&str>) -> Duration {
        let expiry = expiry.and_then(|text| text.parse::<Timestamp>().ok());
        let seconds = expiry.and_then(|time| u64::try_from(time.seconds()).ok());
        let left = seconds.map(|at| Duration::from_secs(at).saturating_sub(cx.clock().unix()));
        // A fast local clock shows no time left; the requested lifetime applies then.
        left.filter(|left| !left.is_zero()).map_or(self.lifetime, |left| left.min(self.lifetime))
    }
}

fn delegate(email: String) -> String {
    if email.starts_with("projects/") {
        email
    } else {
        format!("projects/-/serviceAccounts/{email}")
    }
}

impl TokenProvider for Impersonated {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.generate(cx))
    }

    fn universe_domain(&self) -> Option<String> {
        self.source.universe_domain()
    }
}
