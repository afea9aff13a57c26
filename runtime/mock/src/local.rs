//! The server without a socket: as the transport of a client in the same process.

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
            let response = self.service().call(request).await.map_err(failure)?;
            Ok(response.map(|body| match body.bytes() {
                Some(bytes) => ResponseBody::full(bytes.clone()),
                None => ResponseBody::stream(Damaged(body)),
            }))
        })
    }
}

/// How a client sees that an exchange ended without an answer.
fn failure(cut: Cut) -> TransportError {
    let (kind, text) = match cut {
        Cut::GoAway | Cut::RefuseStream => {
            (TransportErrorKind::NotSent, "the local server refused the request, as a fault says")
        }
        Cut::Reset | Cut::ResetStream | Cut::Hang => (
            TransportErrorKind::Interrupted,
            "the local server cut the connection, as a fault says",
        ),
    };
    TransportError::new(kind, text)
}

/// A body that a fault changes.
struct Damaged(ResponseStream);

impl Stream for Damaged {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let failed = |error| {
            let text = "the local server broke the answer off, as a fault says";
            TransportError::new(TransportErrorKind::Interrupted, text).with_source(error)
        };
        self.0.poll_bytes(cx).map(|next| next.map(|piece| piece.map_err(failed)))
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
