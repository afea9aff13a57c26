//! Builder of the built-in transport.

use std::fmt;
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::HyperTransport;
use super::connect::Connector;
use super::proxy::Proxies;
use super::roots::{BaseRoots, Roots};
use super::tls::{self, Identity};
use crate::transport::{TransportError, TransportErrorKind};

/// Builder of a [`HyperTransport`].
pub struct HyperTransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    idle_connections: usize,
    http: HttpVersions,
    proxies: Proxies,
    roots: Roots,
    identity: Option<Identity>,
}

/// Versions of HTTP to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HttpVersions {
    #[cfg(all(feature = "http1", feature = "http2"))]
    Both,
    #[cfg(feature = "http1")]
    One,
    #[cfg(feature = "http2")]
    Two,
}

impl HttpVersions {
    /// All that are built.
    #[cfg(all(feature = "http1", feature = "http2"))]
    const BUILT: Self = Self::Both;
    #[cfg(not(feature = "http2"))]
    const BUILT: Self = Self::One;
    #[cfg(not(feature = "http1"))]
    const BUILT: Self = Self::Two;

    /// Protocols to offer during the TLS handshake, the preferred one first.
    const fn alpn(self) -> &'static [&'static [u8]] {
        match self {
            #[cfg(all(feature = "http1", feature = "http2"))]
            Self::Both => &[b"h2", b"http/1.1"],
            #[cfg(feature = "http1")]
            Self::One => &[b"http/1.1"],
            #[cfg(feature = "http2")]
            Self::Two => &[b"h2"],
        }
    }
}

impl Default for HyperTransportBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl HyperTransportBuilder {
    /// Creates a builder with default settings.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            idle_connections: 64,
            http: HttpVersions::BUILT,
            proxies: Proxies::from_environment(),
            roots: Roots::default(),
            identity: None,
        }
    }

    /// Sets the connect timeout, which covers DNS, TCP, proxy, and TLS. Defaults to 10 s.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long idle connections are kept. Defaults to 90 s.
    #[must_use]
    pub fn with_idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets the maximum number of idle connections per host. Defaults to 64.
    #[must_use]
    pub fn with_idle_connections(mut self, connections: usize) -> Self {
        self.idle_connections = connections;
        self
    }

    /// Uses HTTP/1.1 only.
    #[cfg(feature = "http1")]
    #[must_use]
    pub fn with_http1_only(mut self) -> Self {
        self.http = HttpVersions::One;
        self
    }

    /// Uses HTTP/2 only, even over plain `http`, for emulators that support nothing else.
    #[cfg(feature = "http2")]
    #[must_use]
    pub fn with_http2_only(mut self) -> Self {
        self.http = HttpVersions::Two;
        self
    }

    /// Uses one proxy for all hosts, instead of those in the environment: an `http`, `https`,
    /// `socks5`, or `socks5h` URL, with user name and password if required.
    #[must_use]
    pub fn with_proxy(mut self, url: &str) -> Self {
        self.proxies = Proxies::all(url);
        self
    }

    /// Uses no proxy, even if the environment sets one.
    #[must_use]
    pub fn with_no_proxy(mut self) -> Self {
        self.proxies = Proxies::none();
        self
    }

    /// Trusts the certificates of a PEM text as well.
    ///
    /// By default, a transport trusts Mozilla's root certificates, or, as programs with OpenSSL do,
    /// those of the file and the folders that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
    #[must_use]
    pub fn with_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.more.push(pem.into());
        self
    }

    /// Trusts the root certificates of the operating system instead of Mozilla's. `SSL_CERT_FILE`
    /// and `SSL_CERT_DIR` take precedence.
    #[cfg(feature = "platform-roots")]
    #[must_use]
    pub fn with_platform_roots(mut self) -> Self {
        self.roots.base = BaseRoots::Platform;
        self
    }

    /// Trusts only the certificates given by
    /// [`with_root_certificates`](Self::with_root_certificates), regardless of the environment.
    #[must_use]
    pub fn with_only_these_roots(mut self) -> Self {
        self.roots.base = BaseRoots::Nothing;
        self
    }

    /// Sets the client certificate for mutual TLS: certificate chain and private key in PEM format.
    #[must_use]
    pub fn with_identity(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(Identity { chain: chain.into(), key: key.into() });
        self
    }

    /// Creates the transport.
    ///
    /// # Errors
    ///
    /// If a certificate or key cannot be read, a proxy is not a valid URL, or there is no crypto
    /// provider.
    pub fn build(self) -> Result<HyperTransport, TransportError> {
        let proxies = self.proxies.validated()?;
        let tls = tls::config(&self.roots, self.identity.as_ref(), self.http.alpn())
            .map_err(|message| TransportError::new(TransportErrorKind::Other, message))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(60)));
        let connector = Connector::new(tcp, tls, proxies.clone(), self.connect_timeout);
        let mut client = Client::builder(TokioExecutor::new());
        client
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.idle_connections)
            .retry_canceled_requests(true);
        #[cfg(feature = "http2")]
        client
            .http2_only(self.http == HttpVersions::Two)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(10));
        Ok(HyperTransport { client: client.build(connector), proxies })
    }
}

impl fmt::Debug for HyperTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("http", &self.http)
            .field("proxies", &self.proxies)
            .field("identity", &self.identity.is_some())
            .finish_non_exhaustive()
    }
}
