//! Access tokens and their providers.

use super::{AuthContext, AuthError, AuthHeaders, Credentials, Secret};
use crate::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// An access token.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    lifetime: Option<Duration>,
    quota_project: Option<Arc<str>>,
    universe: Option<Arc<str>>,
}

impl Token {
    /// Creates a token that does not expire.
    #[must_use]
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), lifetime: None, quota_project: None, universe: None }
    }

    /// Sets the lifetime, counted from now: OAuth's `expires_in`.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Sets the quota project of calls with this token.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<Arc<str>>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Sets the universe of the token, such as `googleapis.com`.
    #[must_use]
    pub fn with_universe(mut self, universe: impl Into<Arc<str>>) -> Self {
        self.universe = Some(universe.into());
        self
    }

    pub(super) fn with_known_universe(mut self, universe: Option<Arc<str>>) -> Self {
        self.universe = universe;
        self
    }

    /// Returns the token's text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Returns the lifetime at issue; `None` if the token does not expire.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// Returns headers that carry the token.
    ///
    /// # Errors
    /// [`super::AuthErrorKind::Invalid`] if the text is invalid in a header.
    pub fn to_headers(&self) -> Result<AuthHeaders, AuthError> {
        let headers = AuthHeaders::bearer(&self.secret)?.with_universe(self.universe.clone());
        match &self.quota_project {
            Some(project) => headers.with_quota_project(project),
            None => Ok(headers),
        }
    }
}

/// A source of new tokens. Providers cache nothing; wrap them in [`super::Cached`].
pub trait TokenProvider: fmt::Debug + Send + Sync {
    /// Fetches a new token with the scopes of `cx`, by its deadline.
    ///
    /// The future may be dropped at any await point and must leave no state behind.
    ///
    /// # Errors
    /// As for [`Credentials::headers`].
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>>;

    /// Returns `true` if the token depends on the requested scopes. A user's refresh token returns
    /// the scopes of its login, so one token serves all calls.
    fn scoped(&self) -> bool {
        true
    }

    /// Returns the universe of the tokens, if known without a request.
    fn universe_domain(&self) -> Option<String> {
        None
    }
}

impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        (**self).fetch(cx)
    }

    fn scoped(&self) -> bool {
        (**self).scoped()
    }

    fn universe_domain(&self) -> Option<String> {
        (**self).universe_domain()
    }
}

type Callback = dyn Fn(&AuthContext) -> BoxFuture<'static, Result<Token, AuthError>> + Send + Sync;

/// Tokens from a function of the program.
///
/// Used as [`Credentials`], the function runs for each attempt and does its own caching. In a
/// [`super::Cached`], it runs only when a token is needed.
#[derive(Clone)]
pub struct TokenFn(Arc<Callback>);

impl TokenFn {
    /// Creates credentials from `get`, which must return by the deadline of its context.
    ///
    /// ```
    /// use discovery_runtime::auth::{Token, TokenFn};
    /// let credentials = TokenFn::new(|_cx| async { Ok(Token::new("ya29.from-the-vault")) });
    /// ```
    pub fn new<F, R>(get: F) -> Self
    where
        F: Fn(&AuthContext) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Token, AuthError>> + Send + 'static,
    {
        Self(Arc::new(move |cx| Box::pin(get(cx))))
    }
}

impl TokenProvider for TokenFn {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        (self.0)(cx)
    }
}

impl Credentials for TokenFn {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(async move { (self.0)(cx).await?.to_headers() })
    }

    // The function may return another token next time.
    fn invalidate(&self, _: &AuthHeaders) -> bool {
        true
    }
}

impl fmt::Debug for TokenFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFn")
    }
}
