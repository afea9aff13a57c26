//! Service account keys.

use super::crypto::SigningKey;
use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{GOOGLE_TOKEN_URL, TokenRequest, fetch_token};
use super::{AuthContext, AuthError, Token, TokenProvider};
use crate::BoxFuture;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "getting an access token for a service account";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Scope of tokens for calls without one: the service requires a scope.
const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
/// Maximum lifetime of an assertion.
const LIFETIME: Duration = Duration::from_secs(3600);
/// Backdating of assertions, for servers whose clock is slow.
const SKEW: Duration = Duration::from_secs(10);

/// Tokens of a service account with a private key.
///
/// By default, an assertion signed with the key is exchanged for a token that every Google API
/// accepts ([OAuth for service
/// accounts](https://developers.google.com/identity/protocols/oauth2/service-account)). With
/// [`ServiceAccount::with_self_signed_tokens`], and always outside the universe `googleapis.com`,
/// the signed assertion itself is the token ([AIP-4111](https://google.aip.dev/auth/4111)).
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    email: String,
    key: Arc<SigningKey>,
    key_id: Option<String>,
    token_url: String,
    subject: Option<String>,
    self_signed: bool,
    quota_project: Option<Arc<str>>,
    universe: Arc<str>,
}

impl ServiceAccount {
    /// Creates a provider for the service account `email` with its RSA key in PEM format.
    ///
    /// # Errors
    /// [`super::AuthErrorKind::Invalid`] if the key cannot be used.
    pub fn new(email: impl Into<String>, private_key: &str) -> Result<Self, AuthError> {
        Ok(Self {
            email: email.into(),
            key: Arc::new(SigningKey::from_pem(private_key)?),
            key_id: None,
            token_url: GOOGLE_TOKEN_URL.to_owned(),
            subject: None,
            self_signed: false,
            quota_project: None,
            universe: Arc::from(DEFAULT_UNIVERSE),
        })
    }

    /// Sets the key ID, which helps the service find the public key.
    #[must_use]
    pub fn with_key_id(mut self, id: impl Into<String>) -> Self {
        self.key_id = Some(id.into());
        self
    }

    /// Sets the URL of the token service: `https`, or on this machine.
    #[must_use]
    pub fn with_token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = url.into();
        self
    }

    /// Acts on behalf of a user of the organization, given by email. Requires [domain-wide
    /// delegation](https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority),
    /// granted by an administrator.
    #[must_use]
    pub fn with_subject(mut self, email: impl Into<String>) -> Self {
        self.subject = Some(email.into());
        self
    }

    /// Signs tokens locally. This saves a request, but only Google Cloud APIs accept such tokens.
    /// No effect together with [`ServiceAccount::with_subject`].
    #[must_use]
    pub fn with_self_signed_tokens(mut self, yes: bool) -> Self {
        self.self_signed = yes;
        self
    }

    /// Sets the quota project, if it differs from the account's own.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<Arc<str>>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Sets the universe of the account.
    #[must_use]
    pub fn with_universe(mut self, universe: impl Into<Arc<str>>) -> Self {
        self.universe = universe.into();
        self
    }

    /// Returns the email of the account.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    fn is_self_signed(&self) -> bool {
        self.subject.is_none() && (self.self_signed || *self.universe != *DEFAULT_UNIVERSE)
    }

    /// Signs an assertion, for the token service if `audience` is given, else for an API.
    fn assertion(&self, cx: &AuthContext, audience: Option<&str>) -> Result<String, AuthError> {
        let scope = match cx.scopes() {
            [] => CLOUD.to_owned(),
            scopes => scopes.join(" "),
        };
        let issued = cx.clock().unix().saturating_sub(SKEW);
        let mut claims = json!({
            "iss": self.email,
            "scope": scope,
            "iat": issued.as_secs(),
            "exp": issued.saturating_add(LIFETIME).as_secs(),
        });
        if let Some(audience) = audience {
            claims["aud"] = json!(audience);
        }
        match (&self.subject, audience) {
            (Some(subject), _) => claims["sub"] = json!(subject),
            (None, None) => claims["sub"] = json!(self.email),
            (None, Some(_)) => {}
        }
        let mut header = json!({ "alg": "RS256", "typ": "JWT" });
        if let Some(id) = &self.key_id {
            header["kid"] = json!(id);
        }
        self.key.jwt(&header.to_string(), &claims.to_string())
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let mut token = if self.is_self_signed() {
            Token::new(self.assertion(cx, None)?).with_lifetime(LIFETIME - SKEW)
        } else {
            let assertion = self.assertion(cx, Some(&self.token_url))?;
            let fields = [("grant_type", GRANT), ("assertion", assertion.as_str())];
            fetch_token(&TokenRequest::form(ACTION, &self.token_url, &fields)?, cx).await?
        };
        if let Some(project) = &self.quota_project {
            token = token.with_quota_project(Arc::clone(project));
        }
        Ok(token.with_universe(Arc::clone(&self.universe)))
    }
}

impl TokenProvider for ServiceAccount {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.token(cx))
    }

    fn universe_domain(&self) -> Option<String> {
        Some(self.universe.to_string())
    }
}
