use std::sync::Mutex;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming as Answer;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::*;

/// Starts a server that returns the size of the body and whether it was complete.
async fn counter() -> FaultServer {
    FaultServer::start(|mut request| async move {
        let len = request.body().await.len();
        Reply::json(format!("{{\"len\":{len},\"whole\":{}}}", request.is_complete()))
    })
    .await
    .unwrap()
}

async fn send(
    server: &FaultServer,
    http2: bool,
    body: &'static [u8],
) -> Result<http::Response<Answer>, hyper::Error> {
    let io = TokioIo::new(TcpStream::connect(server.address()).await.unwrap());
    let request =
        http::Request::post("http://localhost/x?key=k").body(Full::<Bytes>::from(body)).unwrap();
    if http2 {
        let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await;
        let (mut sender, connection) = handshake?;
        tokio::spawn(connection);
        return sender.send_request(request).await;
    }
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
    tokio::spawn(connection);
    sender.send_request(request).await
}

/// Returns status and body of an exchange, or its failure.
async fn outcome(
    server: &FaultServer,
    http2: bool,
    body: &'static [u8],
) -> Result<(u16, String), String> {
    let wait = Duration::from_secs(20);
    let exchange = async {
        let answer = send(server, http2, body).await.map_err(|e| format!("head: {e:?}"))?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.map_err(|e| format!("body: {e:?}"))?;
        Ok((status, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
    };
    tokio::time::timeout(wait, exchange).await.unwrap_or_else(|_| Err("hangs".to_owned()))
}

const BIG: &[u8] = &[7; 600 * 1024];

#[tokio::test]
async fn both_http_versions_work() {
    let server = counter().await;
    for http2 in [false, true] {
        let answer = outcome(&server, http2, BIG).await;
        assert_eq!(answer, Ok((200, "{\"len\":614400,\"whole\":true}".into())), "{http2}");
    }
    let requests = server.requests();
    assert_eq!(requests[0].line(), "POST /x?key=k");
    assert_eq!(requests[1].line(), "POST /x?key=k");
    assert!(
        requests
            .iter()
            .all(|r| r.complete && r.body_len == 614_400 && r.body == BIG[..Recorded::BODY_LIMIT])
    );
    assert_eq!((requests[0].head.connection, requests[1].head.connection), (0, 1));
    assert!(!format!("{requests:?}").contains("key=k"));
}

#[tokio::test]
async fn statuses_are_not_executed() {
    let server = counter().await;
    for http2 in [false, true] {
        server.inject(Fault::Status(503));
        let (status, body) = outcome(&server, http2, b"abc").await.unwrap();
        assert_eq!(status, 503);
        assert!(body.contains("UNAVAILABLE"), "{body}");
        server.inject(Fault::Html(502));
        assert!(outcome(&server, http2, b"abc").await.unwrap().1.contains("<html>"));
        assert_eq!(outcome(&server, http2, b"abc").await.unwrap().0, 200);
    }
}

#[tokio::test]
async fn a_status_after_some_bytes_executes_them() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let server = FaultServer::start(move |mut request| {
        let log = Arc::clone(&log);
        async move {
            let len = request.body().await.len();
            log.lock().unwrap().push((len, request.is_complete()));
            Reply::new(200)
        }
    })
    .await
    .unwrap();
    for http2 in [false, true] {
        server.inject("return-503-after-256K".parse().unwrap());
        assert_eq!(outcome(&server, http2, BIG).await.unwrap().0, 503);
        server.inject("return-reset-connection-after-256K".parse().unwrap());
        assert!(outcome(&server, http2, BIG).await.is_err());
    }
    assert_eq!(*seen.lock().unwrap(), [(262_144, false); 4]);
}

#[tokio::test]
async fn connections_break() {
    let server = counter().await;
    for http2 in [false, true] {
        for fault in
            [Fault::Reset, Fault::LoseAnswer, Fault::GoAway, Fault::RstStream, Fault::RefusedStream]
        {
            server.inject(fault);
            let error = outcome(&server, http2, b"abc").await.unwrap_err();
            assert!(error.starts_with("head:"), "{http2} {fault}: {error}");
            if http2 && matches!(fault, Fault::GoAway | Fault::RefusedStream | Fault::RstStream) {
                let kind = match fault {
                    Fault::GoAway => "GoAway",
                    Fault::RstStream => "INTERNAL_ERROR",
                    _ => "REFUSED_STREAM",
                };
                assert!(error.contains(kind), "{error}");
            }
        }
    }
    let executed = server.requests().iter().filter(|r| r.complete).count();
    assert_eq!(executed, 4, "the lost response and the reset stream");
}

#[tokio::test]
async fn bodies_break() {
    let server = FaultServer::replying(Reply::json("{\"text\":\"0123456789\"}")).await.unwrap();
    for http2 in [false, true] {
        for fault in [Fault::BrokenStream, Fault::WrongLength] {
            server.inject(fault);
            let error = outcome(&server, http2, b"").await.unwrap_err();
            assert!(error.starts_with("body:"), "{http2} {fault}: {error}");
        }
        server.inject(Fault::Truncated);
        assert_eq!(outcome(&server, http2, b"").await, Ok((200, "{\"text\":\"0".into())));
        server.inject(Fault::Corrupted);
        let corrupted = "{\"text\":\"0q23456789\"}".to_owned();
        assert_eq!(outcome(&server, http2, b"").await, Ok((200, corrupted)));
        server.inject(Fault::StatusRetryAfter { status: 429, seconds: 3 });
        let answer = send(&server, http2, b"").await.unwrap();
        assert_eq!(answer.headers()["retry-after"], "3");
    }
}

#[tokio::test]
async fn stalls_are_finite_or_endless() {
    let server = counter().await;
    let second = Duration::from_secs(1);
    for http2 in [false, true] {
        for fault in [
            Fault::StallFor(second),
            Fault::SlowHeaders(second),
            Fault::StallForAfter { wait: second, bytes: 256 * 1024 },
            Fault::StallForAfter { wait: second, bytes: 0 },
        ] {
            server.inject(fault);
            let start = Instant::now();
            assert_eq!(outcome(&server, http2, BIG).await.unwrap().0, 200);
            assert!(start.elapsed() >= second * 9 / 10, "{http2} {fault}");
        }
        server.inject(Fault::StallAlways);
        let hanging = tokio::time::timeout(second / 2, outcome(&server, http2, b"")).await;
        assert!(hanging.is_err(), "{http2}");
    }
}

#[tokio::test]
async fn connections_are_reused_and_counted() {
    let server = counter().await;
    let io = TokioIo::new(TcpStream::connect(server.address()).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    let connection = tokio::spawn(connection);
    for _ in 0..3 {
        sender.ready().await.unwrap();
        // Bodies of unknown length are chunked.
        let body = http_body_util::StreamBody::new(tokio_stream());
        let request = http::Request::put("/").header("x-goog-emulator-instructions", "none");
        let answer = sender.send_request(request.body(body).unwrap()).await.unwrap();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(bytes, "{\"len\":6,\"whole\":true}");
    }
    assert_eq!((server.connections(), server.open_connections()), (1, 1));
    let request = http::Request::head("/").body(http_body_util::StreamBody::new(tokio_stream()));
    let answer = sender.send_request(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    drop(sender);
    connection.await.unwrap().unwrap();
    while server.open_connections() > 0 {
        tokio::task::yield_now().await;
    }
}

/// A stream of three chunks of two bytes.
fn tokio_stream() -> impl futures_core::Stream<Item = Result<http_body::Frame<Bytes>, io::Error>> {
    struct Chunks(u8);
    impl futures_core::Stream for Chunks {
        type Item = Result<http_body::Frame<Bytes>, io::Error>;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            self.0 += 1;
            let frame =
                (self.0 <= 3).then(|| Ok(http_body::Frame::data(Bytes::from_static(b"ab"))));
            std::task::Poll::Ready(frame)
        }
    }
    Chunks(0)
}

#[tokio::test]
async fn requests_may_ask_for_faults() {
    let server = counter().await;
    let io = TokioIo::new(TcpStream::connect(server.address()).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("/")
        .header("x-goog-emulator-instructions", "return-408")
        .body(Full::<Bytes>::default())
        .unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 408);
}

/// Returns the bytes and the end of an in-process response.
async fn local(service: &Service, body: &'static [u8]) -> Result<(u16, String), String> {
    let request = http::Request::post("https://api.example/x").body(Full::<Bytes>::from(body));
    let answer = service.call(request.unwrap()).await.map_err(|cut| format!("head: {cut:?}"))?;
    let (status, mut stream, mut all) = (answer.status(), answer.into_body(), Vec::new());
    while let Some(piece) = std::future::poll_fn(|cx| stream.poll_bytes(cx)).await {
        all.extend_from_slice(&piece.map_err(|error| format!("body: {error}"))?);
    }
    Ok((status.as_u16(), String::from_utf8(all).unwrap()))
}

#[tokio::test]
async fn faults_work_without_a_socket() {
    let answer = |mut request: Incoming| async move {
        let (len, whole) = (request.body().await.len(), request.is_complete());
        Reply::json(format!("{{\"len\":{len},\"whole\":{whole}}}"))
    };
    for name in [
        "return-503",
        "return-503-after-256K",
        "return-500-after-request",
        "return-html-502",
        "return-reset-connection",
        "return-reset-connection-after-256K",
        "close:after",
        "return-broken-stream",
        "return-corrupted-data",
        "return-truncated-body",
        "return-wrong-length",
        "stall-for-10ms",
        "send-goaway",
        "send-rst-stream",
        "send-refused-stream",
    ] {
        let service = || Service::new(answer).with_rule(name.parse().unwrap());
        let socket = outcome(&FaultServer::of(service()).await.unwrap(), false, BIG).await;
        let local = local(&service(), BIG).await;
        match (&socket, &local) {
            (Ok(socket), Ok(local)) => assert_eq!(socket, local, "{name}"),
            (Err(socket), Err(local)) => assert_eq!(socket[..5], local[..5], "{name}"),
            _ => panic!("{name}: {socket:?}, {local:?}"),
        }
    }
}

#[tokio::test]
async fn rules_see_methods_and_observers_see_statuses() {
    let log = std::sync::Arc::new(Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&log);
    let service = Service::new(|_| async { Reply::new(204) })
        .with_method(|head| head.path().strip_prefix("/m/").map(str::to_owned))
        .with_rule("503:method=a".parse().unwrap())
        .with_rule("delay=1ms".parse().unwrap())
        .with_rule("429".parse().unwrap())
        .with_observer(move |head| {
            let (path, seen) = (head.path().to_owned(), std::sync::Arc::clone(&seen));
            move |status| seen.lock().unwrap().push((path, status))
        });
    for path in ["/m/a", "/m/b", "/other"] {
        let request = http::Request::get(path).body(Full::<Bytes>::default()).unwrap();
        service.call(request).await.unwrap();
    }
    let seen = |path: &str, status| (path.to_owned(), Some(status));
    let expected = [seen("/m/a", 503), seen("/m/b", 429), seen("/other", 204)];
    assert_eq!(*log.lock().unwrap(), expected);
}

#[test]
fn threaded_servers_end_open_exchanges() {
    use std::io::{Read, Write};
    let service = Service::new(|_| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Reply::json("{}")
    });
    let server = FaultServer::on_thread(service, "127.0.0.1:0").unwrap();
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n").unwrap();
    while server.requests().is_empty() {
        std::thread::yield_now();
    }
    let address = server.address();
    drop(server);
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with("{}"), "{text}");
    assert!(std::net::TcpStream::connect(address).is_err());
}
