//! Transport over the program's own `reqwest::Client`, with its TLS, proxies, and middleware.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;

use crate::BoxFuture;
use crate::transport::{
    Body, ResponseBody, Transport, TransportError, Unconnected, body_failed, request_failed,
};

/// Sends requests with a `reqwest::Client`.
///
/// Do not set a total timeout on the client: calls have their own, and downloads may take long.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// Creates a transport over `client`.
    #[must_use]
    pub fn new(client: reqwest::Client) -> Self {
        Self { client }
    }
}

impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        Self::new(client)
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        Box::pin(async move {
            let request = request.map(request_body);
            let request = reqwest::Request::try_from(request).map_err(failed)?;
            let response = self.client.execute(request).await.map_err(failed)?;
            Ok(http::Response::from(response).map(response_body))
        })
    }

    fn sees_method(&self) -> bool {
        false
    }
}

fn request_body(body: Body) -> reqwest::Body {
    match body.into_bytes() {
        Ok(bytes) => reqwest::Body::from(bytes),
        Err(streamed) => reqwest::Body::wrap(streamed),
    }
}

/// Omits the URL, since its query may contain a key.
fn failed(error: reqwest::Error) -> TransportError {
    let host = error.url().and_then(|url| url.host_str()).filter(|_| error.is_connect());
    match host.map(str::to_owned) {
        Some(host) => {
            let source = error.without_url().into();
            request_failed(Unconnected { host, source }, true)
        }
        None => {
            let connect = error.is_connect();
            request_failed(error.without_url(), connect)
        }
    }
}

fn response_body(body: reqwest::Body) -> ResponseBody {
    if body.is_end_stream() { ResponseBody::empty() } else { ResponseBody::stream(Incoming(body)) }
}

struct Incoming(reqwest::Body);

impl Stream for Incoming {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(body_failed(error.without_url()))));
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
