//! Clients whose server is a function.

use bytes::Bytes;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::transport::{Body, ResponseBody, Transport, TransportError};
use discovery_runtime::{BoxFuture, ClientBuilder};
use futures_core::Stream;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// An answer of a server.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Bytes of a chunk.
    pub(crate) piece: usize,
}

impl Answer {
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self { status: 200, headers: HeaderMap::new(), body: body.into(), piece: 16 << 10 }
            .with("content-type", "application/json")
    }

    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn pieces(self, piece: usize) -> Self {
        Self { piece, ..self }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }
}

/// A server that computes its answers from the number of earlier requests.
#[derive(Clone)]
pub(crate) struct Server(Arc<dyn Fn(&Request<Body>) -> Answer + Send + Sync>);

impl Server {
    pub(crate) fn of(answer: impl Fn(&Request<Body>) -> Answer + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    pub(crate) fn always(answer: Answer) -> Self {
        Self::of(move |_| answer.clone())
    }

    /// Returns a builder of clients, whose clock jumps.
    pub(crate) fn builder<C: discovery_runtime::ServiceClient>(self) -> ClientBuilder<C> {
        ClientBuilder::new()
            .with_transport(self)
            .with_clock(ManualClock::jumping())
            .with_anonymous()
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        let answer = (self.0)(&request);
        let mut response =
            Response::new(ResponseBody::stream(Pieces { rest: answer.body, piece: answer.piece }));
        *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
        *response.headers_mut() = answer.headers;
        Box::pin(async move { Ok(response) })
    }
}

struct Pieces {
    rest: Bytes,
    piece: usize,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let end = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(self.rest.split_to(end))))
    }
}

/// Runs a future on this thread.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}
