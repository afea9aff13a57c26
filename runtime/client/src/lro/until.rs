//! A call and the wait for the operation that it starts.

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

/// Waits for the end of an operation: makes the call `M` that starts it, then asks the API's
/// `operations.get` with growing pauses.
///
/// `.await` gives the result; [`operation`](Self::operation) the operation itself, with its
/// metadata. The time limits of the call hold for each request; how long the operation may take
/// is [`with_timeout`](Self::with_timeout).
#[must_use = "nothing is sent until it is awaited"]
pub struct UntilDone<M: LongRunning> {
    begin: Begin,
    poller: Poller,
    progress: Option<Progress<M::Response>>,
}

type Progress<O> = Arc<dyn Fn(&O) + Send + Sync>;

/// Where the operation comes from.
enum Begin {
    /// The call that starts it.
    Call(Call),
    /// Its name, known from an earlier process.
    Name(Client, String),
}

impl<M: LongRunning> UntilDone<M> {
    /// Waits for what `call` starts. Nothing is sent yet.
    pub fn new(call: Call) -> Self {
        let poller = Poller::new(call.client());
        Self { begin: Begin::Call(call), poller, progress: None }
    }

    /// Waits for an operation that was started before, perhaps by another process, and is known
    /// by its name.
    pub fn resume(client: &Client, name: impl Into<String>) -> Self {
        let poller = Poller::new(client);
        Self { begin: Begin::Name(client.clone(), name.into()), poller, progress: None }
    }

    /// Sets the first pause and the longest one, 1 s and 20 s unless told otherwise. A longer
    /// pause that the server asks for counts.
    pub fn with_pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.poller = self.poller.with_pauses(first, longest);
        self
    }

    /// Sets how long to wait in all, once the operation is started; `None` for as long as it
    /// takes. Default: 24 hours.
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.poller = self.poller.with_timeout(timeout);
        self
    }

    /// Is shown the operation whenever the server has told of it: its name to store, its metadata
    /// to show.
    pub fn on_progress(mut self, show: impl Fn(&M::Response) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(show));
        self
    }

    /// Starts the operation, waits for its end, well or not, and gives the operation.
    ///
    /// # Errors
    ///
    /// As the call and as [`Poller::wait`].
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

    /// As [`operation`](Self::operation), and gives what came of it.
    ///
    /// # Errors
    ///
    /// As [`operation`](Self::operation) and [`result`].
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
