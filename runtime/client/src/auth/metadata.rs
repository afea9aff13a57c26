//! Metadata server of Google Cloud machines.

use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{
    TokenRequest, TokenResponse, form, parse_token_response, parse_url, response_error,
};
use super::{AuthContext, AuthError, AuthErrorKind, Token, TokenProvider};
#[cfg(feature = "adc")]
use super::{IdTokenSource, Secret};
use crate::BoxFuture;
use crate::redact::shown_url;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
#[cfg(feature = "adc")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
const GOOGLE: HeaderValue = HeaderValue::from_static("Google");
/// A name rather than an address: outside Google it fails to resolve at once, whereas packets to
/// 169.254.169.254 time out.
const HOST: &str = "metadata.google.internal";
const ACTION: &str = "asking the metadata server for an access token";
#[cfg(feature = "adc")]
const ID_ACTION: &str = "asking the metadata server for an ID token";
const UNIVERSE_ACTION: &str = "asking the metadata server for the universe of this machine";

/// Tokens of the service account attached to this machine, container, or function ([metadata
/// server](https://cloud.google.com/compute/docs/metadata/querying-metadata)).
#[derive(Clone, Debug)]
pub struct MetadataServer {
    host: String,
    account: String,
    attempt_timeout: Duration,
    max_attempts: usize,
    presence: Presence,
    /// Known after the first answer.
    universe: Arc<OnceLock<Arc<str>>>,
}

/// Whether the server exists.
#[derive(Clone, Debug)]
enum Presence {
    /// It does, or so the program, the environment, or the machine says.
    Known,
    /// Unknown until it answers. If it does not, the text says which credentials were looked for
    /// before.
    #[cfg(feature = "adc")]
    Guessed { tried: String, found: Arc<AtomicBool> },
}

impl MetadataServer {
    /// Creates a provider for the default service account.
    #[must_use]
    pub fn new() -> Self {
        Self {
            host: HOST.to_owned(),
            account: "default".to_owned(),
            attempt_timeout: Duration::from_secs(5),
            // A server that wakes up with its machine may need some seconds.
            max_attempts: 5,
            presence: Presence::Known,
            universe: Arc::default(),
        }
    }

    /// Sets the host, with a port unless it is 80, as in `GCE_METADATA_HOST`. A leading `http://` is
    /// ignored.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        let host = host.into();
        let bare = host.strip_prefix("http://").unwrap_or(&host);
        self.host = bare.trim_end_matches('/').to_owned();
        self
    }

    /// Sets the email or alias of the service account, if the machine has several.
    #[must_use]
    pub fn with_account(mut self, email: impl Into<String>) -> Self {
        self.account = email.into();
        self
    }

    /// Sets the universe of the machine. By default, the server is asked for it once.
    #[must_use]
    pub fn with_universe(mut self, domain: impl Into<Arc<str>>) -> Self {
        self.universe = Arc::new(OnceLock::from(domain.into()));
        self
    }

    /// Asks first whether there is a server at all. If there is none, `tried` is the error.
    #[cfg(feature = "adc")]
    pub(super) fn guessed(mut self, tried: String) -> Self {
        self.presence = Presence::Guessed { tried, found: Arc::default() };
        self
    }

    /// Checks that there is a server.
    ///
    /// # Errors
    ///
    /// If nothing answers, or something else than Google's server. A server that answers with a
    /// failure is there.
    async fn find(&self, cx: &AuthContext) -> Result<(), AuthError> {
        // Without default credentials, no server is guessed.
        #[cfg(not(feature = "adc"))]
        let _ = cx;
        match &self.presence {
            Presence::Known => Ok(()),
            #[cfg(feature = "adc")]
            Presence::Guessed { found, .. } if found.load(Ordering::Relaxed) => Ok(()),
            #[cfg(feature = "adc")]
            Presence::Guessed { tried, found } => {
                let mut request = self.get(ACTION, "http://".to_owned() + &self.host)?;
                (request.attempt_timeout, request.max_attempts) = (Duration::from_secs(3), 1);
                let response = request.ping(cx).await;
                let google = response.as_ref().ok().and_then(|head| head.headers.get(FLAVOR));
                if google == Some(&GOOGLE) {
                    found.store(true, Ordering::Relaxed);
                    return Ok(());
                }
                match response {
                    Err(error) if !error.is_transient() => Err(error),
                    Err(error) => {
                        Err(AuthError::with_source(AuthErrorKind::NotFound, tried.as_str(), error))
                    }
                    Ok(_) => Err(AuthError::new(AuthErrorKind::NotFound, tried.as_str())),
                }
            }
        }
    }

    /// Returns the URL of a value of the service account.
    fn url(&self, name: &str) -> String {
        let path = "computeMetadata/v1/instance/service-accounts";
        format!("http://{}/{path}/{}/{name}", self.host, form::encode_email(&self.account))
    }

    fn request(&self, cx: &AuthContext) -> Result<TokenRequest, AuthError> {
        let mut url = self.url("token");
        if !cx.scopes().is_empty() {
            url.push('?');
            url.push_str(&form::encode(&[("scopes", &cx.scopes().join(","))]));
        }
        self.get(ACTION, url)
    }

    fn get(&self, action: &'static str, url: String) -> Result<TokenRequest, AuthError> {
        let mut headers = HeaderMap::new();
        headers.insert(FLAVOR, GOOGLE);
        Ok(TokenRequest {
            action,
            method: Method::GET,
            // The server supports only `http`; it is on the same machine, and the request contains
            // no secret.
            url: parse_url(&url)?,
            headers,
            body: Bytes::new(),
            attempt_timeout: self.attempt_timeout,
            max_attempts: self.max_attempts,
        })
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        self.find(cx).await?;
        let response = self.request(cx)?.send(cx).await?;
        self.check(&response)?;
        let token = parse_token_response(ACTION, &response)?.token;
        Ok(token.with_universe(self.universe(cx).await?))
    }

    /// Returns the universe of the machine. Servers that do not know the question are those of the
    /// public one.
    async fn universe(&self, cx: &AuthContext) -> Result<Arc<str>, AuthError> {
        if let Some(known) = self.universe.get() {
            return Ok(Arc::clone(known));
        }
        let url = format!("http://{}/computeMetadata/v1/universe/universe-domain", self.host);
        let response = self.get(UNIVERSE_ACTION, url)?.send(cx).await?;
        self.check_flavor(&response)?;
        let domain = match response.status {
            StatusCode::NOT_FOUND => DEFAULT_UNIVERSE,
            status if !status.is_success() => {
                return Err(response_error(UNIVERSE_ACTION, &response));
            }
            _ => match response.body.trim_ascii() {
                [] => DEFAULT_UNIVERSE,
                text if is_domain(text) => std::str::from_utf8(text).unwrap_or_default(),
                _ => {
                    let message = format!("the answer is not a domain while {UNIVERSE_ACTION}");
                    return Err(AuthError::new(AuthErrorKind::Malformed, message));
                }
            },
        };
        Ok(Arc::clone(self.universe.get_or_init(|| Arc::from(domain))))
    }

    fn check(&self, response: &TokenResponse) -> Result<(), AuthError> {
        self.check_flavor(response)?;
        if response.status == StatusCode::NOT_FOUND {
            let message = format!(
                "the metadata server knows no service account {:?}: attach one to this machine",
                self.account
            );
            return Err(AuthError::new(AuthErrorKind::NotFound, message));
        }
        Ok(())
    }

    fn check_flavor(&self, response: &TokenResponse) -> Result<(), AuthError> {
        if response.headers.get(FLAVOR) != Some(&GOOGLE) {
            let message = format!(
                "{} answers but is not Google's metadata server: this machine is not in Google \
                 Cloud; use other credentials",
                shown_url(&self.host)
            );
            return Err(AuthError::new(AuthErrorKind::NotFound, message));
        }
        Ok(())
    }
}

fn is_domain(text: &[u8]) -> bool {
    text.len() < 256
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[cfg(feature = "adc")]
impl MetadataServer {
    async fn id_token(&self, cx: &AuthContext, audience: &str) -> Result<Secret, AuthError> {
        self.find(cx).await?;
        let query = form::encode(&[("audience", audience), ("format", "full")]);
        let request = self.get(ID_ACTION, format!("{}?{query}", self.url("identity")))?;
        let response = request.send(cx).await?;
        self.check(&response)?;
        if !response.status.is_success() {
            return Err(response_error(ID_ACTION, &response));
        }
        Ok(Secret::new(String::from_utf8_lossy(&response.body).trim()))
    }
}

#[cfg(feature = "adc")]
impl IdTokenSource for MetadataServer {
    fn fetch_id_token<'a>(
        &'a self,
        cx: &'a AuthContext,
        audience: &'a str,
    ) -> BoxFuture<'a, Result<Secret, AuthError>> {
        Box::pin(self.id_token(cx, audience))
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

    fn universe_domain(&self) -> Option<String> {
        self.universe.get().map(|domain| domain.to_string())
    }
}
