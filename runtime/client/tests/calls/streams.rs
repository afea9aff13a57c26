//! Streamed request and response bodies.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::error::Phase;
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::transport::{Body, BoxError, TransportErrorKind};
use discovery_runtime::{Error, ErrorKind, Method, Request};
use futures_core::Stream;

use crate::api::{Client, Create, Get};

/// Returns `left` chunks of 1 KiB, then ends, fails, or hangs.
struct Chunks {
    left: u32,
    end: End,
}

#[derive(Clone, Copy)]
enum End {
    Done,
    Fail,
    Hang,
}

impl Stream for Chunks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left > 0 {
            self.left -= 1;
            return Poll::Ready(Some(Ok(Bytes::from(vec![b'x'; 1024]))));
        }
        match self.end {
            End::Done => Poll::Ready(None),
            End::Fail => Poll::Ready(Some(Err("the disk is gone".into()))),
            End::Hang => Poll::Pending,
        }
    }
}

async fn server() -> FaultServer {
    let echo = |mut request: discovery_runtime::testing::Incoming| async move {
        let body = request.body().await;
        Reply::json(format!("{{\"name\":\"{}\"}}", body.len()))
    };
    FaultServer::start(echo).await.unwrap()
}

fn client(server: &FaultServer) -> Client {
    Client::builder().with_endpoint(server.url()).with_anonymous().build().unwrap()
}

fn post(server: &FaultServer, body: Body) -> Request {
    let url = format!("{}upload", server.url());
    Request::new(Create::SPEC, http::Method::POST, &url).unwrap().with_body(body)
}

async fn send(server: &FaultServer, body: Body, idempotent: bool) -> Result<String, Error> {
    let request = post(server, body).with_idempotent(idempotent);
    let response = client(server).inner.execute(request).await?;
    Ok(String::from_utf8(response.body.to_vec()).unwrap())
}

fn chunks(left: u32, end: End) -> Pin<Box<Chunks>> {
    Box::pin(Chunks { left, end })
}

#[tokio::test]
async fn only_replayable_bodies_are_retried() {
    let server = server().await;
    for length in [Some(64 * 1024), None] {
        server.inject(Fault::Status(503));
        let body = Body::replayable(length, || chunks(64, End::Done));
        assert_eq!(send(&server, body, true).await.unwrap(), r#"{"name":"65536"}"#);

        server.inject(Fault::Status(503));
        let error = send(&server, Body::stream(length, chunks(64, End::Done)), true).await;
        assert_eq!(error.unwrap_err().attempts(), 1);
    }
    assert_eq!(server.requests().len(), 2 * (2 + 1));
}

#[tokio::test]
async fn an_unread_stream_may_be_retried() {
    // The port is unused: the connection fails before the body is read.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    drop(listener);
    let server = server().await;
    let body = Body::stream(None, chunks(1, End::Done));
    let request = Request::new(Create::SPEC, http::Method::POST, &url).unwrap().with_body(body);
    let error = client(&server).inner.execute(request).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
}

#[tokio::test]
async fn failing_bodies_are_reported() {
    let server = server().await;
    let body = Body::replayable(None, || chunks(3, End::Fail));
    let error = send(&server, body, true).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

#[tokio::test]
async fn a_body_that_stalls_ends() {
    let server = server().await;
    let clock = ManualClock::new();
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let builder = builder.with_clock(clock.clone()).with_timeout(None);
    let client = builder.with_attempt_timeout(None).build().unwrap();
    let request = post(&server, Body::stream(None, chunks(3, End::Hang)));
    let call = tokio::spawn(async move { client.inner.execute(request).await });
    // The first wait covers the chunks sent meanwhile; the second one covers none.
    for _ in 0..2 {
        clock.wait_for_sleepers(1).await;
        while server.requests().first().is_none_or(|request| request.body_len < 3 * 1024) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        clock.advance(Duration::from_secs(30));
    }
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Send));
    assert!(error.to_string().contains("stalled"), "{error}");
}

#[tokio::test]
async fn streamed_responses_time_out_on_stalls() {
    let reply = Reply::new(200).with_generated(1 << 20, |_, out| out.fill(b'y'));
    let server = FaultServer::replying(reply).await.unwrap();
    let stall = Fault::StallForAfter { wait: Duration::from_secs(3600), bytes: 65536 };
    server.inject(stall);
    let clock = ManualClock::new();
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let client = builder.with_clock(clock.clone()).build().unwrap();
    let request = Request::new(Get::SPEC, http::Method::GET, &server.url()).unwrap();
    let mut body = client.inner.open(request).await.unwrap().into_body();
    let reader = tokio::spawn(async move {
        let mut read = 0;
        loop {
            match body.next().await {
                Some(Ok(chunk)) => read += chunk.len(),
                Some(Err(error)) => return (read, Some(error)),
                None => return (read, None),
            }
        }
    });
    // The timer of the headers was dropped; only that of the body is left.
    clock.wait_for_sleepers(1).await;
    while !reader.is_finished() {
        clock.advance(Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (read, error) = reader.await.unwrap();
    assert_eq!(error.unwrap().kind(), TransportErrorKind::Timeout);
    assert!(read < 1 << 20, "{read}");

    let request = Request::new(Get::SPEC, http::Method::GET, &server.url()).unwrap();
    let body = client.inner.open(request).await.unwrap().into_body();
    assert_eq!(body.collect(u64::MAX).await.unwrap().len(), 1 << 20);
}

#[tokio::test]
async fn headers_of_streamed_responses_are_retried() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    server.inject(Fault::Status(503));
    let head = discovery_runtime::Call::from(client(&server).get("a")).open().await.unwrap();
    assert_eq!(head.status(), 200);
    server.inject(Fault::Status(404));
    assert!(
        discovery_runtime::Call::from(client(&server).get("a"))
            .open()
            .await
            .unwrap_err()
            .is_not_found()
    );
}
