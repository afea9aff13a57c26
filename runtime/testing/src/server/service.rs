//! Request handling, with or without a socket.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::incoming::{Head, Incoming};
use super::log::{Log, Recorded};
use super::rules::Rules;
use super::{http1, http2};
use crate::fault::{Fault, FaultRule};
use crate::reply::Reply;

type Answer = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Handler = dyn Fn(Incoming) -> Answer + Send + Sync;
type Label = dyn Fn(&Head) -> Option<String> + Send + Sync;
/// Called with the status of the response, or `None` without a response.
type Done = Box<dyn FnOnce(Option<u16>) + Send + Sync>;
type Observer = dyn Fn(&Head) -> Done + Send + Sync;

/// Time limit for open exchanges when a service stops.
const GRACE: Duration = Duration::from_secs(2);

/// A request handler with fault rules and a record of its requests.
pub struct Service {
    handler: Box<Handler>,
    label: Box<Label>,
    observer: Option<Box<Observer>>,
    rules: Mutex<Rules>,
    log: Mutex<Log>,
    pub(super) opened: AtomicU64,
    pub(super) closed: AtomicU64,
    /// Number of exchanges in progress.
    active: watch::Sender<usize>,
    start: Instant,
}

impl Service {
    /// Creates a service; `handler` responds to each request that is not replaced by a fault.
    ///
    /// Without [`with_method`](Self::with_method), fault rules see no method.
    pub fn new<H, F>(handler: H) -> Self
    where
        H: Fn(Incoming) -> F + Send + Sync + 'static,
        F: Future<Output = Reply> + Send + 'static,
    {
        Self {
            handler: Box::new(move |incoming| Box::pin(handler(incoming))),
            label: Box::new(|_| Some(String::new())),
            observer: None,
            rules: Mutex::default(),
            log: Mutex::default(),
            opened: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            active: watch::Sender::new(0),
            start: Instant::now(),
        }
    }

    /// Sets a function that returns the method of a request, for the `method` of a [`FaultRule`].
    /// If it returns `None`, no rule applies.
    #[must_use]
    pub fn with_method(
        mut self,
        method: impl Fn(&Head) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.label = Box::new(method);
        self
    }

    /// Adds a rule. All matching rules apply to an exchange: delays add up, and the first failure
    /// applies.
    #[must_use]
    pub fn with_rule(self, rule: FaultRule) -> Self {
        self.rules().add(rule);
        self
    }

    /// Calls `observer` after the headers of each request arrive, and its result with the status of
    /// the response, or `None` if the exchange ended without one.
    #[must_use]
    pub fn with_observer<D>(mut self, observer: impl Fn(&Head) -> D + Send + Sync + 'static) -> Self
    where
        D: FnOnce(Option<u16>) + Send + Sync + 'static,
    {
        self.observer = Some(Box::new(move |head| Box::new(observer(head))));
        self
    }

    /// Records only the last `most` requests; 10,000 by default.
    #[must_use]
    pub fn with_record(self, most: usize) -> Self {
        self.log().keep(most);
        self
    }

    /// Serves connections until `stop` completes, then accepts no new ones and waits up to two
    /// seconds for open exchanges.
    ///
    /// Supports HTTP/1.1, and HTTP/2 with prior knowledge.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: impl Future<Output = ()>) {
        // Dropping this future drops the set, which ends every connection.
        let mut connections = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((io, _)) => {
                        let id = self.opened.fetch_add(1, Ordering::Relaxed);
                        connections.spawn(connection(Arc::clone(&self), io, id));
                    }
                    // Most likely too many open files, which may pass.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                },
                Some(_) = connections.join_next() => {}
                () = &mut stop => break,
            }
        }
        drop(listener);
        let mut active = self.active.subscribe();
        // This is the only sender, so the channel cannot be closed.
        let _ = tokio::time::timeout(GRACE, active.wait_for(|active| *active == 0)).await;
        // HTTP/2 writes its buffered data a moment later.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request and selects its faults.
    pub(super) fn begin(&self, head: &Head) -> (Exchange<'_>, Vec<Fault>) {
        let method = (self.label)(head);
        let faults = self.rules().faults(head, method.as_deref());
        let recorded = Recorded::new(head.clone(), faults.first().copied(), self.start.elapsed());
        let entry = self.log().push(recorded);
        self.active.send_modify(|active| *active += 1);
        let done = self.observer.as_ref().map(|observer| observer(head));
        (Exchange { service: self, entry, status: None, done }, faults)
    }

    pub(super) fn handle(&self, incoming: Incoming) -> Answer {
        (self.handler)(incoming)
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("active", &*self.active.borrow()).finish_non_exhaustive()
    }
}

/// An exchange in progress.
pub(super) struct Exchange<'a> {
    service: &'a Service,
    entry: usize,
    /// Status of the response, once known.
    pub(super) status: Option<u16>,
    done: Option<Done>,
}

impl Exchange<'_> {
    pub(super) fn note(&self, chunk: &Bytes) {
        if let Some(recorded) = self.service.log().get(self.entry) {
            recorded.append(chunk);
        }
    }

    pub(super) fn completed(&self) {
        if let Some(recorded) = self.service.log().get(self.entry) {
            recorded.complete = true;
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(self.status);
        }
        self.service.active.send_modify(|active| *active -= 1);
    }
}

async fn connection(service: Arc<Service>, io: TcpStream, id: u64) {
    let _ = io.set_nodelay(true);
    // A failed connection affects only its client.
    let _ = match is_http2(&io).await {
        Ok(true) => http2::serve(&service, io, id).await,
        Ok(false) => http1::serve(&service, io, id).await,
        Err(error) => Err(error),
    };
    service.closed.fetch_add(1, Ordering::Relaxed);
}

/// HTTP/2 connections start with `PRI * HTTP/2.0` (RFC 9113, 3.4).
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
