//! Calls that wait for the operation they start.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::method::LongRunning;
use super::{Poller, result};
use crate::BoxFuture;
use crate::call::Call;
use crate::client::Client;
use crate::error::Result;

/// Sends the call `M`, which starts an operation, and polls the API's `operations.get` with growing
/// delays until it ends.
///
/// `.await` returns the result; [`operation`](Self::operation) returns the operation itself, with
/// its metadata. The timeouts of the call apply to each request;
/// [`with_timeout`](Self::with_timeout) limits the operation.
#[must_use = "nothing is sent unless awaited"]
pub struct UntilDone<M: LongRunning> {
    begin: Begin,
    poller: Poller,
    progress: Option<Progress<M::Response>>,
}

type Progress<O> = Arc<dyn Fn(&O) + Send + Sync>;

/// Source of the operation.
enum Begin {
    /// The call that starts the operation.
    Call(Call),
    /// The name of an operation started earlier.
    Name(Client, String),
}

impl<M: LongRunning> UntilDone<M> {
    /// Creates a wait for the operation that `call` starts. Nothing is sent yet.
    pub fn new(call: Call) -> Self {
        let poller = Poller::new(call.client());
        Self { begin: Begin::Call(call), poller, progress: None }
    }

    /// Creates a wait for an operation started earlier, possibly by another process, by its name.
    pub fn resume(client: &Client, name: impl Into<String>) -> Self {
        let poller = Poller::new(client);
        Self { begin: Begin::Name(client.clone(), name.into()), poller, progress: None }
    }

    /// Sets the first and the longest delay, 1 s and 20 s by default. A longer delay requested by
    /// the server takes precedence.
    pub fn with_pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.poller = self.poller.with_pauses(first, longest);
        self
    }

    /// Sets the timeout, counted from the start of the operation; `None` disables it. Defaults to
    /// 24 hours.
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.poller = self.poller.with_timeout(timeout);
        self
    }

    /// Sets a callback that receives the operation after each poll, for example to store its name
    /// or show its metadata.
    pub fn on_progress(mut self, show: impl Fn(&M::Response) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(show));
        self
    }

    /// Starts the operation, waits until it ends, with or without an error, and returns it.
    ///
    /// # Errors
    ///
    /// As for the call and [`Poller::wait`].
    pub async fn operation(self) -> Result<M::Response> {
        let Self { begin, poller, progress } = self;
        let show = |operation: &M::Response| {
            if let Some(show) = &progress {
                show(operation);
            }
        };
        let poll = match &begin {
            Begin::Call(call) => call.follow_up(<M::Poll as crate::Method>::SPEC),
            Begin::Name(client, _) => Call::new(client, <M::Poll as crate::Method>::SPEC),
        };
        let get = |name: String| poll.clone().path(M::NAME, &name);
        let started = match begin {
            Begin::Call(call) => call.send::<M::Response>().await?,
            Begin::Name(_, name) => get(name).send().await?,
        };
        show(&started);
        let ask = |name| async {
            let answer = get(name).send_full::<M::Response>().await?;
            show(&answer.value);
            Ok(answer)
        };
        poller.wait(started, ask).await
    }

    /// Starts the operation, waits until it ends, and returns its result.
    ///
    /// # Errors
    ///
    /// As for [`operation`](Self::operation) and [`result`].
    pub async fn send(self) -> Result<M::Result> {
        result(&self.operation().await?)
    }
}

impl<M: LongRunning> IntoFuture for UntilDone<M> {
    type Output = Result<M::Result>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<M: LongRunning> fmt::Debug for UntilDone<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UntilDone");
        match &self.begin {
            Begin::Call(call) => out.field("call", call),
            Begin::Name(_, name) => out.field("name", name),
        };
        out.field("poller", &self.poller).finish_non_exhaustive()
    }
}
