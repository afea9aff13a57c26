//! ID tokens.

use super::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Cached, Credentials, Secret, Token,
    TokenProvider,
};
use crate::BoxFuture;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A source of ID tokens for [`IdTokens`].
pub trait IdTokenSource: fmt::Debug + Send + Sync {
    /// Fetches a new ID token for `audience`, by the deadline of `cx`. The scopes of `cx` have no
    /// effect.
    ///
    /// # Errors
    /// As for [`Credentials::headers`].
    fn fetch_id_token<'a>(
        &'a self,
        cx: &'a AuthContext,
        audience: &'a str,
    ) -> BoxFuture<'a, Result<Secret, AuthError>>;
}

/// ID tokens in place of access tokens, for services that authenticate their callers themselves:
/// [Cloud Run](https://cloud.google.com/run/docs/authenticating/service-to-service), Cloud Run
/// functions, and applications behind
/// [Identity-Aware Proxy](https://cloud.google.com/iap/docs/authentication-howto).
///
/// An [ID token](https://openid.net/specs/openid-connect-core-1_0.html#IDToken) identifies a service
/// account to one audience: the URL of a Cloud Run service, or the client ID of a proxy. Google's
/// APIs reject it. Sources are [`Adc`](super::Adc), [`ServiceAccount`](super::ServiceAccount),
/// [`MetadataServer`](super::MetadataServer), and [`Impersonated`](super::Impersonated); users'
/// logins have no ID tokens for other services.
///
/// Tokens are cached as in [`Cached`], until the time in their claim `exp`. A token for another
/// audience is refused. Signatures are not verified, since the token comes from its issuer.
///
/// ```
/// use discovery_runtime::auth::{Adc, IdTokens};
/// let credentials = IdTokens::new(Adc::new(), "https://service-abc123-uc.a.run.app");
/// ```
#[derive(Debug)]
pub struct IdTokens {
    cached: Cached<Provider>,
}

#[derive(Debug)]
struct Provider {
    source: Arc<dyn IdTokenSource>,
    audience: String,
}

impl IdTokens {
    /// Creates credentials for one audience.
    pub fn new(source: impl IdTokenSource + 'static, audience: impl Into<String>) -> Self {
        let provider = Provider { source: Arc::new(source), audience: audience.into() };
        Self { cached: Cached::new(provider) }
    }

    /// Returns the audience of the tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.cached.provider().audience
    }
}

impl Credentials for IdTokens {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        self.cached.headers(cx)
    }

    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        self.cached.invalidate(headers)
    }
}

impl Provider {
    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let secret = self.source.fetch_id_token(cx, &self.audience).await?;
        let left = time_left(&secret, &self.audience, cx.clock().unix())?;
        Ok(Token::new(secret).with_lifetime(left))
    }
}

impl TokenProvider for Provider {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.token(cx))
    }

    fn scoped(&self) -> bool {
        false
    }
}

/// Returns the time until a token expires, after a check that it is for `audience`.
fn time_left(token: &Secret, audience: &str, now: Duration) -> Result<Duration, AuthError> {
    let malformed = |why: &str| {
        let message = format!("the ID token {why}: it is not used");
        AuthError::new(AuthErrorKind::Malformed, message)
    };
    let claims = claims(token).ok_or_else(|| malformed("is not a JSON Web Token"))?;
    if claims.get("aud").and_then(Value::as_str) != Some(audience) {
        return Err(malformed("is for another audience than the requested one"));
    }
    let time = |name: &str| claims.get(name).and_then(Value::as_u64).map(Duration::from_secs);
    let expiry = time("exp").ok_or_else(|| malformed("has no expiry"))?;
    let left = expiry.saturating_sub(now);
    if left.is_zero() {
        return Err(malformed("has expired already, or this machine's clock is fast"));
    }
    // A slow local clock must not extend the token.
    Ok(time("iat").map_or(left, |issued| left.min(expiry.saturating_sub(issued))))
}

fn claims(token: &Secret) -> Option<Map<String, Value>> {
    let mut parts = token.expose().split('.');
    let (_, claims, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&claims).ok()
}
