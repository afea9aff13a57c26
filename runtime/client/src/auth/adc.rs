//! Application Default Credentials: whatever the machine has to offer.
//!
//! The flows are our own, over the client's transport, and not those of the `gcp_auth` crate
//! (0.12.7), for these reasons. It waits without a limit for token services and for the `gcloud`
//! program, which it runs on the thread of the runtime; a call's deadline can only drop that work,
//! and nothing is left for the next call. Its callers queue at a lock and, where a token has
//! expired, each asks anew. It repeats refusals that are final. It has an HTTP client, TLS roots
//! and a connection pool of its own, beside the client's proxies and roots. A user's file is found
//! in one place only, its token service cannot be another, and quota project and universe are
//! lost. With it the dependency tree has 108 crates, among them chrono, ICU and two versions of
//! syn; without it 61, as ring and base64 are there for TLS and proxies already.

mod file;
mod find;

use self::find::{Environment, Source};
use super::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Cached, Credentials, Token, TokenProvider,
};
use crate::BoxFuture;
use crate::redact::shown_path;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// [Application Default Credentials](https://google.aip.dev/auth/4110), looked for when first
/// needed:
///
/// 1. the file that `GOOGLE_APPLICATION_CREDENTIALS` names;
/// 2. the file of `gcloud auth application-default login`: `application_default_credentials.json`
///    in `CLOUDSDK_CONFIG`, else in `gcloud` below `~/.config` or `%APPDATA%`;
/// 3. the metadata server, at `GCE_METADATA_HOST` if that is set; not if `NO_GCE_CHECK` is `true`.
///
/// Files may be of the types `authorized_user`, `service_account` and
/// `impersonated_service_account`. For `external_account` (workload identity federation) use
/// feature `google-cloud-auth`.
///
/// It is made without a runtime and without reading anything. Tokens are kept as [`Cached`] says.
#[derive(Debug)]
pub struct Adc {
    cached: Cached<LazySource>,
}

impl Adc {
    /// The credentials of the machine.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// To change where they are looked for, or what goes with them.
    #[must_use]
    pub fn builder() -> AdcBuilder {
        AdcBuilder::default()
    }

    /// The credentials in a file, which is read now.
    ///
    /// # Errors
    /// [`AuthErrorKind::NotFound`] when it cannot be read, [`AuthErrorKind::Invalid`] when it does
    /// not hold credentials of a type listed above.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, AuthError> {
        let adc = Self::builder().with_file(path.as_ref()).build();
        adc.cached.provider().source()?;
        Ok(adc)
    }

    /// The credentials in the text of such a file.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] as [`Adc::from_file`].
    pub fn from_json(text: &str) -> Result<Self, AuthError> {
        let source = file::parse(text, "the given text")?;
        let lazy = LazySource { builder: Self::builder(), source: OnceLock::from(source) };
        Ok(Self { cached: Cached::new(lazy) })
    }

    /// Looks for the credentials, if nobody did, and says whose they are and where they are from,
    /// for people. Asks no service.
    ///
    /// # Errors
    /// [`AuthError`] when a file cannot be used.
    pub fn describe(&self) -> Result<String, AuthError> {
        Ok(self.cached.provider().source()?.description.clone())
    }

    /// The project that the credentials name for quota and bills, if any.
    ///
    /// # Errors
    /// As [`Adc::describe`].
    pub fn quota_project(&self) -> Result<Option<String>, AuthError> {
        let lazy = self.cached.provider();
        let own = lazy.source()?.quota_project.clone();
        Ok(lazy.builder.chosen_quota_project().or(own))
    }
}

impl Default for Adc {
    fn default() -> Self {
        Self::new()
    }
}

impl Credentials for Adc {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        self.cached.headers(cx)
    }

    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        self.cached.invalidate(headers)
    }

    fn universe_domain(&self) -> Option<String> {
        self.cached.universe_domain()
    }
}

/// Says how [`Adc`] is to be found.
#[derive(Clone, Default)]
pub struct AdcBuilder {
    file: Option<PathBuf>,
    environment: Environment,
    quota_project: Option<String>,
    self_signed: bool,
}

impl AdcBuilder {
    /// Sets the file to read, when first needed; nowhere else is looked.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Sets the variables to look at, instead of those of the process.
    #[must_use]
    pub fn with_environment<K, V>(mut self, variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.environment = Environment::from_variables(variables);
        self
    }

    /// Sets the project that quota and bills go to: before `GOOGLE_CLOUD_QUOTA_PROJECT`, which is
    /// before what the file says.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Has a service account's key sign its tokens itself, where it would ask for them; see
    /// [`super::ServiceAccount::with_self_signed_tokens`].
    #[must_use]
    pub fn with_self_signed_tokens(mut self, yes: bool) -> Self {
        self.self_signed = yes;
        self
    }

    /// The credentials. Nothing is read yet.
    #[must_use]
    pub fn build(self) -> Adc {
        Adc { cached: Cached::new(LazySource { builder: self, source: OnceLock::new() }) }
    }

    fn chosen_quota_project(&self) -> Option<String> {
        self.quota_project.clone().or_else(|| self.environment.get("GOOGLE_CLOUD_QUOTA_PROJECT"))
    }
}

impl fmt::Debug for AdcBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdcBuilder")
            .field("file", &self.file.as_deref().map(shown_path))
            .field("environment", &self.environment)
            .field("quota_project", &self.quota_project)
            .field("self_signed", &self.self_signed)
            .finish()
    }
}

/// A provider that is looked for at its first use. A failure to find it is not kept here: the file
/// may be mended while the program runs.
#[derive(Debug)]
struct LazySource {
    builder: AdcBuilder,
    source: OnceLock<Source>,
}

impl LazySource {
    fn source(&self) -> Result<&Source, AuthError> {
        if let Some(source) = self.source.get() {
            return Ok(source);
        }
        let source = find::find(&self.builder)?;
        Ok(self.source.get_or_init(|| source))
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let source = self.source()?;
        let token =
            source.provider.fetch(cx).await.map_err(|error| source.describe_failure(error))?;
        Ok(match self.builder.chosen_quota_project() {
            Some(project) => token.with_quota_project(project),
            None => token,
        })
    }
}

impl TokenProvider for LazySource {
    fn fetch<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<Token, AuthError>> {
        Box::pin(self.token(cx))
    }

    fn scoped(&self) -> bool {
        self.source().map_or(true, |source| source.provider.scoped())
    }

    fn universe_domain(&self) -> Option<String> {
        self.source.get().and_then(|source| source.provider.universe_domain())
    }
}

impl Source {
    fn new(provider: impl TokenProvider + 'static, description: String) -> Self {
        Self { provider: Arc::new(provider), description, quota_project: None, tried: None }
    }

    /// A metadata server that was only guessed and is not there means that nothing was found.
    fn describe_failure(&self, error: AuthError) -> AuthError {
        match &self.tried {
            Some(tried) if error.is_transient() || error.kind() == AuthErrorKind::NotFound => {
                let message = format!("{tried}, and there is no metadata server. {}", find::ADVICE);
                AuthError::with_source(AuthErrorKind::NotFound, message, error)
            }
            _ => error,
        }
    }
}
