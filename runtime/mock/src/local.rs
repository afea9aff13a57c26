//! The server without a socket: as the transport of a client in the same process.

use std::path::Path;
use std::time::{Duration, Instant};

use discovery_runtime::BoxFuture;
use discovery_runtime::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind,
};
use http::{Request, Response};

use crate::server::exchange;
use crate::shared::Server;
use crate::store::{Store, StoreError};

/// How long a program waits until another one leaves the store's file.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it looks.
const GLANCE: Duration = Duration::from_millis(20);

/// Calls of a client reach the server without a network. Faults happen and the log is written as
/// behind a socket. It must be polled on a tokio runtime.
///
/// ```no_run
/// # fn example(api: &'static discovery_runtime::reflect::ApiInfo) {
/// let server = discovery_mock::Server::builder(api).build();
/// // let client = Client::builder().with_transport(server).with_anonymous().build()?;
/// # let _: Box<dyn discovery_runtime::transport::Transport> = Box::new(server);
/// # }
/// ```
impl Transport for Server {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        Box::pin(async move {
            let response = exchange(self.shared(), request).await;
            response.map(|response| response.map(ResponseBody::full)).ok_or_else(|| {
                let text = "the mock server closed the connection on purpose";
                TransportError::new(TransportErrorKind::Interrupted, text)
            })
        })
    }
}

impl Store {
    /// As [`open`](Self::open), for programs that run once a call: makes the folder of the file,
    /// and waits up to 10 seconds while another process has the file.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), or if the folder cannot be made.
    pub fn open_shared(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                StoreError::new(format!("{} cannot be made: {error}", folder.display()))
            })?;
        }
        let start = Instant::now();
        loop {
            match Self::open(path) {
                Err(error) if error.is_busy() && start.elapsed() < PATIENCE => {
                    std::thread::sleep(GLANCE);
                }
                result => return result,
            }
        }
    }
}
