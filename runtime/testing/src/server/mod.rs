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
pub use self::local::{Cut, ResponseStream, TruncatedBody};
pub use self::log::Recorded;
pub use self::rules::Chaos;
use self::rules::Rules;
pub use self::service::Service;
use crate::fault::Fault;
use crate::reply::Reply;

/// A loopback HTTP server with scripted responses and faults.
///
/// Serves HTTP/1.1, and HTTP/2 without TLS to clients with prior knowledge. Stops when dropped. A
/// request header `x-goog-emulator-instructions` with the name of a fault requests that fault, as
/// in Google's testbench.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// use discovery_testing::{Fault, FaultServer, Reply};
/// let server = FaultServer::start(|mut request| async move {
///     let body = request.body().await;
///     Reply::json(format!("{{\"bytes\": {}}}", body.len()))
/// })
/// .await?;
/// server.inject(Fault::Status(503)); // The first request fails, the second succeeds.
/// println!("point the client's endpoint at {}", server.url());
/// assert_eq!(server.requests().len(), 0);
/// # Ok(()) }
/// ```
pub struct FaultServer {
    address: SocketAddr,
    service: Arc<Service>,
    running: Running,
}

/// Executor of the connections.
enum Running {
    Task(JoinHandle<()>),
    Thread { stop: Option<oneshot::Sender<()>>, thread: Option<std::thread::JoinHandle<()>> },
}

impl FaultServer {
    /// Starts a server; `handler` responds to each request that is not replaced by a fault.
    ///
    /// # Errors
    ///
    /// Returns an error if no loopback port can be bound.
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
    /// As for [`start`](Self::start).
    pub async fn of(service: impl Into<Arc<Service>>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let service: Arc<Service> = service.into();
        let task = tokio::spawn(Arc::clone(&service).serve(listener, std::future::pending()));
        Ok(Self { address, service, running: Running::Task(task) })
    }

    /// Starts a server on its own thread, for programs without async or with paused time.
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be bound, or the thread cannot be started.
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
                // A bound listener works in every runtime.
                if let Ok(listener) = TcpListener::from_std(listener) {
                    serving.serve(listener, async { drop(stopped.await) }).await;
                }
            });
            // Pending exchanges must not delay the end.
            runtime.shutdown_background();
        })?;
        let running = Running::Thread { stop: Some(stop), thread: Some(thread) };
        Ok(Self { address, service, running })
    }

    /// Waits until the server ends; one on a thread ends with the process.
    pub fn wait(mut self) {
        if let Running::Thread { stop, thread } = &mut self.running
            && let Some(thread) = thread.take()
        {
            // A panic was already reported by the thread.
            thread.join().ok();
            drop(stop.take());
        }
    }

    /// Starts a server that sends the same response to every request.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start).
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

    /// Returns the root URL, ending in `/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns the listening address.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Applies a fault to the next request. Faults queue up, one per request.
    pub fn inject(&self, fault: Fault) {
        self.service.rules().push(|_| true, fault, Some(1));
    }

    /// Applies a fault to the next matching request.
    pub fn inject_when(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.service.rules().push(when, fault, Some(1));
    }

    /// Applies a fault to every matching request, until [`calm`](Self::calm).
    pub fn always(&self, when: impl Fn(&Head) -> bool + Send + Sync + 'static, fault: Fault) {
        self.service.rules().push(when, fault, None);
    }

    /// Applies random faults to requests.
    pub fn chaos(&self, chaos: Chaos) {
        self.service.rules().chaos = Some(chaos);
    }

    /// Removes all faults that have not been applied.
    pub fn calm(&self) {
        *self.service.rules() = Rules::default();
    }

    /// Returns the recorded requests, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.service.log().all()
    }

    /// Removes and returns the recorded requests, including those in progress.
    pub fn take_requests(&self) -> Vec<Recorded> {
        self.service.log().take()
    }

    /// Records only the last `most` requests; 10,000 by default.
    pub fn keep_requests(&self, most: usize) {
        self.service.log().keep(most);
    }

    /// Returns the number of connections opened so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.service.opened.load(Ordering::Relaxed)
    }

    /// Returns the number of open connections.
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
