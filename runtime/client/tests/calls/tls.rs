//! TLS of the built-in transport: trusted roots, client certificates, and HTTP versions.

use std::sync::Arc;

use discovery_runtime::hyper::{HyperTransport, HyperTransportBuilder};
use discovery_runtime::retry::NoRetry;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{Error, ErrorKind};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::api::{Client, Thing};

// Test certificates for `localhost` and 127.0.0.1, valid from 2020 to 2120.
const CA: &str = include_str!("../data/tls/ca.pem");
const SERVER: &str = include_str!("../data/tls/server.pem");
const SERVER_KEY: &str = include_str!("../data/tls/server.key");
const CLIENT: &str = include_str!("../data/tls/client.pem");
const CLIENT_KEY: &str = include_str!("../data/tls/client.key");

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

fn config(alpn: &[&str], mutual: bool) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = if mutual {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate(CA)).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
    let mut config = builder.with_single_cert(vec![certificate(SERVER)], key).unwrap();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    config
}

/// A TLS proxy of a server without TLS.
struct Front {
    server: FaultServer,
    url: String,
    task: tokio::task::JoinHandle<()>,
}

impl Front {
    async fn start(alpn: &[&str], mutual: bool) -> Self {
        let server = FaultServer::replying(Reply::json(r#"{"name":"ok"}"#)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        let acceptor = TlsAcceptor::from(Arc::new(config(alpn, mutual)));
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

    async fn call(&self, transport: HyperTransportBuilder) -> Result<Thing, Error> {
        let transport = transport.with_no_proxy().build().unwrap();
        let builder = Client::builder().with_endpoint(self.url.clone()).with_anonymous();
        let client = builder.with_transport(transport).with_retry(NoRetry).build().unwrap();
        client.create("p", &Thing::default()).send().await
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn the_server_chooses_the_version() {
    let table: [(&[&str], http::Version); 3] = [
        (&["h2", "http/1.1"], http::Version::HTTP_2),
        (&["http/1.1"], http::Version::HTTP_11),
        (&[], http::Version::HTTP_11),
    ];
    for (alpn, version) in table {
        let front = Front::start(alpn, false).await;
        front.call(HyperTransport::builder().with_root_certificates(CA)).await.unwrap();
        let seen = front.server.requests()[0].head.version;
        assert_eq!(seen, version, "{alpn:?}");
    }
    let front = Front::start(&["h2", "http/1.1"], false).await;
    let builder = HyperTransport::builder().with_root_certificates(CA).with_http1_only();
    front.call(builder).await.unwrap();
    assert_eq!(front.server.requests()[0].head.version, http::Version::HTTP_11);
}

#[tokio::test]
async fn only_trusted_servers_get_a_request() {
    let front = Front::start(&["h2"], false).await;
    let error = front.call(HyperTransport::builder()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.maybe_sent());
    assert!(error.to_string().contains("certificate"), "{error}");
    let only = HyperTransport::builder().with_root_certificates(CA).with_only_these_roots();
    front.call(only).await.unwrap();
    assert_eq!(front.server.requests().len(), 1);
}

#[tokio::test]
async fn client_certificates_are_sent_on_request() {
    let front = Front::start(&["h2"], true).await;
    let trusting = || HyperTransport::builder().with_root_certificates(CA);
    let error = front.call(trusting()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport), "{error}");
    front.call(trusting().with_identity(CLIENT, CLIENT_KEY)).await.unwrap();
    assert_eq!(front.server.requests().len(), 1);
}

/// Run as a process of its own, with an environment of its own.
#[tokio::test]
#[ignore = "a part of the next test"]
async fn in_an_environment() {
    let Ok(url) = std::env::var("TEST_SERVER") else { return };
    let mut builder = HyperTransport::builder().with_no_proxy();
    if std::env::var_os("TEST_PLATFORM").is_some() {
        builder = builder.with_platform_roots();
    }
    let builder = Client::builder().with_endpoint(url).with_transport(builder.build().unwrap());
    let client = builder.with_anonymous().with_retry(NoRetry).build().unwrap();
    client.create("p", &Thing::default()).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_names_trusted_certificates() {
    let data = "tests/data/tls";
    let file = "tests/data/tls/ca.pem";
    let front = Front::start(&["h2"], false).await;
    let run = async |variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "--ignored", "tls::in_an_environment"]);
        command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        command.env("TEST_SERVER", &front.url).envs(variables.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        output.await.unwrap().status.success()
    };
    assert!(!run(&[]).await);
    assert_eq!(front.server.requests().len(), 0);
    for variables in [
        &[("SSL_CERT_FILE", file)][..],
        &[("SSL_CERT_DIR", data)],
        &[("SSL_CERT_FILE", file), ("TEST_PLATFORM", "1")],
    ] {
        assert!(run(variables).await, "{variables:?}");
        assert_eq!(front.server.take_requests().len(), 1, "{variables:?}");
    }
    assert!(!run(&[("SSL_CERT_FILE", "/no/such.pem")]).await);
}
