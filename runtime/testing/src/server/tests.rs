use super::*;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming as Answer;
use hyper_util::rt::{TokioExecutor, TokioIo};

/// Counts the bytes of a body; says whether it was whole.
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

/// The status and body of an exchange, or how it failed.
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
async fn answers_both_versions() {
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
async fn a_status_after_some_bytes_executes_those() {
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
    assert_eq!(executed, 4, "the lost answer and the reset stream");
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
async fn stalls_end_or_do_not() {
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
async fn connections_are_kept_and_counted() {
    let server = counter().await;
    let io = TokioIo::new(TcpStream::connect(server.address()).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    let connection = tokio::spawn(connection);
    for _ in 0..3 {
        sender.ready().await.unwrap();
        // Chunked, as bodies of unknown length are.
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

/// Three chunks of two bytes.
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
async fn the_request_may_ask_for_a_fault() {
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
