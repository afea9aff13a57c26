//! Long-running operations.
//!
//! If the document has a method that gets an operation, generated calls have `until_done`, which
//! sends the call, waits, and returns the typed result. [`Poller`] does the same for any call that
//! returns an operation.

mod method;
mod poller;
mod status;
mod until;

use std::time::Duration;

pub use self::method::LongRunning;
pub use self::poller::Poller;
pub use self::status::StatusOperation;
pub use self::until::UntilDone;
use crate::call::Full;
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::json::{Decode, Json};
use crate::redact::Secrets;
use crate::retry::server_delay;
use crate::status::parse_body;

/// A model of an operation: `google.longrunning.Operation` ([AIP-151](https://google.aip.dev/151))
/// or a similar one. Generated crates implement it with [`operation!`](crate::operation).
pub trait Operation {
    /// Returns the name of the operation.
    fn name(&self) -> Option<String>;

    /// Returns `true` if the operation has ended, with or without an error.
    fn done(&self) -> bool;

    /// Returns the error, as `google.rpc.Status`.
    fn error(&self) -> Option<Json>;

    /// Returns the result.
    fn response(&self) -> Option<Json>;

    /// Returns the URL of the operation, if it has one (`selfLink`).
    fn link(&self) -> Option<String> {
        None
    }
}

/// Implements [`Operation`](crate::lro::Operation) for a model with the fields `name`, `done`,
/// `error`, and `response`.
///
/// ```
/// use discovery_runtime::json::Json;
/// use discovery_runtime::lro::Operation;
/// #[derive(Default)]
/// struct Work { name: Option<String>, done: Option<bool>, error: Option<Json>, response: Option<Json> }
/// discovery_runtime::operation!(Work);
/// assert!(!Work::default().done());
/// ```
#[macro_export]
macro_rules! operation {
    ($model:ty) => {
        #[allow(deprecated, reason = "an API may deprecate a field of its operations")]
        impl $crate::lro::Operation for $model {
            fn name(&self) -> ::std::option::Option<::std::string::String> {
                self.name.clone()
            }

            fn done(&self) -> bool {
                self.done.unwrap_or(false)
            }

            fn error(&self) -> ::std::option::Option<$crate::json::Json> {
                self.error.as_ref().map(|error| $crate::json::Json::encode(error))
            }

            fn response(&self) -> ::std::option::Option<$crate::json::Json> {
                self.response.as_ref().map(|response| $crate::json::Json::encode(response))
            }
        }
    };
}

impl Operation for Json {
    fn name(&self) -> Option<String> {
        self.get("name").and_then(|name| name.as_text().map(std::borrow::Cow::into_owned))
    }

    fn done(&self) -> bool {
        self.get("done").and_then(|done| done.as_bool()).unwrap_or(false)
    }

    fn error(&self) -> Option<Self> {
        self.get("error").filter(|error| !error.is_null())
    }

    fn response(&self) -> Option<Self> {
        self.get("response").filter(|response| !response.is_null())
    }
}

/// The result of a poll: an operation, or an operation with its response, whose `Retry-After` then
/// applies.
pub trait Polled<O> {
    /// Returns the operation and the delay requested by the server; `now` is the time since 1970.
    fn into_parts(self, now: Duration) -> (O, Option<Duration>);
}

impl<O: Operation> Polled<O> for O {
    fn into_parts(self, _: Duration) -> (O, Option<Duration>) {
        (self, None)
    }
}

impl<O: Operation> Polled<O> for Full<O> {
    fn into_parts(self, now: Duration) -> (O, Option<Duration>) {
        let delay = server_delay(&self.response.headers, None, now);
        (self.value, delay)
    }
}

/// Returns the result of a finished operation.
///
/// # Errors
///
/// [`ErrorKind::Operation`] with the operation's status if it failed or is not done;
/// [`ErrorKind::Decode`] if its response is not a `T`. A missing response counts as `{}`.
pub fn result<T: Decode>(operation: &impl Operation) -> Result<T> {
    let name = operation.name().unwrap_or_else(|| "the operation".to_owned());
    if let Some(error) = operation.error() {
        return Err(failure(&name, &error));
    }
    if !operation.done() {
        return Err(Error::new(ErrorKind::Operation, format!("{name} has not ended yet")));
    }
    let response = operation.response();
    let text = response.as_ref().map_or("{}", Json::as_str);
    crate::json::from_response(text.as_bytes()).map_err(|error| {
        let message = format!("the response of {name} cannot be decoded: {error}");
        Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_source(error)
    })
}

/// Returns the error of a failed operation.
fn failure(name: &str, error: &Json) -> Error {
    let body = format!("{{\"error\":{}}}", error.as_str());
    let status = parse_body(&body, &Secrets::default()).status.unwrap_or_default();
    let message = match status.message() {
        "" => format!("{name} failed"),
        message => format!("{name} failed: {message}"),
    };
    Error::new(ErrorKind::Operation, message).with_maybe_sent(true).with_status(status)
}

#[cfg(test)]
mod tests;
