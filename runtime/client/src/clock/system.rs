//! The system clock.

use super::Clock;
use crate::BoxFuture;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Start of all [`SystemClock`]s of the process.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The system clock. Waits use Tokio's timer within a Tokio runtime.
///
/// All instances of a process share one start, so credentials may serve several clients. Instances
/// can be created outside a runtime and used in several, and follow Tokio's paused time. Waiting in
/// a runtime without time driver panics in Tokio: build runtimes with `enable_all`. Outside a Tokio
/// runtime, a wait occupies a thread.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// Creates a system clock.
    #[must_use]
    pub fn new() -> Self {
        // Starting now rather than on first use keeps later readings after this line.
        LazyLock::force(&START);
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(*START)
    }

    fn unix(&self) -> Duration {
        // A calendar before 1970 is wrong; zero places every expiry in the future.
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
        // Without a thread, blocking here delays others, but returning early would be wrong for
        // all.
        std::thread::sleep(duration);
    }
    // The wait ends when the sender is dropped.
    let _ = wait.await;
}
