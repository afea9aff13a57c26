//! A client: what all calls to one API share.

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
use crate::observe::Interceptor;
use crate::retry::{Retrier, RetryBudget, RetryPolicy};
use crate::spec::ServiceSpec;
use crate::transport::Transport;

/// What all calls to one API share: transport, credentials, policy, defaults.
///
/// Cheap to clone: clones share everything, the connection pool and the retry budget too.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: ErasedArc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) service: &'static ServiceSpec,
    /// Where the API is served.
    pub(crate) root: Root,
    pub(crate) universe_domain: String,
    /// Where secrets may go.
    pub(crate) destinations: Destinations,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) credentials: Arc<dyn Credentials>,
    /// Whether the program chose them.
    pub(crate) credentials_given: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) interceptors: Vec<Arc<dyn Interceptor>>,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) budget: RetryBudget,
    pub(crate) options: Options,
    /// The most bytes of an answer that are kept in memory.
    pub(crate) response_limit: u64,
}

impl Shared {
    /// What decides about further attempts of a call with `options` that began, or last made
    /// progress, at `since`.
    pub(crate) fn retrier<'a>(
        &'a self,
        options: &'a Options,
        since: Duration,
        deadline: Option<Duration>,
    ) -> Retrier<'a> {
        Retrier {
            clock: &*self.clock,
            policy: &**options.retry.as_ref().unwrap_or(&self.retry),
            budget: &self.budget,
            deadline,
            since,
        }
    }
}

impl Client {
    /// The API that the client talks to.
    #[must_use]
    pub fn service(&self) -> &'static ServiceSpec {
        self.shared.service
    }

    /// Scheme and authority that requests go to; ends in `/`.
    #[must_use]
    pub fn root_url(&self) -> &str {
        self.shared.root.as_str()
    }

    /// The universe that the client talks to, for example `googleapis.com`.
    #[must_use]
    pub fn universe_domain(&self) -> &str {
        &self.shared.universe_domain
    }

    /// The clock that timeouts and waits go by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The transport that carries requests.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.shared.transport
    }

    /// The credentials that calls are made with.
    #[must_use]
    pub fn credentials(&self) -> &Arc<dyn Credentials> {
        &self.shared.credentials
    }

    /// What every call starts from.
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
