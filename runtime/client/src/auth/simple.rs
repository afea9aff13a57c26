//! Credentials that need no service. Their headers are made once; a value that no header may hold is
//! told by the first call, as for all other credentials.

use super::{AuthContext, AuthError, AuthHeaders, Credentials, Secret};
use crate::BoxFuture;
use std::future::ready;

/// No credentials: for public data, emulators and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl Credentials for Anonymous {
    fn headers<'a>(&'a self, _: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(ready(Ok(AuthHeaders::none())))
    }
}

/// An [API key](https://cloud.google.com/docs/authentication/api-keys), sent as `x-goog-api-key`.
///
/// It names a project, not a user: methods that need OAuth scopes refuse it.
#[derive(Clone, Debug)]
pub struct ApiKey(Result<AuthHeaders, AuthError>);

impl ApiKey {
    /// Credentials with this key.
    #[must_use]
    pub fn new(key: impl Into<Secret>) -> Self {
        Self(AuthHeaders::api_key(&key.into()))
    }
}

impl Credentials for ApiKey {
    fn headers<'a>(&'a self, _: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(ready(self.0.clone()))
    }
}

/// An access token that somebody else got and keeps fresh, or that lasts as long as the program.
#[derive(Clone, Debug)]
pub struct StaticToken(Result<AuthHeaders, AuthError>);

impl StaticToken {
    /// Credentials with this token.
    #[must_use]
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(AuthHeaders::bearer(&token.into()))
    }
}

impl Credentials for StaticToken {
    fn headers<'a>(&'a self, _: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(ready(self.0.clone()))
    }
}
