//! Calls that wait for the operation they start.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::method::LongRunning;
use super::{Operation, Poller, typed_result};
use crate::BoxFuture;
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::spec::Segment;

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
        let poll = poll::<M>(&begin)?;
        let get = |name: String| poll.clone().path(M::NAME, &name);
        let started = match begin {
            Begin::Call(call) => call.send::<M::Response>().await?,
            Begin::Name(_, name) => get(argument::<M>(&name)).send().await?,
        };
        show(&started);
        // An operation keeps its place.
        let place = started.link().map(|link| argument::<M>(&link));
        let ask = |name| async {
            let name = place.clone().filter(|place| place.contains('/')).unwrap_or(name);
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

/// Returns the call that polls, without the operation's name.
fn poll<M: LongRunning>(begin: &Begin) -> Result<Call> {
    let spec = <M::Poll as crate::Method>::SPEC;
    match begin {
        Begin::Call(call) => {
            let poll = call.follow_up(spec);
            Ok(M::SHARED.iter().fold(poll, |poll, name| match call.path_value(name) {
                Some(value) => poll.path(name, &value),
                None => poll,
            }))
        }
        Begin::Name(client, link) => {
            let poll = Call::new(client, spec);
            M::SHARED.iter().try_fold(poll, |poll, name| match place(spec.path, link, name) {
                Some(value) => Ok(poll.path(name, &value)),
                None => Err(Error::invalid(format!(
                    "{link:?} does not tell `{name}`: give the URL of the operation, its `selfLink`"
                ))),
            })
        }
    }
}

/// Returns the value of the poll's parameter for the operation: the part of its URL that the path of
/// the poll names, or else the name.
fn argument<M: LongRunning>(name: &str) -> String {
    let path = <M::Poll as crate::Method>::SPEC.path;
    place(path, name, M::NAME).unwrap_or_else(|| name.to_owned())
}

/// Returns the value of a path parameter in a URL that ends as the path does.
fn place(path: &[Segment], url: &str, name: &str) -> Option<String> {
    let mut segments = path.iter().peekable();
    let (Some(Segment::Literal(first)), true) = (segments.next(), url.contains("://")) else {
        return None;
    };
    let (_, mut rest) = url.split_once(&format!("/{first}"))?;
    while let Some(segment) = segments.next() {
        let end = match segments.peek() {
            Some(Segment::Literal(text)) => rest.find(text).unwrap_or(rest.len()),
            _ => rest.len(),
        };
        match segment {
            Segment::Literal(text) => rest = rest.strip_prefix(text)?,
            Segment::Simple(param) | Segment::Reserved(param) | Segment::Segments(param) => {
                let (value, after) = rest.split_at(end);
                if *param == name {
                    return Some(value.to_owned()).filter(|value| !value.is_empty());
                }
                rest = after;
            }
        }
    }
    None
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

#[cfg(test)]
mod tests {
    use super::place;
    use crate::spec::Segment::{Literal, Reserved, Simple};

    #[test]
    fn a_url_tells_the_parameters_of_the_poll() {
        let zone = &[
            Literal("projects/"),
            Simple("project"),
            Literal("/zones/"),
            Simple("zone"),
            Literal("/operations/"),
            Simple("operation"),
            Literal("/wait"),
        ][..];
        let url = "https://www.googleapis.com/compute/v1/projects/p/zones/z/operations/o-1";
        for (name, value) in [("project", "p"), ("zone", "z"), ("operation", "o-1")] {
            assert_eq!(place(zone, url, name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(place(zone, "o-1", "operation"), None);
        assert_eq!(place(zone, "https://h/projects/p/regions/r/operations/o", "zone"), None);
        let named = &[Literal("v1/"), Reserved("name")][..];
        let url = "https://container.googleapis.com/v1/projects/5/locations/l/operations/o";
        assert_eq!(
            place(named, url, "name").as_deref(),
            Some("projects/5/locations/l/operations/o")
        );
    }
}
