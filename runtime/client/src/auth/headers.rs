//! Headers that authorize a request.

use super::{AuthError, AuthErrorKind, Secret};
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::sync::Arc;

/// Header with the quota project.
pub(crate) const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");
const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
/// Universe of Google's public cloud.
pub(crate) const DEFAULT_UNIVERSE: &str = "googleapis.com";

/// The headers that authorize one attempt. `Debug` prints names only.
#[derive(Clone, Default)]
pub struct AuthHeaders {
    /// Shared, since each attempt of each call has a copy.
    headers: Arc<[(HeaderName, HeaderValue)]>,
    universe: Option<Arc<str>>,
    secret: bool,
}

impl AuthHeaders {
    /// No headers.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// `authorization: Bearer …` ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the token is empty or contains characters that are invalid in a
    /// header.
    pub fn bearer(token: &Secret) -> Result<Self, AuthError> {
        check_not_empty(token, "access token")?;
        Self::none().with_secret(AUTHORIZATION, format!("Bearer {}", token.expose()))
    }

    /// `x-goog-api-key`, which, unlike the `key` parameter, does not appear in server logs.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the key is empty or contains characters that are invalid in a
    /// header.
    pub fn api_key(key: &Secret) -> Result<Self, AuthError> {
        check_not_empty(key, "API key")?;
        Self::none().with_secret(API_KEY, key.expose().to_owned())
    }

    /// Adds a secret header. The request must then be encrypted.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the value contains characters that are invalid in a header.
    pub fn with_secret(self, name: HeaderName, value: String) -> Result<Self, AuthError> {
        let value = header_value(&name, value)?;
        Ok(self.with_value(name, value, true))
    }

    pub(crate) fn with_value(
        mut self,
        name: HeaderName,
        mut value: HeaderValue,
        secret: bool,
    ) -> Self {
        value.set_sensitive(secret);
        self.headers = self.headers.iter().cloned().chain([(name, value)]).collect();
        self.secret |= secret;
        self
    }

    /// Adds `x-goog-user-project`, the quota project, if it differs from the project of the
    /// credentials ([system parameters](https://cloud.google.com/apis/docs/system-parameters)).
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the project contains characters that are invalid in a header.
    pub fn with_quota_project(self, project: &str) -> Result<Self, AuthError> {
        let value = header_value(&USER_PROJECT, project.to_owned())?;
        Ok(self.with_value(USER_PROJECT, value, false))
    }

    /// Sets the universe of the credentials.
    #[must_use]
    pub fn with_universe(mut self, universe: Option<Arc<str>>) -> Self {
        self.universe = universe;
        self
    }

    /// Inserts the headers into a request, replacing headers of the same name. A quota project
    /// already in the request stays: the caller's choice takes precedence over the credentials.
    pub fn apply(&self, request: &mut HeaderMap) {
        for (name, value) in &*self.headers {
            if *name != USER_PROJECT || !request.contains_key(name) {
                request.insert(name.clone(), value.clone());
            }
        }
    }

    /// Iterates over names and values. Secret values are marked
    /// [sensitive](HeaderValue::is_sensitive).
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().map(|(name, value)| (name, value))
    }

    /// Returns `true` if any header is secret, so that the request must be encrypted.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Returns the token of an `authorization: Bearer` header, for programs that print it.
    #[must_use]
    pub fn bearer_token(&self) -> Option<Secret> {
        let (_, value) = self.headers.iter().find(|(name, _)| *name == AUTHORIZATION)?;
        let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
        Some(Secret::new(token))
    }

    /// Returns the universe of the credentials, if known.
    #[must_use]
    pub fn universe_domain(&self) -> Option<&str> {
        self.universe.as_deref()
    }

    pub(super) fn universe(&self) -> Option<Arc<str>> {
        self.universe.clone()
    }

    /// Checks that the credentials belong to the universe of a client.
    ///
    /// # Errors
    /// [`AuthErrorKind::Insecure`] if both universes are known and differ.
    pub fn check_universe(&self, client: &str) -> Result<(), AuthError> {
        match self.universe_domain() {
            Some(own) if own != client => Err(AuthError::new(
                AuthErrorKind::Insecure,
                format!(
                    "the credentials belong to universe {own:?} but the client talks to {client:?}; \
                     set the client's universe domain or use other credentials"
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Returns `true` if both carry the same secrets.
    pub(crate) fn same_secret(&self, other: &Self) -> bool {
        self.secrets().eq(other.secrets())
    }

    fn secrets(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.iter().filter(|(_, value)| value.is_sensitive())
    }
}

fn check_not_empty(secret: &Secret, what: &str) -> Result<(), AuthError> {
    if secret.expose().trim().is_empty() {
        let message =
            format!("the {what} is empty: check the file or variable that it is read from");
        return Err(AuthError::new(AuthErrorKind::Invalid, message));
    }
    Ok(())
}

fn header_value(name: &HeaderName, value: String) -> Result<HeaderValue, AuthError> {
    HeaderValue::try_from(value).map_err(|_| {
        AuthError::new(
            AuthErrorKind::Invalid,
            format!("the value for header {name} has a line break or another control character"),
        )
    })
}

impl fmt::Debug for AuthHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("AuthHeaders")
            .field("names", &names)
            .field("universe", &self.universe)
            .finish()
    }
}
