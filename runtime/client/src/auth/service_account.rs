//! Service account keys.

use super::crypto::SigningKey;
use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{GOOGLE_TOKEN_URL, TokenRequest, fetch_token, parse_token_member};
use super::{
    AuthContext, AuthError, AuthErrorKind, Cached, IdTokenSource, Impersonated, Secret, Token,
    TokenProvider,
};
use crate::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const ACTION: &str = "getting an access token for a service account";
const ID_ACTION: &str = "getting an ID token for a service account";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Maximum lifetime of an assertion.
const LIFETIME: Duration = Duration::from_secs(3600);
/// Backdating of assertions, for servers whose clock is slow.
const SKEW: Duration = Duration::from_secs(10);

/// Tokens of a service account with a private key.
///
/// For APIs of Google Cloud, which are those that accept the scope `cloud-platform`, the token is a
/// JWT signed with the key, without a request ([AIP-4111](https://google.aip.dev/auth/4111)); so it
/// always is outside the universe `googleapis.com`. Other APIs, such as those of Google Workspace,
/// need not accept it. For them, and for a subject, an assertion signed with the key is exchanged
/// for a token ([OAuth for service
/// accounts](https://developers.google.com/identity/protocols/oauth2/service-account)).
/// [`ServiceAccount::with_self_signed_tokens`] overrides the choice.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    email: String,
    key: Arc<SigningKey>,
    key_id: Option<String>,
    token_url: String,
    subject: Option<String>,
    /// `None` decides by the API.
    self_signed: Option<bool>,
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
            self_signed: None,
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
    /// granted by an administrator, and the universe `googleapis.com`. The token service issues the
    /// tokens: none is self-signed.
    #[must_use]
    pub fn with_subject(mut self, email: impl Into<String>) -> Self {
        self.subject = Some(email.into());
        self
    }

    /// Always signs tokens locally, or never. The default decides by the API; `true` is for an API
    /// outside of Google Cloud that accepts such tokens, `false` for one that does not accept them.
    /// No effect together with [`ServiceAccount::with_subject`], or outside the universe
    /// `googleapis.com`.
    #[must_use]
    pub fn with_self_signed_tokens(mut self, yes: impl Into<Option<bool>>) -> Self {
        self.self_signed = yes.into();
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

    fn is_public_universe(&self) -> bool {
        *self.universe == *DEFAULT_UNIVERSE
    }

    fn is_self_signed(&self, cx: &AuthContext) -> Result<bool, AuthError> {
        match &self.subject {
            Some(_) if !self.is_public_universe() => {
                let message = format!(
                    "a service account of universe {:?} cannot act for a user: domain-wide \
                     delegation exists in {DEFAULT_UNIVERSE} only; leave out the subject",
                    self.universe
                );
                Err(AuthError::new(AuthErrorKind::Invalid, message))
            }
            Some(_) => Ok(false),
            None if !self.is_public_universe() => Ok(true),
            None => Ok(self.self_signed.unwrap_or_else(|| cx.is_cloud_api())),
        }
    }

    /// Signs an assertion, for the token service if `audience` is given, else for an API.
    fn assertion(&self, cx: &AuthContext, audience: Option<&str>) -> Result<String, AuthError> {
        let mut claims = json!({ "scope": cx.required_scopes().join(" ") });
        if let Some(audience) = audience {
            claims["aud"] = json!(audience);
        }
        match (&self.subject, audience) {
            (Some(subject), _) => claims["sub"] = json!(subject),
            (None, None) => claims["sub"] = json!(self.email),
            (None, Some(_)) => {}
        }
        self.sign(cx, claims)
    }

    /// Signs claims, with the issuer and the times of now.
    fn sign(&self, cx: &AuthContext, mut claims: Value) -> Result<String, AuthError> {
        let issued = cx.clock().unix().saturating_sub(SKEW);
        claims["iss"] = json!(self.email);
        claims["iat"] = json!(issued.as_secs());
        claims["exp"] = json!(issued.saturating_add(LIFETIME).as_secs());
        let mut header = json!({ "alg": "RS256", "typ": "JWT" });
        if let Some(id) = &self.key_id {
            header["kid"] = json!(id);
        }
        self.key.jwt(&header.to_string(), &claims.to_string())
    }

    fn exchange(&self, what: &'static str, assertion: &str) -> Result<TokenRequest, AuthError> {
        let fields = [("grant_type", GRANT), ("assertion", assertion)];
        TokenRequest::form(what, &self.token_url, &fields)
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let mut token = if self.is_self_signed(cx)? {
            Token::new(self.assertion(cx, None)?).with_lifetime(LIFETIME - SKEW)
        } else {
            let assertion = self.assertion(cx, Some(&self.token_url))?;
            fetch_token(&self.exchange(ACTION, &assertion)?, cx).await?
        };
        if let Some(project) = &self.quota_project {
            token = token.with_quota_project(Arc::clone(project));
        }
        Ok(token.with_universe(Arc::clone(&self.universe)))
    }
}

impl ServiceAccount {
    async fn id_token(&self, cx: &AuthContext, audience: &str) -> Result<Secret, AuthError> {
        if self.subject.is_some() {
            let message =
                "an ID token identifies the service account itself: leave out the subject";
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        }
        if !self.is_public_universe() {
            // Other universes have no token service; the account impersonates itself.
            let own = Impersonated::new(Cached::new(self.clone()), &self.email);
            return own.fetch_id_token(cx, audience).await;
        }
        let claims = json!({ "aud": self.token_url, "target_audience": audience });
        let request = self.exchange(ID_ACTION, &self.sign(cx, claims)?)?;
        parse_token_member(ID_ACTION, &request.send(cx).await?, "id_token")
    }
}

impl IdTokenSource for ServiceAccount {
    fn fetch_id_token<'a>(
        &'a self,
        cx: &'a AuthContext,
        audience: &'a str,
    ) -> BoxFuture<'a, Result<Secret, AuthError>> {
        Box::pin(self.id_token(cx, audience))
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
