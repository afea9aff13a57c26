//! Calls that wait for the operation they start.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::begin::Begin;
use super::method::{LongRunning, Targeted};
use super::place::arguments;
use super::{Operation, Poller, named, succeeded, typed_result};
use crate::BoxFuture;
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::method::Method;
use crate::spec::{MethodSpec, Segment};

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
        begin.operation(M::OPERATION, &poller, &show).await
    }

    /// Starts the operation, waits until it ends, and returns its result.
    ///
    /// # Errors
    ///
    /// As for [`operation`](Self::operation) and [`result`](super::result).
    pub async fn send(self) -> Result<M::Result> {
        let strict = match &self.begin {
            Begin::Call(call) => call.is_strict(),
            Begin::Name(client, _) => client.options().is_strict(client.options()),
        };
        let spec = <M::Poll as crate::Method>::SPEC;
        typed_result(&self.operation().await?, Some((spec, strict)))
    }
}

impl<M: Targeted> UntilDone<M> {
    /// Starts the operation, waits until it ends, and gets the resource that it is about: the one that
    /// the call names, or creates.
    ///
    /// # Errors
    ///
    /// As for [`operation`](Self::operation), [`result`](super::result), and the method that gets the
    /// resource, which is sent after the operation succeeded. [`ErrorKind::Operation`] if the
    /// operation succeeded but does not have the URL of such a resource.
    pub async fn resource(self) -> Result<<M::Get as Method>::Response> {
        let Some(target) = M::OPERATION.target else {
            let id = <M as Method>::SPEC.id;
            return Err(Error::invalid(format!("the resource of `{id}` is unknown")));
        };
        let get = match &self.begin {
            Begin::Call(call) if target.from_link => call.follow_up(target.get),
            Begin::Call(call) => named_by(call, target.get),
            Begin::Name(client, _) => Call::new(client, target.get),
        };
        let by_call = !target.from_link && matches!(self.begin, Begin::Call(_));
        let operation = self.operation().await?;
        succeeded(&operation)?;
        if by_call {
            return get.send().await;
        }
        let link = operation.target();
        let found = link.as_deref().and_then(|link| arguments(target.get.path, link));
        let Some(found) = found else {
            return Err(elsewhere(&named(&operation), link.as_deref(), target.get));
        };
        found.iter().fold(get, |get, (name, value)| get.path(name, value)).send().await
    }
}

/// Returns the call that gets the resource that another call names.
fn named_by(call: &Call, get: &'static MethodSpec) -> Call {
    get.path.iter().fold(call.follow_up(get), |next, segment| match segment {
        Segment::Literal(_) => next,
        Segment::Simple(name) | Segment::Reserved(name) | Segment::Segments(name) => {
            match call.path_value(name) {
                Some(value) => next.path(name, &value),
                None => next,
            }
        }
    })
}

/// Error of an operation that succeeded, whose resource is not one that `get` gets.
fn elsewhere(name: &str, link: Option<&str>, get: &MethodSpec) -> Error {
    let about = match link {
        Some(link) => format!("is about {link}, which `{}` does not get", get.id),
        None => "does not have the URL of its resource, `targetLink`".to_owned(),
    };
    let message = format!("{name} succeeded, but {about}; get the resource by its name");
    Error::new(ErrorKind::Operation, message).with_maybe_sent(true)
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
