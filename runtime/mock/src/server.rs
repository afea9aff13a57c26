//! HTTP server of the engine.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use discovery_testing::FaultServer;

use crate::shared::Server;

/// A running server on its own thread; stops when shut down or dropped.
pub struct Running {
    endpoint: String,
    server: FaultServer,
}

impl Running {
    /// Returns the root URL, for example `http://127.0.0.1:41807/`, for use as a client's endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns the address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Stops the server: rejects new connections and waits up to two seconds for open calls.
    pub fn shutdown(self) {
        drop(self);
    }

    /// Blocks until the process ends.
    pub(crate) fn wait(self) {
        self.server.wait();
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Server {
    /// Serves HTTP/1.1 and HTTP/2 without TLS at an address, on its own thread; `127.0.0.1:0`
    /// selects a free port.
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be bound.
    pub fn spawn(&self, address: impl ToSocketAddrs) -> io::Result<Running> {
        let server = FaultServer::on_thread(Arc::clone(self.service()), address)?;
        Ok(Running { endpoint: server.url(), server })
    }
}
