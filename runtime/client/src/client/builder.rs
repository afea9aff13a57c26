//! Construction of clients.

use std::fmt::{self, Display};
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

/// Builder of a client. Building uses no network and needs no runtime.
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
    /// Creates a builder with default settings.
    #[must_use]
    pub fn new() -> Self {
        Self::for_service(C::SERVICE, C::from_runtime)
    }
}

impl Client {
    /// Returns a builder for an API known at run time only, for command lines and tools.
    #[must_use]
    pub fn builder(service: &'static ServiceSpec) -> ClientBuilder<Self> {
        ClientBuilder::for_service(service, |client| client)
    }
}

impl<C> ClientBuilder<C> {
    /// Default maximum size of a response body in memory: 256 MiB.
    pub const DEFAULT_RESPONSE_LIMIT: u64 = DEFAULT_RESPONSE_LIMIT;

    fn for_service(service: &'static ServiceSpec, make: fn(Client) -> C) -> Self {
        Self { settings: Settings::new(service), make }
    }

    /// Sends requests to `url` instead of the API's root URL: an emulator, a proxy, or a regional
    /// or private endpoint. Scheme and host, and a path if all requests share one.
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

    /// Sends requests to the API's endpoint for mutual TLS. The transport must have a client
    /// certificate.
    #[must_use]
    pub fn with_mtls_endpoint(mut self) -> Self {
        self.settings.mtls = true;
        self
    }

    /// Sets the universe domain, for example of a sovereign cloud. In the endpoint, it replaces
    /// `googleapis.com`. Credentials of another universe are an error of the call.
    ///
    /// Defaults to `GOOGLE_CLOUD_UNIVERSE_DOMAIN` with the feature `adc`, else to `googleapis.com`.
    #[must_use]
    pub fn with_universe_domain(mut self, domain: impl Into<String>) -> Self {
        self.settings.universe_domain = Some(domain.into());
        self
    }

    /// Sets the credentials. Defaults to Application Default Credentials with the feature `adc`,
    /// else to none.
    #[must_use]
    pub fn with_credentials(mut self, credentials: impl Credentials + 'static) -> Self {
        self.settings.credentials = Some(Arc::new(credentials));
        self
    }

    /// Authenticates with an API key.
    #[must_use]
    pub fn with_api_key(self, key: impl Into<Secret>) -> Self {
        self.with_credentials(ApiKey::new(key))
    }

    /// Sends no credentials, for public data, emulators, and tests.
    #[must_use]
    pub fn with_anonymous(self) -> Self {
        self.with_credentials(Anonymous)
    }

    /// Sets the quota project, instead of the credentials' own.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.settings.quota_project = Some(project.into());
        self
    }

    /// Requests tokens with these OAuth scopes, whatever the method lists.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.options.set_scopes(scopes);
        self
    }

    /// Acts on behalf of a user, by domain-wide delegation. Application Default Credentials must be
    /// the key of a service account; other ones take a subject themselves
    /// (`ServiceAccount::with_subject`).
    #[must_use]
    pub fn with_subject(mut self, email: impl Into<String>) -> Self {
        self.settings.subject = Some(email.into());
        self
    }

    /// Prepends a product to the user agent, for example `inventory/2.1`.
    #[must_use]
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.settings.user_agent = Some(product.into());
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.settings.options.set_header(name, value) {
            self.settings.error.get_or_insert(error);
        }
        self
    }

    /// Adds a query parameter to every call, such as `quotaUser`. Parameters of a method and those
    /// of a call with the same name take precedence.
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.settings.query.set(name.into(), &value);
        self
    }

    /// Sets the timeout of a whole call; `None` disables it. Defaults to 60 s.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_timeout(timeout);
        self
    }

    /// Sets the timeout of one attempt; `None` leaves it to the call's timeout. Defaults to 30 s.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_attempt_timeout(timeout);
        self
    }

    /// Sets the longest pause of a streamed body; `None` disables the limit. Defaults to 30 s.
    #[must_use]
    pub fn with_stall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.set_stall_timeout(timeout);
        self
    }

    /// Sets whether calls get request IDs, if the method takes one and the caller set none
    /// ([AIP-155](https://google.aip.dev/155)). Defaults to true.
    ///
    /// Such a call has a random UUID, the same in all its attempts, unless the program sets one. The
    /// server executes the call once, so it is sent again even if the server may have received it.
    /// Without an ID, calls that are not idempotent are not.
    #[must_use]
    pub fn with_request_ids(mut self, on: bool) -> Self {
        self.settings.options.set_request_ids(on);
        self
    }

    /// Sets whether values of responses that do not fit their types are errors, which name the JSON
    /// pointer of the value, the expected type, and the method. Defaults to false.
    ///
    /// By default, such a value is set aside: the field is unset, the value goes to `extra` under
    /// the field's name and is sent back with the model. `misfits` of a model finds such values, and
    /// with the feature `tracing` each response with one is logged.
    #[must_use]
    pub fn with_strict_responses(mut self, strict: bool) -> Self {
        self.settings.options.set_strict_responses(strict);
        self
    }

    /// Sets the retry policy. Defaults to [`DefaultRetry`](crate::retry::DefaultRetry).
    #[must_use]
    pub fn with_retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.settings.retry = Arc::new(policy);
        self
    }

    /// Limits retries across all calls of the client. Defaults to [`RetryBudget::new`].
    #[must_use]
    pub fn with_retry_budget(mut self, budget: RetryBudget) -> Self {
        self.settings.budget = budget;
        self
    }

    /// Sets the transport. Defaults to the built-in one.
    #[must_use]
    pub fn with_transport(mut self, transport: impl Transport + 'static) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Adds an interceptor. Interceptors run in the order they are added.
    #[must_use]
    pub fn with_interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.settings.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Sets the maximum size of a response body in memory, after decompression. Defaults to 256
    /// MiB. Media downloads stream and have no such limit.
    #[must_use]
    pub fn with_response_limit(mut self, bytes: u64) -> Self {
        self.settings.response_limit = bytes;
        self
    }

    /// Allows tokens and keys over plain `http` to the endpoint, for an emulator in a private
    /// network that requires them. By default, a call with a secret fails unless the endpoint is
    /// `https` or on this machine.
    #[must_use]
    pub fn with_plaintext_secrets(mut self) -> Self {
        self.settings.plaintext_secrets = true;
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// If a setting is invalid: an endpoint that is not an `http` or `https` URL, a header with
    /// control characters, a subject beside credentials, or no transport in a build without the
    /// built-in one.
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
