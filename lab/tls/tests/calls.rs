//! Calls over TLS, async and blocking, with one crypto provider: that of a feature, or one that the
//! program installs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes helpers beside tests for production code"
)]

#[allow(dead_code, reason = "other tests use more of it")]
#[path = "../../../runtime/client/tests/common/front.rs"]
mod front;

use std::sync::Once;

use discovery_runtime::auth::ServiceAccount;
use discovery_runtime::hyper::{HyperTransport, HyperTransportBuilder};
use discovery_runtime::json::Json;
use discovery_runtime::spec::{MethodSpec, Segment, ServiceSpec};
use discovery_runtime::{Call, Client, Error, ErrorKind};
use rustls::crypto::CryptoProvider;

use front::{CA, ELSEWHERE, EXPIRED, Front, SERVER, Setup};

const KEY: &str = include_str!("../../../runtime/client/tests/data/test-key.pkcs8.pem");

static THINGS: ServiceSpec = ServiceSpec {
    id: "things:v1",
    root_url: "https://things.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "google-things-v1",
    package_version: "0.0.0",
};

static GET: MethodSpec =
    MethodSpec::get("things.get", &THINGS, &[Segment::Literal("v1/"), Segment::Reserved("name")]);

/// The provider of this build.
fn provider() -> CryptoProvider {
    #[cfg(all(feature = "aws-lc-rs", not(feature = "own")))]
    return rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(any(not(feature = "aws-lc-rs"), feature = "own"))]
    rustls::crypto::ring::default_provider()
}

/// Makes the provider known as programs do: those with a feature need not.
fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if cfg!(feature = "own") {
            let error = HyperTransport::builder().build().unwrap_err().to_string();
            assert!(error.contains("enable the feature `ring` or `aws-lc-rs`"), "{error}");
            provider().install_default().unwrap();
        }
    });
}

fn trusting() -> HyperTransportBuilder {
    HyperTransport::builder().with_no_proxy().with_root_certificates(CA)
}

fn call(front: &Front, transport: HyperTransportBuilder) -> Call {
    let transport = transport.build().unwrap();
    let builder = Client::builder(&THINGS).with_endpoint(front.url.clone()).with_anonymous();
    let client = builder.with_transport(transport).build().unwrap();
    Call::new(&client, &GET).path("name", &"things/t")
}

async fn front(certificate: &'static str, alpn: &'static [&'static str]) -> Front {
    prepare();
    Front::start(&Setup { alpn, ..Setup::new(certificate, provider()) }).await
}

#[tokio::test]
async fn calls_over_both_versions_of_http() {
    let versions: [(&'static [&'static str], _); 2] =
        [(&["h2", "http/1.1"], "HTTP/2.0"), (&["http/1.1"], "HTTP/1.1")];
    for (alpn, version) in versions {
        let front = front(SERVER, alpn).await;
        call(&front, trusting()).send::<Json>().await.unwrap();
        let blocking = call(&front, trusting());
        let sent = tokio::task::spawn_blocking(move || {
            discovery_runtime::blocking::wait(async move { blocking.send::<Json>().await })
        });
        sent.await.unwrap().unwrap().unwrap();
        let requests = front.server.requests();
        let seen: Vec<String> =
            requests.iter().map(|request| format!("{:?}", request.head.version)).collect();
        assert_eq!(seen, [version, version]);
    }
}

#[tokio::test]
async fn untrusted_certificates_are_refused() {
    for (certificate, transport, says) in [
        (SERVER, HyperTransport::builder().with_no_proxy(), "is signed by no trusted root"),
        (EXPIRED, trusting(), "expired on Fri, 01 Jan 2021 00:00:00 GMT"),
        (ELSEWHERE, trusting(), "is for elsewhere.example"),
    ] {
        let front = front(certificate, &["h2"]).await;
        let error: Error = call(&front, transport).send::<Json>().await.unwrap_err();
        let says = format!("cannot connect to localhost: its certificate {says}");
        assert!(error.to_string().contains(&says), "{error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error}");
    }
}

/// The program's own `reqwest::Client`, with its own roots.
#[cfg(feature = "own")]
#[tokio::test]
async fn calls_over_the_programs_transport() {
    use discovery_runtime::reqwest::ReqwestTransport;
    for (certificate, says) in [
        (SERVER, None),
        (EXPIRED, Some("cannot connect to localhost: its certificate expired on Fri, 01 Jan 2021")),
        (ELSEWHERE, Some("cannot connect to localhost: its certificate is for elsewhere.example")),
    ] {
        let front = front(certificate, &["h2", "http/1.1"]).await;
        let root = reqwest::Certificate::from_pem(CA.as_bytes()).unwrap();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([root]).build().unwrap();
        let builder = Client::builder(&THINGS).with_endpoint(front.url.clone()).with_anonymous();
        let client = builder.with_transport(ReqwestTransport::new(client)).build().unwrap();
        let answer = Call::new(&client, &GET).path("name", &"things/t").send::<Json>().await;
        match (answer, says) {
            (Ok(_), None) => {}
            (Err(error), Some(says)) => assert!(error.to_string().contains(says), "{error}"),
            (answer, _) => panic!("{answer:?}"),
        }
    }
}

/// Credentials sign with the same provider.
#[test]
fn keys_are_read() {
    prepare();
    ServiceAccount::new("robot@project.iam.gserviceaccount.com", KEY).unwrap();
}
