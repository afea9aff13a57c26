//! Clients and their settings.

mod builder;
mod options;
mod root;
mod service;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::ClientBuilder;
pub use self::options::Options;
pub(crate) use self::options::TimeLimits;
pub(crate) use self::root::Root;
pub use self::service::ServiceClient;
use crate::auth::{Credentials, Destinations};
use crate::clock::Clock;
use crate::erased::ErasedArc;
use crate::observe::{CallScope, Interceptors};
use crate::query::Query;
use crate::retry::{Retrier, RetryBudget, RetryPolicy};
use crate::spec::{MethodSpec, ServiceSpec};
use crate::transport::Transport;

/// A client of one API: transport, credentials, policies, and defaults of its calls.
///
/// Cheap to clone. Clones share everything, including the connection pool and the retry budget.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: ErasedArc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) service: &'static ServiceSpec,
    /// Root URL of the API.
    pub(crate) root: Root,
    pub(crate) universe_domain: String,
    /// Hosts that secrets may be sent to.
    pub(crate) destinations: Destinations,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) credentials: Arc<dyn Credentials>,
    /// Whether the program set the credentials.
    pub(crate) credentials_given: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) interceptors: Arc<Interceptors>,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) budget: RetryBudget,
    pub(crate) options: Options,
    /// Whether the headers of `options` contain secrets.
    pub(crate) secret_headers: bool,
    /// Query parameters of every call.
    pub(crate) query: Query,
    /// Maximum size of a response body in memory.
    pub(crate) response_limit: u64,
}

impl Shared {
    /// Returns the retry policy of a call with `options`.
    pub(crate) fn policy<'a>(&'a self, options: &'a Options) -> &'a dyn RetryPolicy {
        &**options.retry.as_ref().unwrap_or(&self.retry)
    }

    /// Begins a call.
    pub(crate) fn scope(&self, method: &'static MethodSpec) -> CallScope {
        CallScope::begin(method, self.root.server(), &self.interceptors, &self.clock)
    }

    /// Returns the retrier of a call of `method` with `options` that started, or last made progress, at
    /// `since`.
    pub(crate) fn retrier<'a>(
        &'a self,
        method: &'static MethodSpec,
        options: &'a Options,
        since: Duration,
        deadline: Option<Duration>,
    ) -> Retrier<'a> {
        Retrier {
            clock: &*self.clock,
            policy: self.policy(options),
            budget: &self.budget,
            interceptors: &self.interceptors,
            method,
            deadline,
            since,
        }
    }
}

impl Client {
    /// Returns the API of the client.
    #[must_use]
    pub fn service(&self) -> &'static ServiceSpec {
        self.shared.service
    }

    /// Returns the root URL of requests, ending in `/`.
    #[must_use]
    pub fn root_url(&self) -> &str {
        self.shared.root.as_str()
    }

    /// Returns the universe domain of the client, for example `googleapis.com`.
    #[must_use]
    pub fn universe_domain(&self) -> &str {
        &self.shared.universe_domain
    }

    /// Returns the clock of timeouts and delays.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Returns the transport.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.shared.transport
    }

    /// Returns the credentials.
    #[must_use]
    pub fn credentials(&self) -> &Arc<dyn Credentials> {
        &self.shared.credentials
    }

    /// Returns the default options of calls.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.shared.options
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.shared.service.id)
            .field("root_url", &self.shared.root.as_str())
            .field("credentials", &self.shared.credentials)
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
