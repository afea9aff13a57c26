//! Access tokens and where they come from.

use super::{AuthContext, AuthError, AuthHeaders, Credentials, Secret};
use crate::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// An access token as its issuer gave it.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    lifetime: Option<Duration>,
    quota_project: Option<Arc<str>>,
    universe: Option<Arc<str>>,
}

impl Token {
    /// A token that does not expire.
    #[must_use]
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), lifetime: None, quota_project: None, universe: None }
    }

    /// Sets how long the token is good for, counted from now: `expires_in` of OAuth.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Sets the project that quota and bills of calls with this token go to.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<Arc<str>>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Sets the universe that the token is good for, such as `googleapis.com`.
    #[must_use]
    pub fn with_universe(mut self, universe: impl Into<Arc<str>>) -> Self {
        self.universe = Some(universe.into());
        self
    }

    /// The token's text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// How long the token was good for when it was given; `None` if it does not expire.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// The headers that carry the token.
    ///
    /// # Errors
    /// [`super::AuthErrorKind::Invalid`] when the text cannot be a header.
    pub fn to_headers(&self) -> Result<AuthHeaders, AuthError> {
        let headers = AuthHeaders::bearer(&self.secret)?.with_universe(self.universe.clone());
        match &self.quota_project {
            Some(project) => headers.with_quota_project(project),
            None => Ok(headers),
        }
    }
}

/// Somewhere to get a new token. Holds none itself: [`super::Cached`] does, around any provider.
pub trait TokenProvider: fmt::Debug + Send + Sync {
    /// Gets a new token with the scopes of `cx`, by its deadline.
    ///
    /// The future may be dropped at any await and must leave nothing behind.
    ///
    /// # Errors
    /// [`AuthError`] as [`Credentials::headers`].
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>>;

    /// Whether the scopes asked for change the token. A user's refresh token gives the scopes of
    /// its login whatever is asked, so that one token serves all.
    fn scoped(&self) -> bool {
        true
    }

    /// The universe of the tokens, as far as it is known without asking anyone.
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
/// As [`Credentials`] it is asked at each attempt, so that the function decides what to keep. In a
/// [`super::Cached`] it is asked only when a token is needed.
#[derive(Clone)]
pub struct TokenFn(Arc<Callback>);

impl TokenFn {
    /// Credentials that ask `get`, which must return by the deadline of its context.
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

    // The function may give another token when it is asked again.
    fn invalidate(&self, _: &AuthHeaders) -> bool {
        true
    }
}

impl fmt::Debug for TokenFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFn")
    }
}
