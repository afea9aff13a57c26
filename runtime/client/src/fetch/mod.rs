//! The transport of browsers and Node: the host's `fetch`.
//!
//! The host owns connections, TLS, proxies, and compression; in a browser, the server must allow the
//! page's origin (CORS), as Google's APIs do.

mod exchange;
mod request;
mod response;

use tokio::sync::oneshot;
use wasm_bindgen_futures::spawn_local;

use crate::BoxFuture;
use crate::transport::{Body, ResponseBody, Transport, TransportError, TransportErrorKind};

/// Sends requests with the `fetch` of the host, without cookies and without the host's cache.
///
/// It differs from other transports where `fetch` leaves no choice:
///
/// - Request bodies are read into memory before they are sent.
/// - The host sets `User-Agent` and `Accept-Encoding`, and decompresses responses.
/// - Browsers hide the target of a redirect. A browser follows redirects of GET and HEAD requests
///   itself, unless a header other than `Authorization`, which it removes for other origins, holds
///   a secret, such as an API key; those are errors.
/// - An exchange that fails in a browser may always have been executed, since the browser does not
///   tell why it failed. Calls that are not idempotent are then not retried; a browser itself may
///   repeat a request whose connection was in use before and closed.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchTransport;

impl FetchTransport {
    /// Creates a transport.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Transport for FetchTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        Box::pin(async move {
            let (done, head) = oneshot::channel();
            // JavaScript's values stay in a task of their own, since they cannot cross threads.
            spawn_local(exchange::run(request, done));
            head.await.unwrap_or_else(|_| {
                let message = "the exchange ended without a result";
                Err(TransportError::new(TransportErrorKind::Interrupted, message))
            })
        })
    }

    fn sees_method(&self) -> bool {
        false
    }
}
