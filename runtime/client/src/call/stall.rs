//! Stall timeouts of bodies.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use crate::BoxFuture;
use crate::clock::Clock;
use crate::transport::{Body, BoxError, ResponseBody, TransportError, TransportErrorKind};

/// A response body that fails if no byte arrives for `rest`.
pub(super) fn guard(body: ResponseBody, clock: Arc<dyn Clock>, rest: Duration) -> ResponseBody {
    ResponseBody::stream(Guard { body: Some(body), clock, rest, timer: None, restarts: true })
}

/// A response body that fails if it does not end within `rest` of the first wait.
pub(super) fn finish(body: ResponseBody, clock: Arc<dyn Clock>, rest: Duration) -> ResponseBody {
    ResponseBody::stream(Guard { body: Some(body), clock, rest, timer: None, restarts: false })
}

struct Guard {
    body: Option<ResponseBody>,
    clock: Arc<dyn Clock>,
    rest: Duration,
    timer: Option<BoxFuture<'static, ()>>,
    /// Whether each byte restarts the timer.
    restarts: bool,
}

impl Stream for Guard {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        if let Poll::Ready(next) = body.poll_chunk(cx) {
            if this.restarts {
                this.timer = None;
            }
            if !matches!(next, Some(Ok(_))) {
                this.body = None;
            }
            return Poll::Ready(next);
        }
        let (clock, rest) = (&this.clock, this.rest);
        ready!(this.timer.get_or_insert_with(|| clock.sleep(rest)).as_mut().poll(cx));
        this.body = None;
        Poll::Ready(Some(Err(stalled(rest))))
    }
}

/// A response body that fails at a time of the clock, with a message.
pub(super) fn until(
    body: ResponseBody,
    clock: &dyn Clock,
    at: Duration,
    message: String,
) -> ResponseBody {
    let timer = clock.sleep(at.saturating_sub(clock.now()));
    ResponseBody::stream(Until { body: Some(body), timer, message })
}

struct Until {
    body: Option<ResponseBody>,
    timer: BoxFuture<'static, ()>,
    message: String,
}

impl Stream for Until {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        if this.timer.as_mut().poll(cx).is_ready() {
            this.body = None;
            let message = std::mem::take(&mut this.message);
            let passed = TransportError::new(TransportErrorKind::Timeout, message);
            return Poll::Ready(Some(Err(passed)));
        }
        body.poll_chunk(cx)
    }
}

fn stalled(rest: Duration) -> TransportError {
    let message = format!("the connection stalled: no byte for {rest:?}");
    TransportError::new(TransportErrorKind::Timeout, message)
}

/// Counts the reads of a request body by the transport.
pub(super) type Progress = Arc<AtomicU64>;

/// Wraps a request body to count its reads.
pub(super) fn watch(request: http::Request<Body>) -> (http::Request<Body>, Progress) {
    let progress = Progress::default();
    let counter = Arc::clone(&progress);
    let request = request.map(|body| {
        let length = body.length();
        Body::stream(length, Box::pin(Watched { body, counter }))
    });
    (request, progress)
}

struct Watched {
    body: Body,
    counter: Progress,
}

impl Stream for Watched {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.body).poll_next(cx));
        self.counter.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(next)
    }
}

/// Runs `work` until it completes, or stalls for `rest`.
pub(super) async fn while_moving<T>(
    clock: &dyn Clock,
    rest: Duration,
    progress: &Progress,
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    let mut work = pin!(work);
    let mut seen = progress.load(Ordering::Relaxed);
    let mut timer = clock.sleep(rest);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(done);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            let now = progress.load(Ordering::Relaxed);
            if now == seen {
                return Poll::Ready(Err(stalled(rest)));
            }
            seen = now;
            timer = clock.sleep(rest);
        }
    })
    .await
}
