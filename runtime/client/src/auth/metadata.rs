//! The metadata server of Google's machines.

use super::oauth::{TokenRequest, TokenResponse, form, parse_token_response, parse_url};
use super::{AuthContext, AuthError, AuthErrorKind, Token, TokenProvider};
use crate::BoxFuture;
use crate::redact::shown_url;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use std::time::Duration;

const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
const GOOGLE: HeaderValue = HeaderValue::from_static("Google");
/// A name, not an address: elsewhere than at Google it is unknown at once, while packets to
/// 169.254.169.254 get lost.
const HOST: &str = "metadata.google.internal";
const ACTION: &str = "asking the metadata server for an access token";

/// Tokens of the service account that this machine, container or function runs as
/// ([metadata server](https://cloud.google.com/compute/docs/metadata/querying-metadata)).
#[derive(Clone, Debug)]
pub struct MetadataServer {
    host: String,
    account: String,
    attempt_timeout: Duration,
    max_attempts: usize,
}

impl MetadataServer {
    /// Tokens of the default service account.
    #[must_use]
    pub fn new() -> Self {
        Self {
            host: HOST.to_owned(),
            account: "default".to_owned(),
            attempt_timeout: Duration::from_secs(5),
            max_attempts: 3,
        }
    }

    /// Sets host, and port if it is not 80: what `GCE_METADATA_HOST` gives.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// Sets the service account, by its e-mail, where the machine has several.
    #[must_use]
    pub fn with_account(mut self, email: impl Into<String>) -> Self {
        self.account = email.into();
        self
    }

    /// For a server that may well not be there: one attempt, and not for long.
    #[cfg(feature = "adc")]
    pub(super) fn with_single_attempt(mut self) -> Self {
        self.attempt_timeout = Duration::from_secs(3);
        self.max_attempts = 1;
        self
    }

    fn request(&self, cx: &AuthContext) -> Result<TokenRequest, AuthError> {
        let path = "computeMetadata/v1/instance/service-accounts";
        let account = form::encode_email(&self.account);
        let mut url = format!("http://{}/{path}/{account}/token", self.host);
        if !cx.scopes().is_empty() {
            url.push('?');
            url.push_str(&form::encode(&[("scopes", &cx.scopes().join(","))]));
        }
        let mut headers = HeaderMap::new();
        headers.insert(FLAVOR, GOOGLE);
        Ok(TokenRequest {
            action: ACTION,
            method: Method::GET,
            // In the clear, as the server offers nothing else: it is on the same machine, and the
            // request holds no secret.
            url: parse_url(&url)?,
            headers,
            body: Bytes::new(),
            attempt_timeout: self.attempt_timeout,
            max_attempts: self.max_attempts,
        })
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let response = self.request(cx)?.send(cx).await?;
        self.check(&response)?;
        Ok(parse_token_response(ACTION, &response)?.token)
    }

    fn check(&self, response: &TokenResponse) -> Result<(), AuthError> {
        if response.headers.get(FLAVOR) != Some(&GOOGLE) {
            let message = format!(
                "{} answers but is not Google's metadata server: this machine is not in Google \
                 Cloud; use other credentials",
                shown_url(&self.host)
            );
            return Err(AuthError::new(AuthErrorKind::NotFound, message));
        }
        if response.status == StatusCode::NOT_FOUND {
            let message = format!(
                "the metadata server knows no service account {:?}: attach one to this machine",
                self.account
            );
            return Err(AuthError::new(AuthErrorKind::NotFound, message));
        }
        Ok(())
    }
}

impl Default for MetadataServer {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenProvider for MetadataServer {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.token(cx))
    }
}
