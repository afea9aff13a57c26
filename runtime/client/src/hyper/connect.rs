//! Connections: direct, through a tunnel, or to a proxy.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Intercept;
use rustls::ClientConfig;
use tower_service::Service;

use super::proxy::Proxies;
use super::stream::{Io, Stream};
use crate::BoxFuture;
use crate::transport::{BoxError, Unconnected};

/// Connector of the transport.
#[derive(Clone)]
pub(super) struct Connector(Arc<Inner>);

struct Inner {
    tcp: HttpConnector,
    tls: Arc<ClientConfig>,
    /// TLS settings for connections to `https` proxies. Tunnels use HTTP/1.1, so no other protocol
    /// is offered.
    proxy_tls: Arc<ClientConfig>,
    proxies: Proxies,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(
        tcp: HttpConnector,
        tls: ClientConfig,
        proxies: Proxies,
        timeout: Duration,
    ) -> Self {
        let mut proxy_tls = tls.clone();
        proxy_tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let (tls, proxy_tls) = (Arc::new(tls), Arc::new(proxy_tls));
        Self(Arc::new(Inner { tcp, tls, proxy_tls, proxies, timeout }))
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let this = Arc::clone(&self.0);
        Box::pin(async move {
            let host = destination.host().unwrap_or_default().to_owned();
            let work = this.connect(destination);
            let connected = tokio::time::timeout(this.timeout, work).await.unwrap_or_else(|_| {
                let message = format!("no connection within {:?}", this.timeout);
                Err(std::io::Error::new(std::io::ErrorKind::TimedOut, message).into())
            });
            connected.map_err(|source| Unconnected { host, source }.into())
        })
    }
}

impl Inner {
    async fn connect(&self, destination: Uri) -> Result<Stream, BoxError> {
        let Some(proxy) = self.proxies.intercept(&destination) else {
            return connect_over(self.tcp.clone(), &self.tls, destination).await;
        };
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        if scheme.starts_with("socks5") {
            let local_dns = scheme == "socks5";
            let socks = socks(&proxy, self.tcp.clone()).local_dns(local_dns);
            return connect_over(socks, &self.tls, destination).await;
        }
        if !matches!(scheme, "http" | "https") {
            return Err(format!("a {scheme} proxy cannot be used").into());
        }
        let https = HttpsConnector::from((self.tcp.clone(), Arc::clone(&self.proxy_tls)));
        let mut to_proxy = ProxyConnector(https);
        if destination.scheme_str() != Some("https") {
            let io = to_proxy.call(proxy.uri().clone()).await?;
            return Ok(Stream::new(io, true));
        }
        let tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
        let tunnel = match proxy.basic_auth() {
            Some(authorization) => tunnel.with_auth(authorization.clone()),
            None => tunnel,
        };
        connect_over(tunnel, &self.tls, destination).await
    }
}

/// Connects to a proxy; its errors name the proxy.
struct ProxyConnector(HttpsConnector<HttpConnector>);

impl Service<Uri> for ProxyConnector {
    type Response = <HttpsConnector<HttpConnector> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        let host = format!("the proxy {}", proxy.host().unwrap_or_default());
        let connecting = self.0.call(proxy);
        Box::pin(
            async move { connecting.await.map_err(|source| Unconnected { host, source }.into()) },
        )
    }
}

/// Connects over `lower`, with TLS if the destination requires it.
async fn connect_over<C>(lower: C, tls: &Arc<ClientConfig>, to: Uri) -> Result<Stream, BoxError>
where
    C: Service<Uri>,
    C::Response: Io,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    let io = HttpsConnector::from((lower, Arc::clone(tls))).call(to).await?;
    Ok(Stream::new(io, false))
}

fn socks(proxy: &Intercept, tcp: HttpConnector) -> SocksV5<HttpConnector> {
    let socks = SocksV5::new(proxy.uri().clone(), tcp);
    match proxy.raw_auth() {
        Some((user, password)) => socks.with_auth(user.to_owned(), password.to_owned()),
        None => socks,
    }
}
