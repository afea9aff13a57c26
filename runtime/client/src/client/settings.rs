//! Settings of a client builder.

use std::sync::Arc;

use http::header::{HeaderName, HeaderValue, USER_AGENT};

use super::options::Options;
use super::{Client, Root, Shared};
#[cfg(not(feature = "adc"))]
use crate::auth::Anonymous;
use crate::auth::{Credentials, Destinations};
use crate::clock::Clock;
use crate::erased::{ErasedArc, ErasedBox};
use crate::error::{Error, Result};
use crate::observe::{Interceptor, Interceptors};
use crate::query::Query;
use crate::redact::secrets::has_secrets;
use crate::retry::{DefaultRetry, RetryBudget, RetryPolicy};
use crate::spec::ServiceSpec;
use crate::transport::Transport;

/// Universe of Google's public cloud.
const DEFAULT_UNIVERSE: &str = "googleapis.com";

/// Default maximum size of a response body in memory: 256 MiB.
pub(super) const DEFAULT_RESPONSE_LIMIT: u64 = 256 * 1024 * 1024;

/// The settings of a [`ClientBuilder`](super::ClientBuilder). Not generic, so that programs do not
/// compile the construction of clients.
pub(super) struct Settings {
    pub(super) endpoint: Option<String>,
    pub(super) mtls: bool,
    pub(super) universe_domain: Option<String>,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) credentials: Option<Arc<dyn Credentials>>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) interceptors: Vec<Arc<dyn Interceptor>>,
    pub(super) retry: Arc<dyn RetryPolicy>,
    pub(super) budget: RetryBudget,
    pub(super) options: Options,
    pub(super) user_agent: Option<String>,
    pub(super) quota_project: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) query: Query,
    pub(super) response_limit: u64,
    pub(super) plaintext_secrets: bool,
    pub(super) error: Option<Error>,
    service: &'static ServiceSpec,
}

impl Settings {
    /// Creates the default settings of an API.
    pub(super) fn new(service: &'static ServiceSpec) -> ErasedBox<Self> {
        ErasedBox::new(Self {
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
            subject: None,
            query: Query::default(),
            response_limit: DEFAULT_RESPONSE_LIMIT,
            plaintext_secrets: false,
            error: None,
            service,
        })
    }

    /// Builds the client.
    pub(super) fn client(settings: ErasedBox<Self>) -> Result<Client> {
        settings.into_inner().build()
    }

    fn build(mut self) -> Result<Client> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let service = self.service;
        let universe = self.universe_domain.take().or_else(default_universe);
        let root = root_url(service, self.endpoint.take(), self.mtls, universe.as_deref())?;
        let universe = universe.unwrap_or_else(|| DEFAULT_UNIVERSE.to_owned());
        let destinations = Destinations::new(&root, &universe, self.plaintext_secrets)
            .map_err(|_| Error::invalid("the endpoint is no URL"))?;
        let root = Root::new(root)?;
        let options = self.finish_options(service)?;
        Ok(Client {
            shared: ErasedArc::new(Shared {
                service,
                root,
                universe_domain: universe,
                destinations,
                transport: self.transport.map_or_else(default_transport, Ok)?,
                credentials_given: self.credentials.is_some(),
                credentials: find_credentials(self.credentials, self.subject)?,
                clock: self.clock.map_or_else(default_clock, Ok)?,
                interceptors: Arc::new(Interceptors(self.interceptors)),
                retry: self.retry,
                budget: self.budget,
                secret_headers: has_secrets(&options.headers),
                options,
                query: self.query,
                response_limit: self.response_limit,
            }),
        })
    }

    fn finish_options(&mut self, service: &ServiceSpec) -> Result<Options> {
        let mut options = std::mem::take(&mut self.options);
        // Every attempt copies the headers and adds its own; reserving room avoids a reallocation.
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
/// compress only if the agent mentions gzip.
fn user_agent(product: Option<&str>, service: &ServiceSpec) -> String {
    let (package, version) = (service.package, service.package_version);
    let own = concat!("discovery-runtime/", env!("CARGO_PKG_VERSION"), " (gzip)");
    match product {
        Some(product) => format!("{product} {package}/{version} {own}"),
        None => format!("{package}/{version} {own}"),
    }
}

/// Returns language, runtime, and generated library in Google's format: `gl-rust/1.88 gdcl/0.1.0
/// …`. The language version is the minimum of this crate, since the compiler's version is unknown
/// without a build script.
fn api_client(service: &ServiceSpec) -> String {
    const RUNTIME: &str =
        concat!("gl-rust/", env!("CARGO_PKG_RUST_VERSION"), " gdcl/", env!("CARGO_PKG_VERSION"));
    format!("{RUNTIME} {}/{}", service.package, service.package_version)
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
    let shown = || crate::redact::shown_url(root);
    let invalid = |why: &str| Error::invalid(format!("endpoint {:?} {why}", shown()));
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

#[cfg(any(feature = "http1", feature = "http2"))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let invalid = |error: crate::transport::TransportError| Error::invalid(error.to_string());
    Ok(Arc::new(crate::hyper::HyperTransport::new().map_err(invalid)?))
}

#[cfg(all(feature = "fetch", target_family = "wasm"))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    Ok(Arc::new(crate::fetch::FetchTransport::new()))
}

#[cfg(not(any(
    feature = "http1",
    feature = "http2",
    all(feature = "fetch", target_family = "wasm")
)))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    Err(Error::invalid("this build has no transport of its own; set one with `with_transport`"))
}

/// Returns the credentials that act on behalf of `subject`.
fn find_credentials(
    given: Option<Arc<dyn Credentials>>,
    subject: Option<String>,
) -> Result<Arc<dyn Credentials>> {
    match (given, subject) {
        (Some(_), Some(_)) => Err(Error::invalid(
            "`with_subject` applies to Application Default Credentials; credentials of the program \
             take a subject themselves",
        )),
        (Some(given), None) => Ok(given),
        (None, subject) => default_credentials(subject),
    }
}

fn default_universe() -> Option<String> {
    #[cfg(feature = "adc")]
    return crate::auth::universe_domain();
    #[cfg(not(feature = "adc"))]
    return None;
}

/// Credentials are located by the first call.
#[cfg(feature = "adc")]
fn default_credentials(subject: Option<String>) -> Result<Arc<dyn Credentials>> {
    let adc = crate::auth::Adc::builder();
    Ok(Arc::new(match subject {
        Some(subject) => adc.with_subject(subject).build(),
        None => adc.build(),
    }))
}

#[cfg(not(feature = "adc"))]
fn default_credentials(subject: Option<String>) -> Result<Arc<dyn Credentials>> {
    match subject {
        Some(_) => Err(Error::invalid("a subject needs credentials, or the feature `adc`")),
        None => Ok(Arc::new(Anonymous)),
    }
}

fn default_clock() -> Result<Arc<dyn Clock>> {
    #[cfg(any(
        all(feature = "_tokio", not(target_family = "wasm")),
        all(feature = "fetch", target_family = "wasm")
    ))]
    return Ok(Arc::new(crate::clock::SystemClock::new()));
    #[cfg(not(any(
        all(feature = "_tokio", not(target_family = "wasm")),
        all(feature = "fetch", target_family = "wasm")
    )))]
    return Err(Error::invalid("this build has no clock; set one with `with_clock`"));
}
