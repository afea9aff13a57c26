//! A server on loopback that fails on demand.

mod exchange;
mod http1;
mod http2;
mod incoming;
mod local;
mod log;
mod plan;
mod rules;
mod service;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use self::incoming::{Head, Incoming};
pub use self::local::{BrokenOff, Cut, ResponseStream};
pub use self::log::Recorded;
pub use self::rules::Chaos;
use self::rules::Rules;
pub use self::service::Service;
use crate::fault::Fault;
use crate::reply::Reply;

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
    service: Arc<Service>,
    running: Running,
}

/// What serves the connections.
enum Running {
    Task(JoinHandle<()>),
    Thread { stop: Option<oneshot::Sender<()>>, thread: Option<std::thread::JoinHandle<()>> },
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
        Self::of(Service::new(handler)).await
    }

    /// Starts a server for a service.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn of(service: impl Into<Arc<Service>>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let service: Arc<Service> = service.into();
        let task = tokio::spawn(Arc::clone(&service).serve(listener, std::future::pending()));
        Ok(Self { address, service, running: Running::Task(task) })
    }

    /// Starts a server on a thread of its own: for programs without async, and for those whose time
    /// stands still.
    ///
    /// # Errors
    ///
    /// If the address cannot be bound, or the thread cannot be started.
    pub fn on_thread(
        service: impl Into<Arc<Service>>,
        address: impl ToSocketAddrs,
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let service: Arc<Service> = service.into();
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&service);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.block_on(async move {
                // A listener that was bound fits every runtime.
                if let Ok(listener) = TcpListener::from_std(listener) {
                    serving.serve(listener, async { drop(stopped.await) }).await;
                }
            });
            // Exchanges that still wait do not hold up the end.
            runtime.shutdown_background();
        })?;
        let running = Running::Thread { stop: Some(stop), thread: Some(thread) };
        Ok(Self { address, service, running })
    }

    /// Waits until the server ends, which one on a thread does with the process.
    pub fn wait(mut self) {
        if let Running::Thread { stop, thread } = &mut self.running
            && let Some(thread) = thread.take()
        {
            // A thread that panicked has already said so.
            thread.join().ok();
            drop(stop.take());
        }
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
        self.service.rules().push(|_| true, fault, Some(1));
    }

    /// Lets the next request that fits meet a fault.
    pub fn inject_when(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.service.rules().push(when, fault, Some(1));
    }

    /// Lets every request that fits meet a fault, until [`calm`](Self::calm).
    pub fn always(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.service.rules().push(when, fault, None);
    }

    /// Lets requests meet faults at random.
    pub fn chaos(&self, chaos: Chaos) {
        self.service.rules().chaos = Some(chaos);
    }

    /// Takes all faults back that no request has met.
    pub fn calm(&self) {
        *self.service.rules() = Rules::default();
    }

    /// The requests that are remembered, in the order in which their heads arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.service.log().all()
    }

    /// Forgets the requests so far and gives them, those that are under way too.
    pub fn take_requests(&self) -> Vec<Recorded> {
        self.service.log().take()
    }

    /// Remembers only the last `most` requests; 10,000 unless told otherwise.
    pub fn keep_requests(&self, most: usize) {
        self.service.log().keep(most);
    }

    /// How many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.service.opened.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> u64 {
        self.connections().saturating_sub(self.service.closed.load(Ordering::Relaxed))
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        match &mut self.running {
            Running::Task(task) => task.abort(),
            Running::Thread { stop, thread } => {
                drop(stop.take());
                if let Some(thread) = thread.take() {
                    thread.join().ok();
                }
            }
        }
    }
}

impl fmt::Debug for FaultServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultServer").field("url", &self.url()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
