//! Settings of the built-in transport.

use std::fmt;
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::HyperTransport;
use super::connect::Connector;
use super::proxy::Proxies;
use super::tls::{self, Identity};
use crate::transport::{TransportError, TransportErrorKind};

/// Makes a [`HyperTransport`].
pub struct HyperTransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    idle_connections: usize,
    http: HttpVersions,
    proxies: Proxies,
    roots: Vec<Vec<u8>>,
    only_these_roots: bool,
    identity: Option<Identity>,
}

/// Which versions of HTTP are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HttpVersions {
    Both,
    One,
    Two,
}

impl Default for HyperTransportBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl HyperTransportBuilder {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            idle_connections: 64,
            http: HttpVersions::Both,
            proxies: Proxies::from_environment(),
            roots: Vec::new(),
            only_these_roots: false,
            identity: None,
        }
    }

    /// Sets the time for a connection: name, TCP, proxy and TLS together. Default: 10 s.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an unused connection is kept. Default: 90 s.
    #[must_use]
    pub fn with_idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets how many unused connections to one host are kept. Default: 64.
    #[must_use]
    pub fn with_idle_connections(mut self, connections: usize) -> Self {
        self.idle_connections = connections;
        self
    }

    /// Speaks HTTP/1.1 only.
    #[must_use]
    pub fn with_http1_only(mut self) -> Self {
        self.http = HttpVersions::One;
        self
    }

    /// Speaks HTTP/2 only, over plain `http` too: for emulators that speak nothing else.
    #[must_use]
    pub fn with_http2_only(mut self) -> Self {
        self.http = HttpVersions::Two;
        self
    }

    /// Goes through one proxy for all hosts, whatever the environment says: an `http`, `https`,
    /// `socks5` or `socks5h` URL, with user name and password where the proxy wants them.
    #[must_use]
    pub fn with_proxy(mut self, url: &str) -> Self {
        self.proxies = Proxies::all(url);
        self
    }

    /// Goes through no proxy, whatever the environment says.
    #[must_use]
    pub fn with_no_proxy(mut self) -> Self {
        self.proxies = Proxies::none();
        self
    }

    /// Trusts the certificates in a PEM text, beside Mozilla's.
    #[must_use]
    pub fn with_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Trusts no certificates but those given.
    #[must_use]
    pub fn with_only_these_roots(mut self) -> Self {
        self.only_these_roots = true;
        self
    }

    /// Shows a client certificate (mutual TLS): the chain and the private key as PEM texts.
    #[must_use]
    pub fn with_identity(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(Identity { chain: chain.into(), key: key.into() });
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    ///
    /// When a certificate or key cannot be read, or a proxy is no URL.
    pub fn build(self) -> Result<HyperTransport, TransportError> {
        let proxies = self.proxies.validated()?;
        let alpn: &[&[u8]] = match self.http {
            HttpVersions::Both => &[b"h2", b"http/1.1"],
            HttpVersions::One => &[b"http/1.1"],
            HttpVersions::Two => &[b"h2"],
        };
        let tls = tls::config(&self.roots, self.only_these_roots, self.identity.as_ref(), alpn)
            .map_err(|message| TransportError::new(TransportErrorKind::Other, message))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(60)));
        let connector = Connector::new(tcp, tls, proxies.clone(), self.connect_timeout);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.idle_connections)
            .http2_only(self.http == HttpVersions::Two)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(10))
            .retry_canceled_requests(true)
            .build(connector);
        Ok(HyperTransport { client, proxies })
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
