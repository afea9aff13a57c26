//! A server on loopback that fails on demand.

mod exchange;
mod http1;
mod http2;
mod incoming;
mod log;
mod plan;
mod rules;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

pub use self::incoming::{Head, Incoming};
use self::log::Log;
pub use self::log::Recorded;
pub use self::rules::Chaos;
use self::rules::Rules;
use crate::fault::Fault;
use crate::reply::Reply;

type Answer = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Handler = dyn Fn(Incoming) -> Answer + Send + Sync;

/// A real HTTP server on a port of its own on loopback, which answers as a test says and fails
/// as a [`Fault`] says.
///
/// It speaks HTTP/1.1 and, to clients that begin with HTTP/2 without TLS, HTTP/2. It stops when it
/// is dropped. A request header `x-goog-emulator-instructions` with a fault's name asks for that
/// fault, as with Google's testbench.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// use discovery_testing::{Fault, FaultServer, Reply};
/// let server = FaultServer::start(|mut request| async move {
///     let body = request.body().await;
///     Reply::json(format!("{{\"bytes\": {}}}", body.len()))
/// })
/// .await?;
/// server.inject(Fault::Status(503)); // The first request fails, the second is answered.
/// println!("point the client's endpoint at {}", server.url());
/// assert_eq!(server.requests().len(), 0);
/// # Ok(()) }
/// ```
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

pub(crate) struct Shared {
    handler: Box<Handler>,
    rules: Mutex<Rules>,
    log: Mutex<Log>,
    opened: AtomicU64,
    closed: AtomicU64,
    start: Instant,
}

impl FaultServer {
    /// Starts a server; `handler` gives the answer to each request that no fault forestalls.
    ///
    /// # Errors
    ///
    /// When no port of the loopback address can be bound.
    pub async fn start<H, F>(handler: H) -> io::Result<Self>
    where
        H: Fn(Incoming) -> F + Send + Sync + 'static,
        F: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            handler: Box::new(move |incoming| Box::pin(handler(incoming))),
            rules: Mutex::new(Rules::default()),
            log: Mutex::default(),
            opened: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            start: Instant::now(),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Starts a server that gives the same answer to every request.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn replying(reply: Reply) -> io::Result<Self> {
        Self::start(move |mut incoming| {
            let reply = reply.clone();
            async move {
                while incoming.chunk().await.is_some() {}
                reply
            }
        })
        .await
    }

    /// The root URL, ending in `/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The address that it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the next request meet a fault. Faults queue up, one for each request.
    pub fn inject(&self, fault: Fault) {
        self.shared.rules().push(|_| true, fault, Some(1));
    }

    /// Lets the next request that fits meet a fault.
    pub fn inject_when(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.shared.rules().push(when, fault, Some(1));
    }

    /// Lets every request that fits meet a fault, until [`calm`](Self::calm).
    pub fn always(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.shared.rules().push(when, fault, None);
    }

    /// Lets requests meet faults at random.
    pub fn chaos(&self, chaos: Chaos) {
        self.shared.rules().chaos = Some(chaos);
    }

    /// Takes all faults back that no request has met.
    pub fn calm(&self) {
        *self.shared.rules() = Rules::default();
    }

    /// The requests that are remembered, in the order in which their heads arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.log().all()
    }

    /// Forgets the requests so far and gives them, those that are under way too.
    pub fn take_requests(&self) -> Vec<Recorded> {
        self.shared.log().take()
    }

    /// Remembers only the last `most` requests; 10,000 unless told otherwise.
    pub fn keep_requests(&self, most: usize) {
        self.shared.log().keep(most);
    }

    /// How many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.opened.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> u64 {
        self.connections().saturating_sub(self.shared.closed.load(Ordering::Relaxed))
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for FaultServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultServer").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Shared {
    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request and finds its fault.
    fn begin(&self, head: &Head) -> (usize, Option<Fault>) {
        let fault = self.rules().pick(head);
        let recorded = Recorded::new(head.clone(), fault, self.start.elapsed());
        (self.log().push(recorded), fault)
    }

    fn note(&self, entry: usize, chunk: &Bytes) {
        if let Some(recorded) = self.log().get(entry) {
            recorded.append(chunk);
        }
    }

    fn completed(&self, entry: usize) {
        if let Some(recorded) = self.log().get(entry) {
            recorded.complete = true;
        }
    }

    fn handle(&self, incoming: Incoming) -> Answer {
        (self.handler)(incoming)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Dropping the set, with this future, ends every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((io, _)) => {
                    let id = shared.opened.fetch_add(1, Ordering::Relaxed);
                    connections.spawn(serve(Arc::clone(&shared), io, id));
                }
                // Too many open files, most likely: it may pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(shared: Arc<Shared>, io: TcpStream, id: u64) {
    let _ = io.set_nodelay(true);
    // A connection that fails concerns its client alone.
    let _ = match is_http2(&io).await {
        Ok(true) => http2::serve(&shared, io, id).await,
        Ok(false) => http1::serve(&shared, io, id).await,
        Err(error) => Err(error),
    };
    shared.closed.fetch_add(1, Ordering::Relaxed);
}

/// HTTP/2 begins with `PRI * HTTP/2.0` (RFC 9113, 3.4).
async fn is_http2(io: &TcpStream) -> io::Result<bool> {
    let mut start = [0; 4];
    loop {
        let read = io.peek(&mut start).await?;
        let seen = &start[..read];
        if read == start.len() || read == 0 || !b"PRI ".starts_with(seen) {
            return Ok(seen == b"PRI ");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[cfg(test)]
mod tests;
