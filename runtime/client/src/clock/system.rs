//! The clock of the machine.

use super::Clock;
use crate::BoxFuture;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The start of every [`SystemClock`] of the process.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The machine's clock. Waits on Tokio's timer where a Tokio runtime polls it.
///
/// All of one process have one start, so credentials may serve several clients. It may be made
/// outside a runtime and used in several. It follows Tokio's paused time. A runtime built without
/// its time driver cannot wait (Tokio panics): build runtimes with `enable_all`. Outside any Tokio
/// runtime a wait costs a thread.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The machine's clock.
    #[must_use]
    pub fn new() -> Self {
        // Started now, not at the first question, so that no answer lies before this line.
        LazyLock::force(&START);
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(*START)
    }

    fn unix(&self) -> Duration {
        // A calendar before 1970 is a broken clock; zero makes every expiry lie ahead, as it does.
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if tokio::runtime::Handle::try_current().is_ok() {
                tokio::time::sleep(duration).await;
            } else {
                sleep_on_thread(duration).await;
            }
        })
    }
}

async fn sleep_on_thread(duration: Duration) {
    let (done, wait) = tokio::sync::oneshot::channel::<()>();
    let timer = std::thread::Builder::new().name("sleep".to_owned());
    let spawned = timer.spawn(move || {
        std::thread::sleep(duration);
        drop(done);
    });
    if spawned.is_err() {
        // No thread to be had: waiting here is late for others, returning early is wrong for all.
        std::thread::sleep(duration);
    }
    // Ends when the sender is dropped; nothing is ever sent.
    let _ = wait.await;
}
