//! What credentials are told about the call that needs them.

use super::{AuthError, AuthErrorKind};
use crate::clock::{Clock, remaining};
use crate::spec::MethodSpec;
use crate::transport::Transport;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The circumstances of one request for authorisation.
#[derive(Clone)]
pub struct AuthContext {
    clock: Arc<dyn Clock>,
    transport: Option<Arc<dyn Transport>>,
    scopes: Scopes,
    deadline: Option<Duration>,
}

#[derive(Clone)]
enum Scopes {
    Chosen(Arc<[String]>),
    /// The least of a method's, found when asked for: many credentials have no use for it.
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
    /// A context without transport, scopes and deadline.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, transport: None, scopes: Scopes::Chosen(Arc::default()), deadline: None }
    }

    /// Sets what carries requests to token services: the client's own transport, so that its
    /// proxies, roots and connections serve them too.
    #[must_use]
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the OAuth scopes that a token should carry. Order and repetition do not matter.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        scopes.sort_unstable();
        scopes.dedup();
        self.scopes = Scopes::Chosen(scopes.into());
        self
    }

    /// Asks for the least scope that a method needs: see [`MethodSpec::default_scope`].
    #[must_use]
    pub fn with_method(mut self, method: &'static MethodSpec) -> Self {
        self.scopes = Scopes::MethodDefault(method, OnceLock::new());
        self
    }

    /// Sets the instant, on the context's clock, by which an answer is needed.
    #[must_use]
    pub fn with_deadline(mut self, at: Option<Duration>) -> Self {
        self.deadline = at;
        self
    }

    /// The clock that deadlines and expiries go by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// What carries requests to token services.
    ///
    /// # Errors
    /// [`AuthErrorKind::Invalid`] when the context has none.
    pub fn transport(&self) -> Result<&Arc<dyn Transport>, AuthError> {
        self.transport.as_ref().ok_or_else(|| {
            AuthError::new(
                AuthErrorKind::Invalid,
                "these credentials need a token service, but there is no transport to reach it; \
                 set one with AuthContext::with_transport",
            )
        })
    }

    /// The scopes that a token should carry: sorted, each once. Empty means the credentials' own.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        self.scopes.get()
    }

    /// When an answer is needed, as a value of [`Clock::now`].
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Time left until the deadline; `None` without one.
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
