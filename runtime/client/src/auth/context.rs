//! The context of a request for credentials.

use super::{AuthError, AuthErrorKind};
use crate::clock::{Clock, remaining};
use crate::spec::MethodSpec;
use crate::trace;
use crate::transport::Transport;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Scope of every Google Cloud API. APIs that accept it accept tokens that a service account signs
/// itself as well, and token services that require a scope get it for calls without one.
pub(super) const CLOUD_SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The context in which credentials are requested: clock, transport, scopes, and deadline.
#[derive(Clone)]
pub struct AuthContext {
    clock: Arc<dyn Clock>,
    transport: Option<Arc<dyn Transport>>,
    scopes: Scopes,
    cloud: bool,
    deadline: Option<Duration>,
    watch: Option<Arc<dyn TokenWatch>>,
}

/// Observes requests for new tokens.
pub(crate) trait TokenWatch: Send + Sync {
    /// Called after a request has ended; `error` is `None` if it returned a token.
    fn fetched(&self, error: Option<&AuthError>, elapsed: Duration);
}

#[derive(Clone)]
enum Scopes {
    Chosen(Arc<[String]>),
    /// The method's default scope, computed on demand since many credentials do not need it.
    MethodDefault(&'static MethodSpec, OnceLock<Arc<[String]>>),
}

impl Scopes {
    fn get(&self) -> &[String] {
        match self {
            Self::Chosen(scopes) => scopes,
            Self::MethodDefault(method, scopes) => {
                scopes.get_or_init(|| method.default_scope.map(str::to_owned).into_iter().collect())
            }
        }
    }
}

impl AuthContext {
    /// Creates a context without transport, scopes, or deadline.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let scopes = Scopes::Chosen(Arc::default());
        Self { clock, transport: None, scopes, cloud: false, deadline: None, watch: None }
    }

    /// Sets the transport for requests to token services, normally the client's own with its
    /// proxies, roots, and connections.
    #[must_use]
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the OAuth scopes of the token. Order and duplicates do not matter.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        scopes.sort_unstable();
        scopes.dedup();
        self.scopes = Scopes::Chosen(scopes.into());
        self
    }

    /// Requests a token for a method, with its default scope; see [`MethodSpec::default_scope`].
    /// [`AuthContext::with_scopes`] after it sets others.
    #[must_use]
    pub fn with_method(mut self, method: &'static MethodSpec) -> Self {
        self.cloud = method.scopes.contains(&CLOUD_SCOPE);
        self.scopes = Scopes::MethodDefault(method, OnceLock::new());
        self
    }

    /// Requests a token for the services that issue tokens of other accounts.
    pub(super) fn for_iam(self) -> Self {
        Self { cloud: true, ..self.with_scopes([CLOUD_SCOPE]) }
    }

    /// Sets the deadline, as a value of [`Clock::now`].
    #[must_use]
    pub fn with_deadline(mut self, at: Option<Duration>) -> Self {
        self.deadline = at;
        self
    }

    /// Sets the observer of requests for new tokens.
    pub(crate) fn with_watch(mut self, watch: Arc<dyn TokenWatch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Runs a request for a new token within its span, and reports its outcome.
    pub(super) async fn observed<T>(
        &self,
        request: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        let (span, begun) = (trace::token(), self.clock.now());
        let outcome = trace::within(span.clone(), request).await;
        let error = outcome.as_ref().err();
        if let Some(error) = error {
            trace::failed(&span, error.kind().as_str());
        }
        if let Some(watch) = &self.watch {
            watch.fetched(error, self.clock.now().saturating_sub(begun));
        }
        outcome
    }

    /// Returns the clock of deadlines and expiries.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Returns the transport for requests to token services.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] if the context has no transport.
    pub fn transport(&self) -> Result<&Arc<dyn Transport>, AuthError> {
        self.transport.as_ref().ok_or_else(|| {
            AuthError::new(
                AuthErrorKind::Invalid,
                "these credentials need a token service, but there is no transport to reach it; \
                 set one with AuthContext::with_transport",
            )
        })
    }

    /// Returns the scopes of the token, sorted and without duplicates. Empty means the credentials'
    /// own scopes.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        self.scopes.get()
    }

    /// Returns the scopes, or that of Google Cloud if there are none, for services that require one.
    pub(super) fn required_scopes(&self) -> Vec<&str> {
        match self.scopes() {
            [] => vec![CLOUD_SCOPE],
            scopes => scopes.iter().map(String::as_str).collect(),
        }
    }

    /// Returns `true` if the token is for an API of Google Cloud.
    pub(super) fn is_cloud_api(&self) -> bool {
        self.cloud
    }

    /// Returns the deadline, as a value of [`Clock::now`].
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Returns the time left until the deadline, or `None` without one.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        remaining(&*self.clock, self.deadline)
    }
}

impl fmt::Debug for AuthContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthContext")
            .field("scopes", &self.scopes())
            .field("deadline", &self.deadline)
            .field("transport", &self.transport.is_some())
            .finish_non_exhaustive()
    }
}
