//! Long-running operations.
//!
//! If the document has a method that gets an operation, generated calls have `until_done`, which
//! sends the call, waits, and returns the typed result. [`Poller`] does the same for any call that
//! returns an operation.

mod begin;
mod method;
mod place;
mod poller;
mod status;
mod until;
mod untyped;

use std::time::Duration;

pub use self::method::{LongRunning, Targeted};
pub use self::poller::Poller;
pub use self::status::StatusOperation;
pub use self::until::UntilDone;
pub use self::untyped::until_done;
use crate::call::Full;
use crate::call::decode::check_misfits;
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::json::{Decode, Extra, Json, Kind, Model};
use crate::redact::Secrets;
use crate::retry::server_delay;
use crate::spec::MethodSpec;
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

    /// Returns the metadata of the service, such as progress. See [`metadata`].
    fn metadata(&self) -> Option<Json> {
        None
    }

    /// Returns the URL of the operation, if it has one (`selfLink`).
    fn link(&self) -> Option<String> {
        None
    }

    /// Describes a member that has another type than declared, and without which the state of the
    /// operation is unknown: `` `done` is a string ``. Such an operation is an error, since an unset
    /// `done` would be waited for without end, and an unset `error` would be a success.
    fn misfit(&self) -> Option<String> {
        None
    }

    /// Returns the URL of the resource that the operation is about, if it has one (`targetLink`).
    fn target(&self) -> Option<String> {
        None
    }
}

/// Describes the first member of an operation that was set aside because it does not fit its type.
#[must_use]
pub fn misfit(extra: &Extra) -> Option<String> {
    ["done", "error", "response", "name"].into_iter().find_map(|name| {
        let value = extra.get(name).filter(|value| !value.is_null())?;
        Some(described(name, &value))
    })
}

fn described(name: &str, value: &Json) -> String {
    format!("`{name}` is {}", value.kind().name())
}

/// Returns an error if the state of an operation is unknown.
fn check(operation: &impl Operation) -> Result<()> {
    match operation.misfit() {
        None => Ok(()),
        Some(misfit) => Err(unreadable(operation.name(), &misfit)),
    }
}

#[cold]
fn unreadable(name: Option<String>, misfit: &str) -> Error {
    let name = shown(name);
    let message =
        format!("the state of {name} is unknown: {misfit}, which is not its type in the document");
    Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_maybe_sent(true)
}

fn shown(name: Option<String>) -> String {
    name.unwrap_or_else(|| "the operation".to_owned())
}

/// Implements [`Operation`](crate::lro::Operation) for a model with the fields `name`, `done`,
/// `error`, `response`, and `extra`. With `, metadata`, the model has this field as well.
///
/// ```
/// use discovery_runtime::json::{Extra, Json};
/// use discovery_runtime::lro::Operation;
/// #[derive(Default)]
/// struct Work {
///     name: Option<String>,
///     done: Option<bool>,
///     error: Option<Json>,
///     response: Option<Json>,
///     extra: Extra,
/// }
/// discovery_runtime::operation!(Work);
/// assert!(!Work::default().done());
/// ```
#[macro_export]
macro_rules! operation {
    ($model:ty $(, $metadata:ident)?) => {
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

            fn misfit(&self) -> ::std::option::Option<::std::string::String> {
                $crate::lro::misfit(&self.extra)
            }
            $(
                fn metadata(&self) -> ::std::option::Option<$crate::json::Json> {
                    self.$metadata.as_ref().map(|metadata| $crate::json::Json::encode(metadata))
                }
            )?
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

    fn misfit(&self) -> Option<String> {
        let of_kind = |name: &str, kind: Kind| {
            let value = self.get(name).filter(|value| !matches!(value.kind(), Kind::Null))?;
            (value.kind() != kind).then(|| described(name, &value))
        };
        of_kind("done", Kind::Boolean).or_else(|| of_kind("name", Kind::Text))
    }

    fn metadata(&self) -> Option<Self> {
        self.get("metadata").filter(|metadata| !metadata.is_null())
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
    typed_result(operation, None)
}

/// Returns the result of a finished operation, polled by a method with this spec, strictly or not.
fn typed_result<T: Decode>(
    operation: &impl Operation,
    poll: Option<(&'static MethodSpec, bool)>,
) -> Result<T> {
    let response = finished(operation)?;
    let text = response.as_ref().map_or("{}", Json::as_str);
    let name = || shown(operation.name());
    let (value, misfits) = crate::json::read_response(text.as_bytes()).map_err(|error| {
        let message = format!("the response of {} cannot be decoded: {error}", name());
        Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_source(error)
    })?;
    if let Some((method, strict)) = poll {
        check_misfits(method, &misfits, strict).map_err(|message| {
            let message = format!("{}, in the response of {}", message, name());
            Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_method(method.id)
        })?;
    }
    Ok(value)
}

/// Returns the response of a finished operation.
fn finished(operation: &impl Operation) -> Result<Option<Json>> {
    check(operation)?;
    let name = shown(operation.name());
    if let Some(error) = operation.error() {
        return Err(failure(&name, &error));
    }
    if !operation.done() {
        return Err(Error::new(ErrorKind::Operation, format!("{name} has not ended yet")));
    }
    Ok(operation.response())
}

/// Returns the metadata of an operation as a `T`, for example in
/// [`UntilDone::on_progress`]; `None` if it has none. The metadata names its type in `@type`, which
/// has to be the schema of `T`.
///
/// # Errors
///
/// [`ErrorKind::Decode`] if the metadata is of another type, does not name its type, or is not a `T`.
pub fn metadata<T: Model>(operation: &impl Operation) -> Result<Option<T>> {
    let Some(metadata) = operation.metadata() else { return Ok(None) };
    let ty = metadata.get("@type").and_then(|ty| ty.as_text().map(std::borrow::Cow::into_owned));
    let ty = ty.unwrap_or_default();
    if !is_schema(&ty, T::SCHEMA_NAME) {
        let what =
            if ty.is_empty() { "of an unnamed type".to_owned() } else { format!("a `{ty}`") };
        let message =
            format!("the metadata of {} is {what}, not a `{}`", named(operation), T::SCHEMA_NAME);
        return Err(Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode));
    }
    decoded(metadata.as_str(), "metadata", operation).map(Some)
}

/// Returns whether `schema` is the name of a protobuf type in a document: its last part, with or without
/// those before it (`OperationMetadata` or `GoogleCloudTalentV4OperationMetadata`).
fn is_schema(url: &str, schema: &str) -> bool {
    let name = url.rsplit('/').next().unwrap_or_default();
    let mut joined = String::new();
    name.rsplit('.').filter(|part| !part.is_empty()).any(|part| {
        let (first, rest) = part.split_at(part.chars().next().map_or(0, char::len_utf8));
        joined = format!("{}{rest}{joined}", first.to_uppercase());
        joined == schema
    })
}

fn decoded<T: Decode>(text: &str, what: &str, operation: &impl Operation) -> Result<T> {
    crate::json::from_response(text.as_bytes()).map_err(|error| {
        let message = format!("the {what} of {} cannot be decoded: {error}", named(operation));
        Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_source(error)
    })
}

fn named(operation: &impl Operation) -> String {
    shown(operation.name())
}

/// Checks that an operation ended without an error.
fn succeeded(operation: &impl Operation) -> Result<()> {
    finished(operation).map(drop)
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
