//! Making a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::service::ServiceClient;
use super::settings::{DEFAULT_RESPONSE_LIMIT, Settings};
use crate::auth::{Anonymous, ApiKey, Credentials, Secret};
use crate::clock::Clock;
use crate::erased::ErasedBox;
use crate::error::Result;
use crate::observe::Interceptor;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::spec::{EndpointSpec, ServiceSpec};
use crate::transport::Transport;

/// Makes a client. Nothing of it touches the network or needs a runtime.
pub struct ClientBuilder<C> {
    settings: ErasedBox<Settings>,
    make: fn(Client) -> C,
}

impl<C: ServiceClient> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// A builder with the defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::for_service(C::SERVICE, C::from_runtime)
    }
}

impl Client {
    /// A builder for an API that is known at run time only, as command lines and tools have it.
    #[must_use]
    pub fn builder(service: &'static ServiceSpec) -> ClientBuilder<Self> {
        ClientBuilder::for_service(service, |client| client)
    }
}

impl<C> ClientBuilder<C> {
    /// The most bytes of an answer that are kept in memory, unless told otherwise: 256 MiB.
    pub const DEFAULT_RESPONSE_LIMIT: u64 = DEFAULT_RESPONSE_LIMIT;

    fn for_service(service: &'static ServiceSpec, make: fn(Client) -> C) -> Self {
        Self { settings: Settings::new(service), make }
    }

    /// Sends requests to `url` in place of the API's own address: an emulator, a proxy, a
    /// regional or private endpoint. Scheme and host, and a path where all requests share one.
    #[must_use]
    pub fn with_endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// Sends requests to a regional endpoint of the API.
    #[must_use]
    pub fn with_location(self, location: &EndpointSpec) -> Self {
        self.with_endpoint(location.url)
    }

    /// Sends requests to the API's address for mutual TLS; the transport must have a client
    /// identity.
    #[must_use]
    pub fn with_mtls_endpoint(mut self) -> Self {
        self.settings.mtls = true;
        self
    }

    /// Talks to another universe than `googleapis.com`, for example a sovereign cloud.
    #[must_use]
    pub fn with_universe_domain(mut self, domain: impl Into<String>) -> Self {
        self.settings.universe_domain = Some(domain.into());
        self
    }

    /// Makes calls with these credentials. Default: Application Default Credentials with the
    /// feature `adc`, else none.
    #[must_use]
    pub fn with_credentials(mut self, credentials: impl Credentials + 'static) -> Self {
        self.settings.credentials = Some(Arc::new(credentials));
        self
    }

    /// Makes calls with an API key.
    #[must_use]
    pub fn with_api_key(self, key: impl Into<Secret>) -> Self {
        self.with_credentials(ApiKey::new(key))
    }

    /// Makes calls without credentials: for public data, emulators and tests.
    #[must_use]
    pub fn with_anonymous(self) -> Self {
        self.with_credentials(Anonymous)
    }

    /// Names the project that quota and bills go to, in place of the credentials' own.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.settings.quota_project = Some(project.into());
        self
    }

    /// Asks tokens for these OAuth scopes, whatever the method called lists.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.options.set_scopes(scopes);
        self
    }

    /// Puts the program's name in front of the user agent, for example `inventory/2.1`.
    #[must_use]
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.settings.user_agent = Some(product.into());
        self
    }

    /// Sends a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.settings.options.set_header(name, value) {
            self.settings.error.get_or_insert(error);
        }
        self
    }

    /// Sets the time for a whole call; `None` for as long as it takes. Default: 60 s.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_timeout(timeout);
        self
    }

    /// Sets the time for one attempt; `None` for as long as the call has. Default: 30 s.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_attempt_timeout(timeout);
        self
    }

    /// Sets how long a streamed body may rest without a byte; `None` for ever. Default: 30 s.
    #[must_use]
    pub fn with_stall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_stall_timeout(timeout);
        self
    }

    /// Decides on further attempts. Default: [`DefaultRetry`](crate::retry::DefaultRetry).
    #[must_use]
    pub fn with_retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.settings.retry = Arc::new(policy);
        self
    }

    /// Limits retries across all calls of the client. Default: [`RetryBudget::new`].
    #[must_use]
    pub fn with_retry_budget(mut self, budget: RetryBudget) -> Self {
        self.settings.budget = budget;
        self
    }

    /// Carries requests by another transport than the built-in one.
    #[must_use]
    pub fn with_transport(mut self, transport: impl Transport + 'static) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Takes time from another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Adds an interceptor; they run in the order of their adding.
    #[must_use]
    pub fn with_interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.settings.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Sets the most bytes of an answer that are kept in memory, after decompression. Default:
    /// 256 MiB. Media downloads stream and have no such limit.
    #[must_use]
    pub fn with_response_limit(mut self, bytes: u64) -> Self {
        self.settings.response_limit = bytes;
        self
    }

    /// Lets tokens and keys travel to the endpoint in the clear, over plain `http`: for an emulator
    /// in a private network that wants some. Without it, a call with a secret is refused unless
    /// the endpoint is `https` or on this machine.
    #[must_use]
    pub fn with_plaintext_secrets(mut self) -> Self {
        self.settings.plaintext_secrets = true;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// When a setting cannot be: an endpoint that is no `http` or `https` URL, a header with
    /// control characters, no transport although the built-in one is not compiled in.
    pub fn build(self) -> Result<C> {
        Settings::client(self.settings).map(self.make)
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.settings.endpoint.as_deref().map(crate::redact::shown_url))
            .field("credentials", &self.settings.credentials)
            .field("options", &self.settings.options)
            .finish_non_exhaustive()
    }
}
