//! The engine behind a socket.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::oneshot;

use crate::error::{ApiError, Code};
use crate::fault::Failure;
use crate::log::Entry;
use crate::render::Style;
use crate::shared::{Server, Shared};

/// Largest request body.
const MAX_BODY: usize = 64 << 20;
/// How long open calls may take when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// A server that runs on a thread of its own, until it is shut down or dropped.
pub struct Running {
    address: SocketAddr,
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
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
        self.address
    }

    /// Stops the server: no new connections, then up to two seconds for open calls.
    pub fn shutdown(mut self) {
        self.stop();
    }

    /// Runs until the process ends.
    pub(crate) fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has already said so.
            thread.join().ok();
        }
    }

    fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
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
        spawn(Arc::clone(self.shared()), address)
    }
}

/// Binds the address and serves it from a new thread. The thread has its own runtime, so the
/// caller may be async, with time standing still, or not async at all.
fn spawn(shared: Arc<Shared>, address: impl ToSocketAddrs) -> io::Result<Running> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let thread =
        std::thread::Builder::new().name("discovery-mock".to_owned()).spawn(move || {
            if let Err(error) = runtime.block_on(serve(shared, listener, stopped)) {
                eprintln!("the mock server has stopped: {error}");
            }
            // Calls that are still waiting (a `delay` fault) do not hold up the end.
            runtime.shutdown_background();
        })?;
    let endpoint = format!("http://{address}/");
    Ok(Running { address, endpoint, stop: Some(stop), thread: Some(thread) })
}

async fn serve(
    shared: Arc<Shared>,
    listener: TcpListener,
    mut stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let graceful = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file handles, or a peer that is gone: the next one may do.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
            _ = &mut stopped => break,
        };
        stream.set_nodelay(true).ok();
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| answer(Arc::clone(&shared), request));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        // What goes wrong on a connection is the client's to see.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    tokio::time::timeout(GRACE, graceful.shutdown()).await.ok();
    Ok(())
}

/// Makes hyper close a connection without an answer.
#[derive(Debug)]
struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed on purpose")
    }
}

impl std::error::Error for Closed {}

async fn answer(
    shared: Arc<Shared>,
    request: http::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Closed> {
    let response = exchange(&shared, request).await;
    response.map(|response| response.map(Full::new)).ok_or(Closed)
}

/// One request, with faults and log; no answer means that the connection is closed on purpose.
pub(crate) async fn exchange<B>(
    shared: &Arc<Shared>,
    request: http::Request<B>,
) -> Option<Response<Bytes>>
where
    B: hyper::body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let mut entry = Entry::begin(&shared.engine, &parts);
    let body = Limited::new(body, MAX_BODY).collect().await;
    let outcome = match body {
        Err(_) => Some(too_large()),
        Ok(body) => {
            let request = http::Request::from_parts(parts, body.to_bytes());
            with_faults(shared, request, entry.method).await
        }
    };
    entry.end(outcome.as_ref().map(|response| response.status().as_u16()));
    shared.log(&entry);
    outcome
}

/// The answer of the engine, or what a fault makes of it: nothing for a closed connection.
async fn with_faults(
    shared: &Arc<Shared>,
    request: http::Request<Bytes>,
    method: Option<&'static str>,
) -> Option<Response<Bytes>> {
    let effects = method.map(|id| crate::fault::effects(&shared.faults, id)).unwrap_or_default();
    if !effects.delay.is_zero() {
        tokio::time::sleep(effects.delay).await;
    }
    match effects.failure {
        Some(failure) if !failure.after => failed(&failure),
        failure => {
            // The store may wait for the disk.
            let engine = Arc::clone(shared);
            let work = tokio::task::spawn_blocking(move || engine.engine.respond(request)).await;
            let response = work.unwrap_or_else(|_| broken());
            failure.map_or(Some(response), |failure| failed(&failure))
        }
    }
}

fn failed(failure: &Failure) -> Option<Response<Bytes>> {
    let mut response = Style::PLAIN.error(failure.error.as_ref()?);
    if let Some(seconds) = failure.retry_after {
        response.headers_mut().insert(http::header::RETRY_AFTER, seconds.into());
    }
    Some(response)
}

fn too_large() -> Response<Bytes> {
    let text = "The request body could not be read, or is larger than 64 MiB.";
    let error = ApiError::new(Code::InvalidArgument, text).with_http_status(413);
    Style::PLAIN.error(&error)
}

fn broken() -> Response<Bytes> {
    Style::PLAIN.error(&ApiError::new(Code::Internal, "The mock server failed at this call."))
}
