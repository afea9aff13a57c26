//! Logins of workforce identities: `external_account_authorized_user`.

use super::Client;
use crate::BoxFuture;
use crate::auth::oauth::{TokenRequest, parse_token_response};
use crate::auth::{AuthContext, AuthError, Secret, Token, TokenProvider};
use http::header::AUTHORIZATION;
use std::sync::{Arc, Mutex, PoisonError};

const ACTION: &str = "refreshing the access token of a workforce identity";

/// Tokens of a user whom another identity provider knows.
#[derive(Debug)]
pub(in crate::auth) struct ExternalUser {
    client: Client,
    /// The service may replace it at each use.
    refresh_token: Mutex<Secret>,
    token_url: String,
    pub(in crate::auth) quota_project: Option<Arc<str>>,
    pub(in crate::auth) universe: Arc<str>,
}

impl ExternalUser {
    pub(in crate::auth) fn new(
        client: Client,
        refresh_token: Secret,
        token_url: String,
        universe: Arc<str>,
    ) -> Self {
        let refresh_token = Mutex::new(refresh_token);
        Self { client, refresh_token, token_url, quota_project: None, universe }
    }

    async fn refresh(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let known = self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", known.expose())];
        let mut request = TokenRequest::form(ACTION, &self.token_url, &fields)?;
        if let Some(header) = self.client.header() {
            request.headers.insert(AUTHORIZATION, header);
        }
        let grant = parse_token_response(ACTION, &request.send(cx).await?)?;
        if let Some(next) = grant.refresh_token {
            *self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner) = next;
        }
        let token = match &self.quota_project {
            Some(project) => grant.token.with_quota_project(Arc::clone(project)),
            None => grant.token,
        };
        Ok(token.with_universe(Arc::clone(&self.universe)))
    }
}

impl TokenProvider for ExternalUser {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.refresh(cx))
    }

    fn scoped(&self) -> bool {
        false
    }

    fn universe_domain(&self) -> Option<String> {
        Some(self.universe.to_string())
    }
}
