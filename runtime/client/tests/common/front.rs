//! A server with TLS: a front of one without. Also used by the tests of other packages.

use std::sync::Arc;

use discovery_testing::{FaultServer, Reply};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

// `data/tls/make` makes these certificates. Those for `localhost` are valid until 2120.
pub(crate) const CA: &str = include_str!("../data/tls/ca.pem");
/// A root that no certificate is signed by.
pub(crate) const OTHER_CA: &str = include_str!("../data/tls/other-ca.pem");
/// For `localhost` and 127.0.0.1.
pub(crate) const SERVER: &str = include_str!("../data/tls/server.pem");
/// For `localhost`, until 2021.
pub(crate) const EXPIRED: &str = include_str!("../data/tls/expired.pem");
/// For `elsewhere.example`.
pub(crate) const ELSEWHERE: &str = include_str!("../data/tls/elsewhere.pem");
/// The key of the three.
const SERVER_KEY: &str = include_str!("../data/tls/server.key");

/// Settings of a front.
pub(crate) struct Setup {
    pub(crate) certificate: &'static str,
    /// Protocols, the preferred one first.
    pub(crate) alpn: &'static [&'static str],
    /// Whether clients must have a certificate.
    pub(crate) mutual: bool,
    pub(crate) provider: Arc<CryptoProvider>,
}

impl Setup {
    pub(crate) fn new(certificate: &'static str, provider: CryptoProvider) -> Self {
        let alpn = &["h2", "http/1.1"];
        Self { certificate, alpn, mutual: false, provider: Arc::new(provider) }
    }

    fn config(&self) -> ServerConfig {
        let provider = Arc::clone(&self.provider);
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if self.mutual {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(certificate(CA)).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
        let mut config =
            builder.with_single_cert(vec![certificate(self.certificate)], key).unwrap();
        config.alpn_protocols = self.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// A front and the server behind it, which answers every request with `{"name":"ok"}`.
pub(crate) struct Front {
    pub(crate) server: FaultServer,
    /// Root URL with the host `localhost`, ending in `/`.
    pub(crate) url: String,
    task: tokio::task::JoinHandle<()>,
}

impl Front {
    pub(crate) async fn start(setup: &Setup) -> Self {
        let server = FaultServer::replying(Reply::json(r#"{"name":"ok"}"#)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let acceptor = TlsAcceptor::from(Arc::new(setup.config()));
        let behind = server.address();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut tls) = acceptor.accept(stream).await else { return };
                    let mut plain = TcpStream::connect(behind).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut tls, &mut plain).await;
                });
            }
        });
        Self { server, url, task }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}
