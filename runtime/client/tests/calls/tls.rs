//! TLS of the built-in transport: trusted roots, client certificates, and HTTP versions.

use discovery_runtime::CallOptions as _;
use discovery_runtime::hyper::{HyperTransport, HyperTransportBuilder};
use discovery_runtime::retry::NoRetry;
use discovery_runtime::{Error, ErrorKind};

use crate::api::{Client, Thing};
use crate::front::{CA, ELSEWHERE, EXPIRED, Front, OTHER_CA, SERVER, Setup};

const CLIENT: &str = include_str!("../data/tls/client.pem");
const CLIENT_KEY: &str = include_str!("../data/tls/client.key");

fn setup(certificate: &'static str) -> Setup {
    Setup::new(certificate, rustls::crypto::ring::default_provider())
}

async fn front(alpn: &'static [&'static str]) -> Front {
    Front::start(&Setup { alpn, ..setup(SERVER) }).await
}

fn client(front: &Front, transport: HyperTransportBuilder) -> Client {
    let transport = transport.with_no_proxy().build().unwrap();
    let builder = Client::builder().with_endpoint(front.url.clone()).with_anonymous();
    builder.with_transport(transport).build().unwrap()
}

async fn call(front: &Front, transport: HyperTransportBuilder) -> Result<Thing, Error> {
    client(front, transport).create("p", &Thing::default()).send().await
}

fn trusting() -> HyperTransportBuilder {
    HyperTransport::builder().with_root_certificates(CA)
}

#[tokio::test]
async fn the_server_chooses_the_version() {
    let table: [(&'static [&'static str], http::Version); 3] = [
        (&["h2", "http/1.1"], http::Version::HTTP_2),
        (&["http/1.1"], http::Version::HTTP_11),
        (&[], http::Version::HTTP_11),
    ];
    for (alpn, version) in table {
        let front = front(alpn).await;
        call(&front, trusting()).await.unwrap();
        let seen = front.server.requests()[0].head.version;
        assert_eq!(seen, version, "{alpn:?}");
    }
    let front = front(&["h2", "http/1.1"]).await;
    call(&front, trusting().with_http1_only()).await.unwrap();
    assert_eq!(front.server.requests()[0].head.version, http::Version::HTTP_11);
}

#[tokio::test]
async fn only_trusted_servers_get_a_request() {
    let other =
        || HyperTransport::builder().with_root_certificates(OTHER_CA).with_only_these_roots();
    let table: [(_, fn() -> HyperTransportBuilder, _); 4] = [
        (
            SERVER,
            HyperTransport::builder,
            "cannot connect to localhost: its certificate is signed by no trusted root; if you \
             trust its issuer, add its root certificate, or name a file with it in SSL_CERT_FILE",
        ),
        (SERVER, other, "localhost: its certificate is signed by no trusted root"),
        (
            EXPIRED,
            trusting,
            "cannot connect to localhost: its certificate expired on Fri, 01 Jan 2021 00:00:00 GMT",
        ),
        (
            ELSEWHERE,
            trusting,
            "cannot connect to localhost: its certificate is for elsewhere.example",
        ),
    ];
    for (certificate, transport, message) in table {
        let front = Front::start(&setup(certificate)).await;
        // A retry would not help, so there is none.
        let error = call(&front, transport()).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error}");
        assert!(!error.maybe_sent(), "{error}");
        let blocking = client(&front, transport()).get("p").blocking();
        let error = tokio::task::spawn_blocking(move || blocking.send().unwrap_err());
        assert!(error.await.unwrap().to_string().contains(message));
        assert_eq!(front.server.requests().len(), 0);
    }
    let front = front(&["h2"]).await;
    call(&front, trusting().with_only_these_roots()).await.unwrap();
    let blocking = client(&front, trusting()).get("p").blocking();
    tokio::task::spawn_blocking(move || blocking.send().unwrap()).await.unwrap();
    assert_eq!(front.server.requests().len(), 2);
}

#[tokio::test]
async fn client_certificates_are_sent_on_request() {
    let front = Front::start(&Setup { mutual: true, ..setup(SERVER) }).await;
    let once = client(&front, trusting()).create("p", &Thing::default()).with_retry(NoRetry);
    let error = once.send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport), "{error}");
    call(&front, trusting().with_identity(CLIENT, CLIENT_KEY)).await.unwrap();
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
    let front = front(&["h2"]).await;
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
