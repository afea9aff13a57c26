//! Credentials without a token service. Headers are built once; a value that is invalid in a header
//! is reported by the first call.

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
/// A key identifies a project, not a user: methods that require OAuth scopes reject it.
#[derive(Clone, Debug)]
pub struct ApiKey(Result<AuthHeaders, AuthError>);

impl ApiKey {
    /// Creates credentials from a key.
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

/// A fixed access token, refreshed elsewhere or valid as long as the program runs.
#[derive(Clone, Debug)]
pub struct StaticToken(Result<AuthHeaders, AuthError>);

impl StaticToken {
    /// Creates credentials from a token.
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
