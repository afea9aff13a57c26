//! The engine behind a socket.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use discovery_testing::FaultServer;

use crate::shared::Server;

/// A server that runs on a thread of its own, until it is shut down or dropped.
pub struct Running {
    endpoint: String,
    server: FaultServer,
}

impl Running {
    /// The root URL, for example `http://127.0.0.1:41807/`: what a client takes as its endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Stops the server: no new connections, then up to two seconds for open calls.
    pub fn shutdown(self) {
        drop(self);
    }

    /// Runs until the process ends.
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
    /// Serves HTTP/1.1 and HTTP/2 without TLS at an address, from a thread of its own;
    /// `127.0.0.1:0` takes any free port.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound.
    pub fn spawn(&self, address: impl ToSocketAddrs) -> io::Result<Running> {
        let server = FaultServer::on_thread(Arc::clone(self.service()), address)?;
        Ok(Running { endpoint: server.url(), server })
    }
}
