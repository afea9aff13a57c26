//! The built-in transport: hyper with rustls on ring, HTTP/1.1 and HTTP/2.

mod builder;
mod connect;
mod proxy;
mod roots;
mod stream;
mod tls;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::PROXY_AUTHORIZATION;
use http_body::Body as _;
use hyper_util::client::legacy;

pub use self::builder::HyperTransportBuilder;
use self::connect::Connector;
use self::proxy::Proxies;
use crate::BoxFuture;
use crate::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind, body_failed, request_failed,
};

/// The built-in transport, with a connection pool.
///
/// Cheap to clone; clones share the pool. A transport can be created outside a Tokio runtime and
/// used in several, one after another; requests need a runtime. It uses HTTP/2 if the server
/// supports it, the proxies of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
/// `NO_PROXY`), and Mozilla's root certificates.
#[derive(Clone)]
pub struct HyperTransport {
    client: legacy::Client<Connector, Body>,
    proxies: Proxies,
}

impl HyperTransport {
    /// Creates a transport with default settings.
    ///
    /// # Errors
    ///
    /// If a proxy in the environment is not a valid URL.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// Returns a builder for other settings.
    #[must_use]
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::new()
    }
}

impl Transport for HyperTransport {
    fn send(
        &self,
        mut request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        if tokio::runtime::Handle::try_current().is_err() {
            let message = "the built-in transport needs a Tokio runtime; \
                           use `.blocking()` in programs without one";
            let error = TransportError::new(TransportErrorKind::Other, message);
            return Box::pin(std::future::ready(Err(error)));
        }
        if let Some(authorization) = self.proxies.authorization(request.uri()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        let sent = self.client.request(request);
        Box::pin(async move {
            let head = sent.await.map_err(|error| {
                let connect = error.is_connect();
                request_failed(error, connect)
            })?;
            Ok(head.map(response_body))
        })
    }

    fn sees_method(&self) -> bool {
        false
    }
}

fn response_body(body: hyper::body::Incoming) -> ResponseBody {
    if body.is_end_stream() { ResponseBody::empty() } else { ResponseBody::stream(Incoming(body)) }
}

struct Incoming(hyper::body::Incoming);

impl Stream for Incoming {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(body_failed(error)))),
                // Other frames are trailers, which are ignored.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").field("proxies", &self.proxies).finish_non_exhaustive()
    }
}
