//! Making a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue, USER_AGENT};

use super::options::Options;
use super::{Client, Root, Shared};
use crate::auth::{Anonymous, ApiKey, Credentials, Secret};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::method::ServiceClient;
use crate::observe::Interceptor;
use crate::retry::{DefaultRetry, RetryBudget, RetryPolicy};
use crate::spec::{EndpointSpec, ServiceSpec};
use crate::transport::Transport;

/// The universe of Google's public cloud.
const DEFAULT_UNIVERSE: &str = "googleapis.com";

/// Makes a client. Nothing of it touches the network or needs a runtime.
pub struct ClientBuilder<C> {
    endpoint: Option<String>,
    mtls: bool,
    universe_domain: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    credentials: Option<Arc<dyn Credentials>>,
    clock: Option<Arc<dyn Clock>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    retry: Arc<dyn RetryPolicy>,
    budget: RetryBudget,
    options: Options,
    user_agent: Option<String>,
    quota_project: Option<String>,
    response_limit: u64,
    error: Option<Error>,
    service: &'static ServiceSpec,
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
        Self::of(C::SERVICE, C::from_runtime)
    }
}

impl Client {
    /// A builder for an API that is known at run time only, as command lines and tools have it.
    #[must_use]
    pub fn builder(service: &'static ServiceSpec) -> ClientBuilder<Self> {
        ClientBuilder::of(service, |client| client)
    }
}

impl<C> ClientBuilder<C> {
    /// The most bytes of an answer that are kept in memory, unless told otherwise: 256 MiB.
    pub const DEFAULT_RESPONSE_LIMIT: u64 = 256 * 1024 * 1024;

    fn of(service: &'static ServiceSpec, make: fn(Client) -> C) -> Self {
        Self {
            endpoint: None,
            mtls: false,
            universe_domain: None,
            transport: None,
            credentials: None,
            clock: None,
            interceptors: Vec::new(),
            retry: Arc::new(DefaultRetry::new()),
            budget: RetryBudget::new(),
            options: Options::new(),
            user_agent: None,
            quota_project: None,
            response_limit: Self::DEFAULT_RESPONSE_LIMIT,
            error: None,
            service,
            make,
        }
    }

    /// Sends requests to `url` in place of the API's own address: an emulator, a proxy, a
    /// regional or private endpoint. Scheme and host, and a path where all requests share one.
    #[must_use]
    pub fn with_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
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
        self.mtls = true;
        self
    }

    /// Talks to another universe than `googleapis.com`, for example a sovereign cloud.
    #[must_use]
    pub fn with_universe_domain(mut self, domain: impl Into<String>) -> Self {
        self.universe_domain = Some(domain.into());
        self
    }

    /// Makes calls with these credentials. Default: Application Default Credentials with the
    /// feature `adc`, else none.
    #[must_use]
    pub fn with_credentials(mut self, credentials: impl Credentials + 'static) -> Self {
        self.credentials = Some(Arc::new(credentials));
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
        self.quota_project = Some(project.into());
        self
    }

    /// Asks tokens for these OAuth scopes, whatever the method called lists.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.set_scopes(scopes);
        self
    }

    /// Puts the program's name in front of the user agent, for example `inventory/2.1`.
    #[must_use]
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Sends a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.options.set_header(name, value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets the time for a whole call; `None` for as long as it takes. Default: 60 s.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Sets the time for one attempt; `None` for as long as the call has. Default: 30 s.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.set_attempt_timeout(timeout);
        self
    }

    /// Sets how long a streamed body may rest without a byte; `None` for ever. Default: 30 s.
    #[must_use]
    pub fn with_stall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.set_stall_timeout(timeout);
        self
    }

    /// Decides on further attempts. Default: [`DefaultRetry`].
    #[must_use]
    pub fn with_retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.retry = Arc::new(policy);
        self
    }

    /// Limits retries across all calls of the client. Default: [`RetryBudget::new`].
    #[must_use]
    pub fn with_retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Carries requests by another transport than the built-in one.
    #[must_use]
    pub fn with_transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Takes time from another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Adds an interceptor; they run in the order of their adding.
    #[must_use]
    pub fn with_interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Sets the most bytes of an answer that are kept in memory, after decompression. Default:
    /// 256 MiB. Media downloads stream and have no such limit.
    #[must_use]
    pub fn with_response_limit(mut self, bytes: u64) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// When a setting cannot be: an endpoint that is no `http` or `https` URL, a header with
    /// control characters, no transport although the built-in one is not compiled in.
    pub fn build(self) -> Result<C> {
        let make = self.make;
        self.build_runtime().map(make)
    }

    fn build_runtime(mut self) -> Result<Client> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let service = self.service;
        let universe = self.universe_domain.take();
        let root = root_url(service, self.endpoint.take(), self.mtls, universe.as_deref())?;
        let root = Root::new(root)?;
        let options = self.finish_options(service)?;
        Ok(Client {
            shared: Arc::new(Shared {
                service,
                root,
                universe_domain: universe.unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned()),
                transport: self.transport.map_or_else(default_transport, Ok)?,
                credentials_given: self.credentials.is_some(),
                credentials: self.credentials.map_or_else(default_credentials, Ok)?,
                clock: self.clock.map_or_else(default_clock, Ok)?,
                interceptors: self.interceptors,
                retry: self.retry,
                budget: self.budget,
                options,
                response_limit: self.response_limit,
            }),
        })
    }

    fn finish_options(&mut self, service: &ServiceSpec) -> Result<Options> {
        let mut options = std::mem::take(&mut self.options);
        // Every attempt copies these and adds its own: room for them, so that the table is made
        // once.
        options.headers.reserve(16);
        if let Some(project) = &self.quota_project {
            options.set_header("x-goog-user-project", project)?;
        }
        let product = self.user_agent.take();
        let agent = user_agent(product.as_deref(), service);
        let agent = HeaderValue::try_from(agent)
            .map_err(|_| Error::invalid("the user agent holds a control character"))?;
        options.headers.entry(USER_AGENT).or_insert(agent);
        let tracker = HeaderName::from_static("x-goog-api-client");
        if let Ok(value) = HeaderValue::try_from(api_client(service)) {
            options.headers.entry(tracker).or_insert(value);
        }
        Ok(options)
    }
}

/// `inventory/2.1 google-jobs-v3/0.1.0 discovery-runtime/0.1.0 (gzip)`. Google's front ends
/// compress only for agents that name gzip.
fn user_agent(product: Option<&str>, service: &ServiceSpec) -> String {
    let (package, version) = (service.package, service.package_version);
    let own = concat!("discovery-runtime/", env!("CARGO_PKG_VERSION"), " (gzip)");
    match product {
        Some(product) => format!("{product} {package}/{version} {own}"),
        None => format!("{package}/{version} {own}"),
    }
}

/// Language, runtime and generated library, as Google counts them: `gl-rust/1.88 gdcl/0.1.0 …`.
/// The language's version is the least that this crate asks for: the compiler's own is not known
/// without a build script.
fn api_client(service: &ServiceSpec) -> String {
    const OURS: &str =
        concat!("gl-rust/", env!("CARGO_PKG_RUST_VERSION"), " gdcl/", env!("CARGO_PKG_VERSION"));
    format!("{OURS} {}/{}", service.package, service.package_version)
}

fn root_url(
    service: &ServiceSpec,
    endpoint: Option<String>,
    mtls: bool,
    universe: Option<&str>,
) -> Result<String> {
    let given = match (endpoint, mtls) {
        (Some(endpoint), _) => endpoint,
        (None, false) => service.root_url.to_owned(),
        (None, true) => match service.mtls_root_url {
            Some(url) => url.to_owned(),
            None => {
                let message = format!("{} has no address for mutual TLS", service.id);
                return Err(Error::invalid(message));
            }
        },
    };
    let mut root = match universe {
        Some(domain) => given.replacen(DEFAULT_UNIVERSE, domain, 1),
        None => given,
    };
    check_root(&root)?;
    if !root.ends_with('/') {
        root.push('/');
    }
    Ok(root)
}

fn check_root(root: &str) -> Result<()> {
    let invalid = |why: &str| Error::invalid(format!("endpoint {root:?} {why}"));
    if root.is_empty() {
        return Err(Error::invalid(
            "the API's document names no address; set one with `with_endpoint`",
        ));
    }
    let uri: http::Uri = root.parse().map_err(|_| invalid("is no URL"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(invalid("must begin with https:// or http://"));
    }
    let Some(authority) = uri.authority() else { return Err(invalid("has no host")) };
    if authority.as_str().contains('@') {
        return Err(Error::invalid("the endpoint must not hold a user name or password"));
    }
    if uri.query().is_some() || root.contains('#') {
        return Err(invalid("must not have a query or fragment"));
    }
    Ok(())
}

#[cfg(feature = "hyper")]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let invalid = |error: crate::transport::TransportError| Error::invalid(error.to_string());
    Ok(Arc::new(crate::hyper::HyperTransport::new().map_err(invalid)?))
}

#[cfg(not(feature = "hyper"))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    Err(Error::invalid("this build has no transport of its own; set one with `with_transport`"))
}

/// Nothing is looked for until the first call.
fn default_credentials() -> Result<Arc<dyn Credentials>> {
    #[cfg(feature = "adc")]
    return Ok(Arc::new(crate::auth::Adc::new()));
    #[cfg(not(feature = "adc"))]
    return Ok(Arc::new(Anonymous));
}

fn default_clock() -> Result<Arc<dyn Clock>> {
    #[cfg(all(any(feature = "hyper", feature = "reqwest"), not(target_family = "wasm")))]
    return Ok(Arc::new(crate::clock::SystemClock::new()));
    #[cfg(not(all(any(feature = "hyper", feature = "reqwest"), not(target_family = "wasm"))))]
    return Err(Error::invalid("this build has no clock; set one with `with_clock`"));
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.endpoint)
            .field("credentials", &self.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
