//! The clock of a JavaScript host.

use super::Clock;
use crate::BoxFuture;
use crate::host::{Timer, monotonic, unix};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::oneshot;
use wasm_bindgen_futures::spawn_local;

/// The clock of the host, with its timers. All instances share one start.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// Creates a system clock.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        monotonic()
    }

    fn unix(&self) -> Duration {
        unix()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let (mut done, ended) = oneshot::channel::<()>();
        // JavaScript's values stay in a task of their own, since they cannot cross threads. The
        // task ends early if nobody waits any more.
        spawn_local(async move {
            {
                let (mut timer, mut closed) = (pin!(Timer::wait(duration)), pin!(done.closed()));
                poll_fn(|cx| match timer.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(()),
                    Poll::Pending => closed.as_mut().poll(cx),
                })
                .await;
            }
            // The wait ends when the sender is dropped.
            drop(done);
        });
        Box::pin(async move {
            let _ = ended.await;
        })
    }
}
