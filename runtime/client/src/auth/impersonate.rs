//! Impersonation of service accounts.

use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{TokenRequest, TokenResponse, form, string};
use super::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Cached, Credentials, Token, TokenProvider,
};
#[cfg(feature = "adc")]
use super::{IdTokenSource, Secret};
use crate::BoxFuture;
use crate::json::Timestamp;
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "impersonating a service account";
#[cfg(feature = "adc")]
const ID_ACTION: &str = "getting an ID token of an impersonated service account";
const ACCESS_TOKEN: &str = ":generateAccessToken";
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
    email: String,
    /// The URL of `generateAccessToken`, if it is not that of the universe.
    url: Option<String>,
    delegates: Vec<String>,
    lifetime: Duration,
    quota_project: Option<Arc<str>>,
}

impl Impersonated {
    /// Creates a provider for the service account `email`, authorized by `source`.
    pub fn new(source: impl Credentials + 'static, email: &str) -> Self {
        Self {
            source: Arc::new(source),
            email: email.to_owned(),
            url: None,
            delegates: Vec::new(),
            lifetime: HOUR,
            quota_project: None,
        }
    }

    /// Sets the full URL of the method `generateAccessToken`, as credential files of type
    /// `impersonated_service_account` do.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
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

    /// Returns the URL of `generateAccessToken`. Without a given one, it is in the universe of the
    /// source's token.
    fn url(&self, source: &AuthHeaders) -> String {
        self.url.clone().unwrap_or_else(|| {
            let universe = source.universe_domain().unwrap_or(DEFAULT_UNIVERSE);
            let account = form::encode_email(&self.email);
            let path = "v1/projects/-/serviceAccounts";
            format!("https://iamcredentials.{universe}/{path}/{account}{ACCESS_TOKEN}")
        })
    }

    async fn generate(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let lifetime = format!("{}s", self.lifetime.as_secs());
        let body = json!({ "scope": cx.required_scopes(), "lifetime": lifetime });
        let (response, source) = self.send(ACTION, cx, body, Ok).await?;
        let token = self.read(cx, &response)?;
        Ok(token.with_known_universe(source.universe()))
    }

    /// Sends a request with the source's token, a second time with another token if the first was
    /// rejected. `url` turns the URL of `generateAccessToken` into that of the method.
    async fn send(
        &self,
        what: &'static str,
        cx: &AuthContext,
        mut body: Value,
        url: fn(String) -> Result<String, AuthError>,
    ) -> Result<(TokenResponse, AuthHeaders), AuthError> {
        if !self.delegates.is_empty() {
            body["delegates"] = json!(self.delegates);
        }
        let request = |source: &AuthHeaders| {
            let mut request = TokenRequest::json(what, &url(self.url(source))?, &body)?;
            source.apply(&mut request.headers);
            Ok(request)
        };
        let own = cx.clone().for_iam();
        let source = self.source.headers(&own).await?;
        let response = request(&source)?.send(cx).await?;
        if response.status != StatusCode::UNAUTHORIZED || !self.source.invalidate(&source) {
            return Ok((response, source));
        }
        let source = self.source.headers(&own).await?;
        Ok((request(&source)?.send(cx).await?, source))
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

/// Turns the URL of `generateAccessToken` into that of `generateIdToken`.
#[cfg(feature = "adc")]
fn id_token_url(url: String) -> Result<String, AuthError> {
    let base = url.strip_suffix(ACCESS_TOKEN).ok_or_else(|| {
        let message = format!(
            "the URL of the impersonation does not end in {ACCESS_TOKEN}, so that of ID tokens is \
             unknown; correct service_account_impersonation_url in the credential file"
        );
        AuthError::new(AuthErrorKind::Invalid, message)
    })?;
    Ok(format!("{base}:generateIdToken"))
}

#[cfg(feature = "adc")]
impl Impersonated {
    async fn id_token(&self, cx: &AuthContext, audience: &str) -> Result<Secret, AuthError> {
        // Services identify callers by email.
        let body = json!({ "audience": audience, "includeEmail": true });
        let (response, _) = self.send(ID_ACTION, cx, body, id_token_url).await?;
        super::oauth::parse_token_member(ID_ACTION, &response, "token")
    }
}

#[cfg(feature = "adc")]
impl IdTokenSource for Impersonated {
    fn fetch_id_token<'a>(
        &'a self,
        cx: &'a AuthContext,
        audience: &'a str,
    ) -> BoxFuture<'a, Result<Secret, AuthError>> {
        Box::pin(self.id_token(cx, audience))
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
