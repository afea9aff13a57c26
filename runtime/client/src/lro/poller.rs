//! Polling.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::{Operation, Polled, check, result};
use crate::client::Client;
use crate::clock::{Clock, remaining, timeout_at};
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::json::Decode;
use crate::random;
use crate::retry::{RetryClass, is_before_deadline};

/// Waits for operations by polling with growing delays: 1 s, 1.5 s, 2.3 s, …, 20 s.
///
/// ```no_run
/// # use discovery_runtime::{Client, Result, json::Json};
/// # async fn f(client: Client, get: fn(String) -> std::future::Ready<Result<Json>>, started: Json) -> Result<()> {
/// use discovery_runtime::lro::Poller;
/// // `get` makes the call that gives the operation of a name.
/// let company: Json = Poller::new(&client).result(started, |name| get(name)).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Poller {
    clock: Arc<dyn Clock>,
    first: Duration,
    longest: Duration,
    timeout: Option<Duration>,
}

/// Maximum number of consecutive polls with temporary failures.
const MOST_FAILURES: u32 = 5;

impl Poller {
    /// Default timeout: 24 hours.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

    /// Creates a poller with the client's clock.
    #[must_use]
    pub fn new(client: &Client) -> Self {
        Self::with_clock(Arc::clone(client.clock()))
    }

    /// Creates a poller with `clock`.
    #[must_use]
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(20));
        Self { clock, first, longest, timeout: Some(Self::DEFAULT_TIMEOUT) }
    }

    /// Sets the first and the longest delay. A longer delay requested by the server takes
    /// precedence.
    #[must_use]
    pub fn with_pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// Sets the timeout; `None` disables it.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// Waits for `operation` and returns its result.
    ///
    /// # Errors
    ///
    /// As for [`wait`](Self::wait) and [`result`].
    pub async fn result<T, O, G, C, P>(&self, operation: O, get: G) -> Result<T>
    where
        T: Decode,
        O: Operation,
        G: FnMut(String) -> C,
        C: IntoFuture<Output = Result<P>>,
        P: Polled<O>,
    {
        result(&self.wait(operation, get).await?)
    }

    /// Waits until `operation` ends, with or without an error. `get` gets the operation of a name.
    /// A finished operation is returned at once.
    ///
    /// # Errors
    ///
    /// As for the call, though some temporary errors are tolerated. [`ErrorKind::Timeout`] if the
    /// timeout passes: the operation continues, and can be waited for again. [`ErrorKind::Decode`]
    /// if a member that tells the state of the operation does not fit its type.
    pub async fn wait<O, G, C, P>(&self, operation: O, mut get: G) -> Result<O>
    where
        O: Operation,
        G: FnMut(String) -> C,
        C: IntoFuture<Output = Result<P>>,
        P: Polled<O>,
    {
        let deadline = self.timeout.map(|timeout| self.clock.now().saturating_add(timeout));
        check(&operation)?;
        let Some(name) = operation.name().filter(|name| !name.is_empty()) else {
            return if operation.done() { Ok(operation) } else { Err(nameless()) };
        };
        let (mut operation, mut pause, mut failures) = (operation, self.first, 0);
        let mut asked: Option<Duration> = None;
        while !operation.done() {
            let asked_for = asked.take();
            let wait = asked_for.unwrap_or_default().max(jitter(pause));
            if !is_before_deadline(wait, remaining(&*self.clock, deadline)) {
                return Err(self.out_of_time(&name, asked_for.filter(|delay| *delay == wait)));
            }
            self.clock.sleep(wait).await;
            pause = pause.saturating_mul(3).checked_div(2).unwrap_or(pause).min(self.longest);
            let poll = timeout_at(&*self.clock, deadline, get(name.clone()).into_future()).await;
            match poll.map_err(|_| self.timed_out(&name))? {
                Ok(polled) => {
                    failures = 0;
                    (operation, asked) = polled.into_parts(self.clock.unix());
                    check(&operation)?;
                }
                Err(error) if failures < MOST_FAILURES && may_pass(&error) => {
                    failures += 1;
                    asked = error.retry_after();
                }
                Err(error) => return Err(error),
            }
        }
        Ok(operation)
    }

    /// Error of a delay beyond the timeout, with the delay if the server requested it.
    fn out_of_time(&self, name: &str, asked_for: Option<Duration>) -> Error {
        let Some(delay) = asked_for else { return self.timed_out(name) };
        let message = format!(
            "the server asks to wait {delay:?} before {name} is polled again, longer than the \
             time to wait; the operation goes on, and can be waited for again"
        );
        let mut error = Error::new(ErrorKind::Timeout, message);
        error.inner_mut().retry_after = Some(delay);
        error.with_phase(Phase::Backoff).with_maybe_sent(true)
    }

    fn timed_out(&self, name: &str) -> Error {
        let message = format!(
            "{name} has not ended after {:?}; it goes on, and can be waited for again",
            self.timeout.unwrap_or_default()
        );
        Error::new(ErrorKind::Timeout, message).with_phase(Phase::Backoff).with_maybe_sent(true)
    }
}

/// A failed poll does not end an operation of several hours.
fn may_pass(error: &Error) -> bool {
    RetryClass::of(error) != RetryClass::Permanent
}

/// Returns 80 % to 100 % of a delay, to spread operations started together.
fn jitter(pause: Duration) -> Duration {
    let part = random::next() % 1024;
    pause.mul_f64(0.8) + pause.mul_f64(0.2) * u32::try_from(part).unwrap_or(0) / 1024
}

fn nameless() -> Error {
    let message = "the operation has not ended and has no name to ask for";
    Error::new(ErrorKind::Operation, message).with_maybe_sent(true)
}
