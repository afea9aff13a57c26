//! In-process server: transport of a client without a network.

use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use discovery_runtime::BoxFuture;
use discovery_runtime::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind,
};
use discovery_testing::{Cut, ResponseStream};
use futures_core::Stream;
use http::{Request, Response};

use crate::shared::Server;
use crate::store::{Store, StoreError};

/// How long a program waits for another process to release the store's file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// Interval between attempts to open the file.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Sends the calls of a client to the server without a network. Faults and logging work as behind a
/// socket. Must be polled on a Tokio runtime.
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
            let response = self.service().call(request).await.map_err(failure)?;
            Ok(response.map(|body| match body.bytes() {
                Some(bytes) => ResponseBody::full(bytes.clone()),
                None => ResponseBody::stream(Damaged(body)),
            }))
        })
    }
}

/// Returns the transport error that a client sees when a fault ends an exchange.
fn failure(cut: Cut) -> TransportError {
    let (kind, text) = match cut {
        Cut::GoAway | Cut::RefuseStream => {
            (TransportErrorKind::NotSent, "request rejected by an injected fault")
        }
        Cut::Reset | Cut::ResetStream | Cut::Hang => {
            (TransportErrorKind::Interrupted, "connection closed by an injected fault")
        }
    };
    TransportError::new(kind, text)
}

/// A response body that a fault truncates or alters.
struct Damaged(ResponseStream);

impl Stream for Damaged {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let failed = |error| {
            let text = "response truncated by an injected fault";
            TransportError::new(TransportErrorKind::Interrupted, text).with_source(error)
        };
        self.0.poll_bytes(cx).map(|next| next.map(|piece| piece.map_err(failed)))
    }
}

impl Store {
    /// Opens a store as [`open`](Self::open) does, for programs that run once per call: creates the
    /// parent folder and waits up to 10 seconds while another process has the file open.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), or if the folder cannot be created.
    pub fn open_shared(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                StoreError::new(format!("failed to create {}: {error}", folder.display()))
            })?;
        }
        let start = Instant::now();
        loop {
            match Self::open(path) {
                Err(error) if error.is_busy() && start.elapsed() < LOCK_TIMEOUT => {
                    std::thread::sleep(POLL_INTERVAL);
                }
                result => return result,
            }
        }
    }
}
