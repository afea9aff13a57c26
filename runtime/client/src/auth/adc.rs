//! Application Default Credentials.
//!
//! The flows run over the client's own transport rather than the `gcp_auth` crate (0.12.7), which
//! waits without a limit for token services and for the `gcloud` program, queues callers at a lock
//! and fetches once for each of them after expiry, retries permanent errors, brings its own HTTP
//! client, roots, and pool beside the client's, finds a user's file in one place only, and drops
//! quota project and universe. It would raise the dependency tree from 61 to 108 crates.

mod external;
mod file;
mod find;
mod gcloud;

use self::find::Source;
use super::environment::Environment;
use super::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Cached, Credentials, IdTokenSource, Secret,
    Token, TokenProvider,
};
use crate::BoxFuture;
use crate::redact::shown_path;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// [Application Default Credentials](https://google.aip.dev/auth/4110), located on first use:
///
/// 1. the file named by `GOOGLE_APPLICATION_CREDENTIALS`;
/// 2. the file of `gcloud auth application-default login`: `application_default_credentials.json`
///    in `CLOUDSDK_CONFIG`, else in `gcloud` below `~/.config` or `%APPDATA%`;
/// 3. the metadata server, at `GCE_METADATA_HOST` if set, unless `NO_GCE_CHECK` is `true`.
///
/// Supported file types are `authorized_user`, `service_account`, `impersonated_service_account`,
/// and those of workload and workforce identity federation, `external_account` (with a file, a URL,
/// AWS, or a program as its source) and `external_account_authorized_user`. Programs run only if
/// `GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES` is `1`.
///
/// Such a file decides which servers and programs are asked for tokens. Use one only if it comes
/// from somebody you trust ([Google's
/// advice](https://cloud.google.com/docs/authentication/external/externally-sourced-credentials)).
///
/// Construction reads nothing and needs no runtime. Tokens are cached as in [`Cached`].
#[derive(Debug)]
pub struct Adc {
    cached: Cached<LazySource>,
}

impl Adc {
    /// Creates credentials that are located on first use.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Returns a builder that changes where credentials are located.
    #[must_use]
    pub fn builder() -> AdcBuilder {
        AdcBuilder::default()
    }

    /// Reads credentials from a file.
    ///
    /// # Errors
    /// [`AuthErrorKind::NotFound`] if the file cannot be read, [`AuthErrorKind::Invalid`] if it
    /// does not hold credentials of a supported type.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, AuthError> {
        let adc = Self::builder().with_file(path.as_ref()).build();
        adc.cached.provider().source()?;
        Ok(adc)
    }

    /// Parses credentials from the text of a credential file.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] as for [`Adc::from_file`].
    pub fn from_json(text: &str) -> Result<Self, AuthError> {
        let builder = Self::builder();
        let source = file::parse(text, "(given text)", &builder)?;
        let lazy = LazySource { builder, source: OnceLock::from(source) };
        Ok(Self { cached: Cached::new(lazy) })
    }

    /// Describes the account and the source of the credentials, locating them if necessary. Sends
    /// no request.
    ///
    /// # Errors
    /// [`AuthError`] if a file cannot be used.
    pub fn describe(&self) -> Result<String, AuthError> {
        Ok(self.cached.provider().source()?.description.clone())
    }

    /// Returns the quota project of the credentials, if any.
    ///
    /// # Errors
    /// As for [`Adc::describe`].
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

impl IdTokenSource for Adc {
    fn fetch_id_token<'a>(
        &'a self,
        cx: &'a AuthContext,
        audience: &'a str,
    ) -> BoxFuture<'a, Result<Secret, AuthError>> {
        Box::pin(async move {
            let source = self.cached.provider().source()?;
            let Some(ids) = &source.id_tokens else {
                let message = format!(
                    "{} has no ID tokens for other services: use a service account, or impersonate \
                     one",
                    source.description
                );
                return Err(AuthError::new(AuthErrorKind::Invalid, message));
            };
            ids.fetch_id_token(cx, audience).await
        })
    }
}

/// Builder of [`Adc`].
#[derive(Clone, Default)]
pub struct AdcBuilder {
    file: Option<PathBuf>,
    environment: Environment,
    quota_project: Option<String>,
    subject: Option<String>,
    self_signed: Option<bool>,
    gcloud: Option<gcloud::Choice>,
}

impl AdcBuilder {
    /// Sets the credential file, read on first use. No other place is searched.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Sets environment variables that replace those of the process.
    #[must_use]
    pub fn with_environment<K, V>(mut self, variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.environment = Environment::from_variables(variables);
        self
    }

    /// Sets the quota project. It takes precedence over `GOOGLE_CLOUD_QUOTA_PROJECT`, which takes
    /// precedence over the credential file.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    /// Acts on behalf of a user; see [`super::ServiceAccount::with_subject`]. Other credentials than
    /// a service account's key cannot, which is an error of each request.
    #[must_use]
    pub fn with_subject(mut self, email: impl Into<String>) -> Self {
        self.subject = Some(email.into());
        self
    }

    /// Always signs tokens with a service account's key, or never; see
    /// [`super::ServiceAccount::with_self_signed_tokens`].
    #[must_use]
    pub fn with_self_signed_tokens(mut self, yes: impl Into<Option<bool>>) -> Self {
        self.self_signed = yes.into();
        self
    }

    /// Uses an account of the gcloud command line, by email. No other place is searched.
    ///
    /// `gcloud auth login` stores such accounts; it does not create Application Default Credentials,
    /// and they are never used without this method or [`AdcBuilder::with_active_gcloud_account`].
    /// As in gcloud, calls of a user are billed to the project of gcloud's configuration, and the
    /// service account of its `auth/impersonate_service_account` is impersonated.
    #[must_use]
    pub fn with_gcloud_account(mut self, email: impl Into<String>) -> Self {
        self.gcloud = Some(gcloud::Choice::Named(email.into()));
        self
    }

    /// Uses the active account of gcloud, which `gcloud config get account` prints.
    #[must_use]
    pub fn with_active_gcloud_account(mut self) -> Self {
        self.gcloud = Some(gcloud::Choice::Active);
        self
    }

    /// Returns the active account of gcloud, if there is one whose credentials can be used. Reads
    /// files.
    #[must_use]
    pub fn active_gcloud_account(&self) -> Option<String> {
        gcloud::active(&self.environment)
    }

    /// Creates the credentials. Nothing is read yet.
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
            .field("subject", &self.subject)
            .field("self_signed", &self.self_signed)
            .field("gcloud", &self.gcloud)
            .finish()
    }
}

/// A provider that is located on first use. Failures are not cached: the file may be fixed while
/// the program runs.
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
        if self.builder.subject.is_some() && !source.has_subject {
            let message = format!(
                "{} cannot act on behalf of a user; domain-wide delegation needs the key of a \
                 service account",
                source.description
            );
            return Err(AuthError::new(AuthErrorKind::Invalid, message));
        }
        Ok(self.source.get_or_init(|| source))
    }

    async fn token(&self, cx: &AuthContext) -> Result<Token, AuthError> {
        let source = self.source()?;
        let token = source.provider.fetch(cx).await?;
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
    /// Creates a source without ID tokens.
    fn new(provider: impl TokenProvider + 'static, description: String) -> Self {
        let provider = Arc::new(provider);
        Self { provider, id_tokens: None, description, quota_project: None, has_subject: false }
    }

    /// Creates a source of access tokens and ID tokens.
    fn with_id_tokens(
        provider: impl TokenProvider + IdTokenSource + 'static,
        description: String,
    ) -> Self {
        let provider = Arc::new(provider);
        let same = Arc::clone(&provider);
        let id_tokens: Option<Arc<dyn IdTokenSource>> = Some(same);
        Self { provider, id_tokens, description, quota_project: None, has_subject: false }
    }
}
