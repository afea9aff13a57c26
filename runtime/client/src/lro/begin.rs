//! The start of an operation, and its polls.

use super::place::place;
use super::{Operation, Poller};
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::reply::Reply;
use crate::spec::OperationSpec;

/// Source of an operation.
pub(super) enum Begin {
    /// The call that starts the operation.
    Call(Call),
    /// The name of an operation started earlier.
    Name(Client, String),
}

impl Begin {
    /// Starts the operation, and waits until it ends, with or without an error. `show` receives it
    /// after each poll.
    pub(super) async fn operation<O: Operation + Reply>(
        self,
        spec: &'static OperationSpec,
        poller: &Poller,
        show: &(dyn Fn(&O) + Send + Sync),
    ) -> Result<O> {
        let poll = self.poll(spec)?;
        let get = |name: String| poll.clone().path(spec.name, &name);
        let started = match self {
            Self::Call(call) => call.send::<O>().await?,
            Self::Name(_, name) => get(argument(spec, &name)).send().await?,
        };
        show(&started);
        // An operation keeps its place.
        let place = started.link().map(|link| argument(spec, &link));
        let ask = |name| async {
            let name = place.clone().filter(|place| place.contains('/')).unwrap_or(name);
            let answer = get(name).send_full::<O>().await?;
            show(&answer.value);
            Ok(answer)
        };
        poller.wait(started, ask).await
    }

    /// Returns the call that polls, without the operation's name.
    fn poll(&self, spec: &OperationSpec) -> Result<Call> {
        match self {
            Self::Call(call) => {
                let poll = call.follow_up(spec.poll);
                Ok(spec.shared.iter().fold(poll, |poll, name| match call.path_value(name) {
                    Some(value) => poll.path(name, &value),
                    None => poll,
                }))
            }
            Self::Name(client, link) => {
                let poll = Call::new(client, spec.poll);
                spec.shared.iter().try_fold(poll, |poll, name| {
                    match place(spec.poll.path, link, name) {
                        Some(value) => Ok(poll.path(name, &value)),
                        None => Err(Error::invalid(format!(
                            "{link:?} does not tell `{name}`: give the URL of the operation, its \
                             `selfLink`"
                        ))),
                    }
                })
            }
        }
    }
}

/// Returns the value of the poll's parameter for the operation: the part of its URL that the path of
/// the poll names, or else the name.
fn argument(spec: &OperationSpec, name: &str) -> String {
    place(spec.poll.path, name, spec.name).unwrap_or_else(|| name.to_owned())
}
