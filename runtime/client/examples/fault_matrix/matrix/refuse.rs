//! A transport that fails to connect once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use discovery_runtime::BoxFuture;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::transport::{Body, ResponseBody, Transport, TransportError};

use crate::matrix::kinds::Kind;

/// Sends the first request that the fault applies to to an unused port.
#[derive(Clone)]
pub(crate) struct RefuseOnce {
    inner: HyperTransport,
    dead: http::uri::Authority,
    armed: Arc<AtomicBool>,
    refuses: bool,
    kind: Kind,
}

impl RefuseOnce {
    pub(crate) fn new(
        inner: HyperTransport,
        refuses: bool,
        kind: Kind,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        // A port that was just free.
        let dead = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let dead = dead.to_string().parse()?;
        Ok(Self { inner, dead, armed: Arc::new(AtomicBool::new(refuses)), refuses, kind })
    }

    /// Returns the number of requests sent to the unused port.
    pub(crate) fn count(&self) -> usize {
        usize::from(self.refuses && !self.armed.load(Ordering::Relaxed))
    }
}

impl Transport for RefuseOnce {
    fn send(
        &self,
        mut request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        let target = self.kind.is_target(request.method());
        if target && self.armed.swap(false, Ordering::Relaxed) {
            let mut parts = request.uri().clone().into_parts();
            parts.authority = Some(self.dead.clone());
            if let Ok(uri) = http::Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
        self.inner.send(request)
    }
}
