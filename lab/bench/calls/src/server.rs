//! A server that sends the same bytes for every request, and does no other work: the benchmark measures
//! clients.

use crate::Http;
use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) async fn start(http: Http, body: String) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\n\
         date: Tue, 01 Jan 2030 00:00:00 GMT\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let whole = Bytes::from(head + &body);
    let body = Bytes::from(body);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (whole, body) = (whole.clone(), body.clone());
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                // An error ends the connection, which the client reports.
                let _ = match http {
                    Http::One => one(stream, whole).await.map_err(|_| ()),
                    Http::Two => two(stream, body).await.map_err(|_| ()),
                };
            });
        }
    });
    Ok(address)
}

/// Only looks for the end of the headers.
async fn one(mut stream: TcpStream, answer: Bytes) -> std::io::Result<()> {
    let mut request = Vec::with_capacity(4096);
    while stream.read_buf(&mut request).await? > 0 {
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            stream.write_all(&answer).await?;
        }
    }
    Ok(())
}

async fn two(stream: TcpStream, body: Bytes) -> hyper::Result<()> {
    let service = service_fn(move |_| {
        let mut answer = hyper::Response::new(Full::new(body.clone()));
        let json = hyper::header::HeaderValue::from_static("application/json; charset=UTF-8");
        answer.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
        std::future::ready(Ok::<_, Infallible>(answer))
    });
    hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await
}
