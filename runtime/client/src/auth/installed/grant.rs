//! Result of a login: a refresh token and the file that stores it.

use super::OAuthClient;
use crate::auth::oauth::{TokenRequest, response_error, string};
use crate::auth::secret_file::read_text;
use crate::auth::{AuthContext, AuthError, AuthErrorKind, AuthorizedUser, Cached, Secret};
use crate::file::write_private;
use crate::redact::shown_path;
use serde_json::{Map, Value, json};
use std::path::Path;

const REVOKE_ACTION: &str = "revoking a login";

/// A user's grant to a program. `Debug` prints no secret.
///
/// Stored as a file of type `authorized_user`, which [`crate::auth::Adc::from_file`] and other
/// Google libraries read as well.
#[derive(Clone, Debug)]
pub struct Grant {
    client_id: String,
    client_secret: Option<Secret>,
    refresh_token: Secret,
    token_url: String,
    scopes: Vec<String>,
    quota_project: Option<String>,
}

impl Grant {
    pub(super) fn new(client: &OAuthClient, refresh_token: Secret, scopes: Vec<String>) -> Self {
        Self {
            client_id: client.id.clone(),
            client_secret: client.secret.clone(),
            refresh_token,
            token_url: client.token_url.clone(),
            scopes,
            quota_project: None,
        }
    }

    /// Returns the granted scopes. They may be fewer than requested, since users can deselect
    /// scopes on the consent page.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Sets the quota project.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Returns credentials that cache the access tokens of this grant.
    #[must_use]
    pub fn credentials(&self) -> Cached<AuthorizedUser> {
        Cached::new(self.user())
    }

    /// Returns a provider of access tokens of this grant.
    #[must_use]
    pub fn user(&self) -> AuthorizedUser {
        let (secret, token) = (self.client_secret.clone(), self.refresh_token.clone());
        let user = AuthorizedUser::new(&self.client_id, secret, token)
            .with_token_url(self.token_url.as_str());
        match &self.quota_project {
            Some(project) => user.with_quota_project(project.as_str()),
            None => user,
        }
    }

    /// Returns the content of the file that [`Grant::save`] writes, to be stored elsewhere, such as
    /// in a keyring. It is one line.
    #[must_use]
    pub fn to_json(&self) -> Secret {
        Secret::from(self.object().to_string())
    }

    fn object(&self) -> Value {
        let mut file = json!({
            "type": "authorized_user",
            "client_id": self.client_id,
            "refresh_token": self.refresh_token.expose(),
            "token_uri": self.token_url,
            "scopes": self.scopes,
        });
        if let Some(secret) = &self.client_secret {
            file["client_secret"] = json!(secret.expose());
        }
        if let Some(project) = &self.quota_project {
            file["quota_project_id"] = json!(project);
        }
        file
    }

    /// Writes the grant to a file readable only by the user (mode 0600, in a directory of mode 0700
    /// if it is created). The file is replaced atomically.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), AuthError> {
        let (path, file) = (path.as_ref(), self.object());
        write_private(path, format!("{file:#}\n").as_bytes()).map_err(|error| {
            let message = format!("the login cannot be kept in {}: {error}", shown_path(path));
            AuthError::with_source(AuthErrorKind::Invalid, message, error)
        })
    }

    /// Reads a file written by [`Grant::save`].
    ///
    /// # Errors
    /// [`AuthErrorKind::NotFound`] if there is no such file, [`AuthErrorKind::Invalid`] if it is of
    /// another kind.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, AuthError> {
        let place = shown_path(path.as_ref());
        let text = read_text(path.as_ref(), "the login in").map_err(|error| {
            AuthError::with_source(error.kind(), format!("{error}; log in first"), error)
        })?;
        Self::parse(&text).ok_or_else(|| {
            let message = format!("{place} does not hold a login; delete it and log in again");
            AuthError::new(AuthErrorKind::Invalid, message)
        })
    }

    /// Reads the text of [`Grant::to_json`].
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if it is another text, which is not shown.
    pub fn from_json(text: &str) -> Result<Self, AuthError> {
        let message = "the text is not that of a login; log in again";
        Self::parse(text).ok_or_else(|| AuthError::new(AuthErrorKind::Invalid, message))
    }

    fn parse(text: &str) -> Option<Self> {
        let object: Option<Map<String, Value>> = serde_json::from_str(text).ok();
        object.as_ref().and_then(Self::from_object)
    }

    fn from_object(object: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| string(object, name).map(str::to_owned);
        let scopes = object.get("scopes").and_then(Value::as_array);
        let scopes = scopes.into_iter().flatten().filter_map(Value::as_str);
        (string(object, "type") == Some("authorized_user")).then_some(())?;
        Some(Self {
            client_id: text("client_id")?,
            client_secret: text("client_secret").map(Secret::from),
            refresh_token: Secret::from(text("refresh_token")?),
            token_url: text("token_uri")?,
            scopes: scopes.map(str::to_owned).collect(),
            quota_project: text("quota_project_id"),
        })
    }

    /// Revokes the grant at the token service. The file stays.
    ///
    /// # Errors
    /// [`AuthErrorKind::Refused`] if the service no longer knows the grant; other kinds as for
    /// tokens.
    pub async fn revoke(&self, cx: &AuthContext) -> Result<(), AuthError> {
        let base = self.token_url.strip_suffix("/token").unwrap_or(&self.token_url);
        let fields = [("token", self.refresh_token.expose())];
        let response =
            TokenRequest::form(REVOKE_ACTION, &format!("{base}/revoke"), &fields)?.send(cx).await?;
        if response.status.is_success() {
            Ok(())
        } else {
            Err(response_error(REVOKE_ACTION, &response))
        }
    }
}
