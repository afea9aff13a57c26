//! Browser login for programs on the user's machine ([OAuth for installed
//! applications](https://developers.google.com/identity/protocols/oauth2/native-app)).
//!
//! The OAuth client is supplied by the user; none is built in. The browser is redirected to a
//! listener on this machine. PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)) makes an
//! intercepted code useless, and `state` rejects redirects of other logins.
//!
//! ```no_run
//! # async fn example(cx: &discovery_runtime::auth::AuthContext) -> Result<(), Box<dyn std::error::Error>> {
//! use discovery_runtime::auth::installed::{OAuthClient, login};
//! let client = OAuthClient::from_file("client.json")?;
//! let scopes = ["https://www.googleapis.com/auth/jobs"];
//! let grant = login(client, scopes, cx, |url| eprintln!("Open {url}")).await?;
//! grant.save("token.json")?;
//! let credentials = grant.credentials();
//! # Ok(())
//! # }
//! ```

mod grant;
mod listener;
mod query;

pub use self::grant::Grant;

use self::listener::{Redirect, read_redirect};
use super::crypto::{Sha256, base64url, random_text};
use super::oauth::{GOOGLE_TOKEN_URL, TokenRequest, form, parse_token_response, parse_url, string};
use super::secret_file::read_text;
use super::{AuthContext, AuthError, AuthErrorKind, Secret, check_transport_security};
use crate::clock::timeout_at;
use serde_json::Value;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

const AUTH_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const ACTION: &str = "exchanging the login's code for a token";

/// An OAuth client of type *Desktop app*, created in the
/// [console](https://console.cloud.google.com/apis/credentials).
#[derive(Clone, Debug)]
pub struct OAuthClient {
    id: String,
    secret: Option<Secret>,
    auth_url: String,
    token_url: String,
}

impl OAuthClient {
    /// Creates a client with an ID and a secret, which Google's service requires.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: Option<Secret>) -> Self {
        let (auth_url, token_url) = (AUTH_URL.to_owned(), GOOGLE_TOKEN_URL.to_owned());
        Self { id: id.into(), secret, auth_url, token_url }
    }

    /// Reads the client file downloaded from the console.
    ///
    /// # Errors
    /// [`AuthErrorKind::NotFound`] if the file cannot be read; otherwise as for
    /// [`OAuthClient::from_json`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, AuthError> {
        Self::from_json(&read_text(path.as_ref(), "the client file")?)
    }

    /// Parses the text of a client file: `{"installed": {"client_id": …}}`.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the text does not describe a client for installed
    /// applications.
    pub fn from_json(text: &str) -> Result<Self, AuthError> {
        let invalid = |why: &str| {
            let message = format!(
                "this is not the file of an OAuth client for desktop apps: {why}; make one at \
                 https://console.cloud.google.com/apis/credentials"
            );
            AuthError::new(AuthErrorKind::Invalid, message)
        };
        let value: Value = serde_json::from_str(text).map_err(|_| invalid("it is not JSON"))?;
        if value.get("web").is_some() {
            return Err(invalid("it is of type \"Web application\""));
        }
        let object = value.get("installed").and_then(Value::as_object);
        let object = object.ok_or_else(|| invalid("it has no member \"installed\""))?;
        let id = string(object, "client_id").ok_or_else(|| invalid("it has no client_id"))?;
        let mut client = Self::new(id, string(object, "client_secret").map(Secret::from));
        if let Some(url) = string(object, "auth_uri") {
            client.auth_url = url.to_owned();
        }
        if let Some(url) = string(object, "token_uri") {
            client.token_url = url.to_owned();
        }
        Ok(client)
    }

    /// Sets the URL of the login page: `https`, or on this machine.
    #[must_use]
    pub fn with_auth_url(mut self, url: impl Into<String>) -> Self {
        self.auth_url = url.into();
        self
    }

    /// Sets the URL of the token service: `https`, or on this machine.
    #[must_use]
    pub fn with_token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = url.into();
        self
    }
}

/// A login in progress.
#[derive(Debug)]
pub struct Login {
    client: OAuthClient,
    scopes: Vec<String>,
    redirect: String,
    state: Secret,
    verifier: Secret,
    url: String,
    listener: TcpListener,
}

impl Login {
    /// Opens a listener on a free local port and builds the URL of the login page.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if `scopes` is empty, a URL of the client is invalid, or no port
    /// can be opened.
    pub fn start(
        client: OAuthClient,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, AuthError> {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        if scopes.is_empty() {
            let message = "a login needs at least one scope";
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        }
        check_transport_security(&parse_url(&client.auth_url)?)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(listener_error)?;
        let port = listener.local_addr().map_err(listener_error)?.port();
        let redirect = format!("http://127.0.0.1:{port}/");
        let (state, verifier) = (random_text()?, random_text()?);
        let challenge = base64url(&Sha256::new()?.digest(verifier.as_bytes()));
        let query = form::encode(&[
            ("client_id", &client.id),
            ("redirect_uri", &redirect),
            ("response_type", "code"),
            ("scope", &scopes.join(" ")),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            // Without both, a second login returns no refresh token.
            ("access_type", "offline"),
            ("prompt", "consent"),
        ]);
        let joint = if client.auth_url.contains('?') { '&' } else { '?' };
        let url = format!("{}{joint}{query}", client.auth_url);
        let (state, verifier) = (Secret::new(state), Secret::new(verifier));
        Ok(Self { client, scopes, redirect, state, verifier, url, listener })
    }

    /// Returns the URL to open in a browser on this machine.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the redirect and exchanges the code for a token, until the context's deadline.
    /// Unrelated requests are rejected and change nothing.
    ///
    /// # Errors
    /// [`AuthErrorKind::Refused`] if the user or the service denies access; other kinds as for
    /// tokens.
    pub async fn wait(self, cx: &AuthContext) -> Result<Grant, AuthError> {
        if tokio::runtime::Handle::try_current().is_err() {
            let message = "waiting for a browser needs a Tokio runtime";
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        }
        let listener = self.listener.try_clone().map_err(listener_error)?;
        listener.set_nonblocking(true).map_err(listener_error)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(listener_error)?;
        let work = listener::receive(&listener, self.state.expose(), cx.clock());
        let redirect = timeout_at(&**cx.clock(), cx.deadline(), work).await;
        let redirect = redirect.map_err(|_| AuthError::timeout("waiting for the login"))?;
        self.complete(redirect.map_err(listener_error)?, cx).await
    }

    /// Completes the login with the URL the browser was redirected to, copied from its address bar.
    /// For a browser on another machine, which cannot reach the listener.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the URL does not belong to this login; otherwise as for
    /// [`Login::wait`].
    pub async fn finish(self, address: &str, cx: &AuthContext) -> Result<Grant, AuthError> {
        let query = address.trim().split_once('?').map(|(_, query)| query).unwrap_or_default();
        let query = query.split('#').next().unwrap_or_default();
        let redirect = read_redirect(query, self.state.expose()).ok_or_else(|| {
            let message = "this address does not answer this login; copy it whole, from the \
                           browser in which the login page was opened last";
            AuthError::new(AuthErrorKind::Invalid, message)
        })?;
        self.complete(redirect, cx).await
    }

    async fn complete(self, redirect: Redirect, cx: &AuthContext) -> Result<Grant, AuthError> {
        let code = match redirect {
            Redirect::Code(code) => code,
            Redirect::Denied(reason) => {
                let message = format!("the login was not granted: {reason}");
                return Err(AuthError::new(AuthErrorKind::Refused, message));
            }
        };
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("client_id", &self.client.id),
            ("redirect_uri", &self.redirect),
            ("code_verifier", self.verifier.expose()),
        ];
        if let Some(secret) = &self.client.secret {
            fields.push(("client_secret", secret.expose()));
        }
        let mut request = TokenRequest::form(ACTION, &self.client.token_url, &fields)?;
        // A code is valid once: a second attempt would be rejected, or revoke the first.
        request.max_attempts = 1;
        let granted = parse_token_response(ACTION, &request.send(cx).await?)?;
        let refresh_token = granted.refresh_token.ok_or_else(|| {
            let message = "the token service gave no refresh token; log in again";
            AuthError::new(AuthErrorKind::Malformed, message)
        })?;
        Ok(Grant::new(&self.client, refresh_token, granted.scopes.unwrap_or(self.scopes)))
    }
}

/// Logs a user in: passes the URL to `show`, which prints it or opens a browser, and waits until
/// the context's deadline.
///
/// # Errors
/// As for [`Login::start`] and [`Login::wait`].
pub async fn login(
    client: OAuthClient,
    scopes: impl IntoIterator<Item = impl Into<String>>,
    cx: &AuthContext,
    show: impl FnOnce(&str),
) -> Result<Grant, AuthError> {
    let login = Login::start(client, scopes)?;
    show(login.url());
    login.wait(cx).await
}

fn listener_error(error: std::io::Error) -> AuthError {
    let message = format!("no port of this machine can be listened to for the login: {error}");
    AuthError::with_source(AuthErrorKind::Invalid, message, error)
}
