//! User logins, as stored by `gcloud auth application-default login` and `Grant::save`.

use super::headers::DEFAULT_UNIVERSE;
use super::oauth::{GOOGLE_TOKEN_URL, TokenRequest, fetch_token};
use super::{AuthContext, AuthError, AuthErrorKind, Secret, Token, TokenProvider};
use crate::BoxFuture;
use std::sync::Arc;

/// Access tokens from a user's refresh token
/// ([OAuth for installed applications](https://developers.google.com/identity/protocols/oauth2/native-app#offline)).
///
/// The tokens have the scopes granted at login, whatever a call requests.
#[derive(Clone, Debug)]
pub struct AuthorizedUser {
    client_id: String,
    client_secret: Option<Secret>,
    refresh_token: Secret,
    token_url: String,
    quota_project: Option<Arc<str>>,
    universe: Option<Arc<str>>,
}

impl AuthorizedUser {
    /// Creates a provider from a refresh token granted to the application `client_id`.
    #[must_use]
    pub fn new(
        client_id: impl Into<String>,
        client_secret: Option<Secret>,
        refresh_token: impl Into<Secret>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            refresh_token: refresh_token.into(),
            token_url: GOOGLE_TOKEN_URL.to_owned(),
            quota_project: None,
            universe: None,
        }
    }

    /// Sets the URL of the token service: `https`, or on this machine.
    #[must_use]
    pub fn with_token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = url.into();
        self
    }

    /// Sets the quota project. Users have none of their own.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<Arc<str>>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Sets the universe of the login.
    #[must_use]
    pub fn with_universe(mut self, universe: impl Into<Arc<str>>) -> Self {
        self.universe = Some(universe.into());
        self
    }

    /// Checks that a refresh token of another universe does not go to the public one.
    fn check_universe(&self) -> Result<(), AuthError> {
        let Some(universe) = self.universe.as_deref().filter(|own| *own != DEFAULT_UNIVERSE) else {
            return Ok(());
        };
        if self.token_url != GOOGLE_TOKEN_URL {
            return Ok(());
        }
        let message = format!(
            "the login belongs to universe {universe:?} but its token service to \
             {DEFAULT_UNIVERSE}, which has no logins of other universes; log in with a workforce \
             identity"
        );
        Err(AuthError::new(AuthErrorKind::Insecure, message))
    }

    async fn refresh(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        self.check_universe()?;
        let mut fields = vec![
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id.as_str()),
            ("refresh_token", self.refresh_token.expose()),
        ];
        if let Some(secret) = &self.client_secret {
            fields.push(("client_secret", secret.expose()));
        }
        let request =
            TokenRequest::form("refreshing a user's access token", &self.token_url, &fields)?;
        let mut token = fetch_token(&request, cx).await?;
        if let Some(project) = &self.quota_project {
            token = token.with_quota_project(Arc::clone(project));
        }
        if let Some(universe) = &self.universe {
            token = token.with_universe(Arc::clone(universe));
        }
        Ok(token)
    }
}

impl TokenProvider for AuthorizedUser {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.refresh(cx))
    }

    fn scoped(&self) -> bool {
        false
    }

    fn universe_domain(&self) -> Option<String> {
        self.universe.as_deref().map(str::to_owned)
    }
}
