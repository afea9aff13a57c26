//! Streaming responses.

mod ends;
mod forms;
mod memory;
mod retries;
mod wire;

use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{ClientBuilder, Error, ResponseStream};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::api::{Client, Thing};

pub(super) const ERROR: &str = r#"{"error":{"code":503,"message":"gone","status":"UNAVAILABLE"}}"#;

/// A server that sends raw bytes.
pub(super) struct Raw {
    listener: TcpListener,
}

impl Raw {
    pub(super) async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.listener.local_addr().unwrap())
    }

    pub(super) fn client(&self) -> Client {
        client(&self.url())
    }

    pub(super) fn builder(&self) -> ClientBuilder<Client> {
        Client::builder().with_endpoint(self.url()).with_anonymous()
    }

    /// Reads a request and responds with headers; chunks follow.
    pub(super) async fn accept(&self, headers: &str) -> Chunks {
        let (mut socket, _) = self.listener.accept().await.unwrap();
        let mut read = Vec::new();
        while !read.windows(4).any(|end| end == b"\r\n\r\n") {
            assert_ne!(socket.read_buf(&mut read).await.unwrap(), 0);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{headers}connection: close\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        Chunks(socket)
    }
}

/// A connection with a chunked response body.
pub(super) struct Chunks(pub(super) TcpStream);

impl Chunks {
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            let head = format!("{:x}\r\n", bytes.len());
            let chunk = [head.as_bytes(), bytes, b"\r\n"].concat();
            self.0.write_all(&chunk).await.unwrap();
            self.0.flush().await.unwrap();
            tokio::task::yield_now().await;
        }
    }

    pub(super) async fn end(mut self) {
        self.0.write_all(b"0\r\n\r\n").await.unwrap();
    }
}

pub(super) fn client(url: &str) -> Client {
    let ms = Duration::from_millis;
    let retry = DefaultRetry::new().with_backoff(ms(1), ms(2)).with_throttled_backoff(ms(1));
    Client::builder().with_endpoint(url).with_anonymous().with_retry(retry).build().unwrap()
}

/// Starts a server that always sends the same response, with a client.
pub(crate) async fn replying(reply: Reply) -> (FaultServer, Client) {
    let server = FaultServer::replying(reply).await.unwrap();
    let client = client(&server.url());
    (server, client)
}

/// Returns the names of all things, and the final error.
pub(crate) async fn all(mut stream: ResponseStream<Thing>) -> (Vec<String>, Option<Error>) {
    let mut names = Vec::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(thing) => names.push(thing.name.unwrap_or_default()),
            Err(error) => {
                assert!(stream.next().await.is_none(), "nothing follows an error");
                return (names, Some(error));
            }
        }
    }
    assert!(stream.next().await.is_none(), "the end is the end");
    (names, None)
}
