//! Behavior of all transports, and of the built-in one.

use discovery_runtime::CallOptions;
use std::io::Write as _;
use std::time::Duration;

use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::transport::Transport;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::api::{Client, Thing};
use crate::faults::transports;

fn client(url: &str, transport: impl Transport + 'static) -> Client {
    let builder = Client::builder().with_endpoint(url).with_anonymous();
    builder.with_transport(transport).build().unwrap()
}

fn hyper() -> HyperTransport {
    HyperTransport::builder().with_no_proxy().build().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_responses_and_errors() {
    let long = "n".repeat(50_000);
    let ok = gzip(&format!("{{\"name\":\"{long}\"}}"));
    let bad = gzip(r#"{"error":{"code":404,"message":"packed"}}"#);
    let server = FaultServer::start(move |request| {
        let body = if request.head().path().ends_with("bad") { &bad } else { &ok };
        let status = if request.head().path().ends_with("bad") { 404 } else { 200 };
        let reply = Reply::new(status).with_header("content-encoding", "gzip");
        let reply = reply.with_body("application/json", body.clone());
        async move { reply }
    });
    let server = server.await.unwrap();
    for (name, _, transport) in transports() {
        let client = client(&server.url(), transport);
        let full = client.get("ok").send_full().await.unwrap();
        assert_eq!(full.value.name.as_deref(), Some(long.as_str()), "{name}");
        assert!(!full.response.headers.contains_key("content-encoding"), "{name}");
        assert_eq!(client.get("bad").send().await.unwrap_err().message(), "packed", "{name}");
    }
    let sent = server.requests();
    assert!(sent.iter().all(|request| request.head.header("accept-encoding") == Some("gzip")));
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    for (name, _, transport) in transports() {
        let before = server.connections();
        let client = client(&server.url(), transport);
        for _ in 0..5 {
            client.create("p", &Thing::default()).send().await.unwrap();
        }
        assert_eq!(server.connections() - before, 1, "{name}");
    }
}

/// Servers close idle connections; the next call must not use one, even if it cannot be retried. The
/// fault server announces that it closes a connection, which this server does not.
#[tokio::test]
async fn a_connection_that_the_server_closed_is_not_used() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut requests = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            // The body is `{}`; the response then declares more than it sends.
            while !head.ends_with(b"{}") {
                head.push(stream.read_u8().await.unwrap());
            }
            requests += 1;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
            stream.write_all(answer).await.unwrap();
            if requests == 4 {
                break;
            }
        }
        requests
    });
    let transports: Vec<_> = transports().into_iter().filter(|(_, http2, _)| !http2).collect();
    for (name, _, transport) in transports {
        let client = client(&url, transport);
        for _ in 0..2 {
            let created = client.create("p", &Thing::default()).send().await;
            created.unwrap_or_else(|error| panic!("{name}: {error}"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert_eq!(server.await.unwrap(), 4);
}

#[tokio::test]
async fn a_bodyless_post_has_a_length() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    for (name, http2, transport) in transports() {
        server.take_requests();
        client(&server.url(), transport).ping().send().await.unwrap();
        let head = &server.requests()[0].head;
        assert_eq!(head.header("content-length"), Some("0"), "{name}");
        assert_eq!(head.version == http::Version::HTTP_2, http2, "{name}");
    }
}

/// A client outlives the runtime of its first use.
#[test]
fn one_client_in_two_runtimes() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let server = servers.block_on(FaultServer::replying(Reply::json("{}"))).unwrap();
    for (name, _, transport) in transports() {
        let client = client(&server.url(), transport);
        for flavor in 0..4 {
            let runtime = if flavor % 2 == 0 {
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
            } else {
                tokio::runtime::Runtime::new().unwrap()
            };
            // Creates are not retried, so they must not use a connection of the first runtime.
            for _ in 0..2 {
                let call = client.create("p", &Thing::default()).send();
                runtime.block_on(call).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    }
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let call = client("http://127.0.0.1:9/", hyper()).get("p");
    let call = call.with_timeout(None).with_attempt_timeout(None).send();
    let mut call = std::pin::pin!(call);
    let waker = std::task::Waker::noop();
    let mut cx = std::task::Context::from_waker(waker);
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut cx) else { panic!() };
    assert!(error.to_string().contains("needs a Tokio runtime"), "{error}");
}

/// A proxy that responds itself, and its URL.
async fn proxy() -> (FaultServer, String) {
    let server = FaultServer::start(|request| {
        let tunnel = request.head().method == http::Method::CONNECT;
        async move { if tunnel { Reply::new(403) } else { Reply::json("{}") } }
    });
    let server = server.await.unwrap();
    let url = format!("http://user:pass@{}", server.address());
    (server, url)
}

#[tokio::test]
async fn plain_requests_go_through_a_proxy() {
    let (proxy, url) = proxy().await;
    let transport = HyperTransport::builder().with_proxy(&url).build().unwrap();
    assert!(!format!("{transport:?}").contains("pass"));
    client("http://things.test/", transport).get("p").send().await.unwrap();
    let head = &proxy.requests()[0].head;
    assert_eq!((head.origin.as_str(), head.path()), ("http://things.test", "/things/v1/p"));
    assert_eq!(head.header("proxy-authorization"), Some("Basic dXNlcjpwYXNz"));
}

#[tokio::test]
async fn encrypted_requests_go_through_a_tunnel() {
    let (proxy, url) = proxy().await;
    let transport = HyperTransport::builder().with_proxy(&url).build().unwrap();
    let call = client("https://things.test/", transport).get("p");
    let error = call.with_retry(discovery_runtime::retry::NoRetry).send().await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert!(!error.to_string().contains("pass") && !format!("{error:?}").contains("pass"));
    let head = &proxy.requests()[0].head;
    assert_eq!((head.method.as_str(), head.origin.as_str()), ("CONNECT", "http://things.test:443"));
    assert_eq!(head.header("proxy-authorization"), Some("Basic dXNlcjpwYXNz"));
}

#[tokio::test]
async fn loopback_bypasses_the_proxy() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let transport = HyperTransport::builder().with_proxy("http://127.0.0.1:9").build().unwrap();
    client(&server.url(), transport).get("p").send().await.unwrap();
}

#[tokio::test]
async fn a_connection_has_its_own_time_limit() {
    // Accepts connections without a TLS handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let builder = HyperTransport::builder().with_no_proxy();
    let transport = builder.with_connect_timeout(Duration::from_millis(50)).build().unwrap();
    let call = client(&url, transport).create("p", &Thing::default());
    let error = call.with_retry(discovery_runtime::retry::NoRetry).send().await.unwrap_err();
    assert!(error.is_connect() && !error.maybe_sent(), "{error}");
    assert!(error.to_string().contains("no connection within 50ms"), "{error}");
}

#[test]
fn invalid_settings_are_rejected() {
    let builder = HyperTransport::builder;
    let wrong = [
        builder().with_root_certificates("no pem").build().unwrap_err(),
        builder().with_only_these_roots().build().unwrap_err(),
        builder().with_identity("no pem", "no key").build().unwrap_err(),
        builder().with_proxy("::no url::").build().unwrap_err(),
    ];
    for error in wrong {
        assert!(!error.to_string().is_empty());
    }
}
