//! Untyped calls: arguments, options, and sending.

pub(crate) mod answer;
mod attempt;
pub(crate) mod decode;
mod exchange;
pub(crate) mod failed;
pub(crate) mod messages;
mod payload;
pub(crate) mod reading;
mod redirect;
mod repeat;
mod request;
mod request_id;
mod send;
mod stall;

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::attempt::Head;
pub(crate) use self::attempt::Sink;
pub use self::request::{Full, Request, Response};
use crate::client::{Client, Options};
use crate::erased::ErasedBox;
use crate::error::{Error, Result};
use crate::json::patch::{MaskedPatch, MergePatch, PatchError};
use crate::json::{Encode, ValueError};
use crate::path;
use crate::query::Query;
use crate::retry::RetryPolicy;
use crate::spec::MethodSpec;
use crate::transport::Body;

/// A call of any method, with arguments by wire name.
///
/// Generated crates wrap it in typed calls. Used directly, it calls an API from tables alone, as
/// command lines do. Setting a parameter again replaces it. Invalid arguments, such as an invalid
/// header, are reported when the call is sent.
#[derive(Clone)]
pub struct Call(ErasedBox<Inner>);

#[derive(Clone)]
struct Inner {
    client: Client,
    method: &'static MethodSpec,
    path: Vec<(&'static str, String)>,
    query: Query,
    /// Parameters of the client, the caller, and those common to all methods.
    extra: Query,
    payload: Payload,
    options: Options,
    mistake: Option<String>,
}

/// The request body.
#[derive(Clone)]
enum Payload {
    None,
    /// JSON text, before wrapping.
    Json(String),
    Raw(String, Arc<Body>),
}

impl Call {
    /// Creates a call of `method` without arguments.
    #[must_use]
    pub fn new(client: &Client, method: &'static MethodSpec) -> Self {
        Self(ErasedBox::new(Inner {
            client: client.clone(),
            method,
            path: Vec::new(),
            query: Query::default(),
            extra: client.shared.query.clone(),
            payload: Payload::None,
            options: Options::new(),
            mistake: None,
        }))
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &'static MethodSpec {
        self.0.method
    }

    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Sets a path parameter.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: &dyn Display) -> Self {
        self.0.path.retain(|(other, _)| *other != name);
        self.0.path.push((name, value.to_string()));
        self
    }

    /// Sets a path parameter to a checked value. An error is reported when the call is sent.
    #[must_use]
    pub fn path_checked<T: Display + Encode>(
        self,
        name: &'static str,
        value: std::result::Result<T, ValueError>,
    ) -> Self {
        match checked(value) {
            Ok(value) => self.path(name, &value),
            Err(error) => self.mistaken_parameter(name, &error),
        }
    }

    /// Sets a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &dyn Display) -> Self {
        self.0.query.set(name, value);
        self
    }

    /// Sets a query parameter to a checked value. An error is reported when the call is sent.
    #[must_use]
    pub fn query_checked<T: Display + Encode>(
        self,
        name: &'static str,
        value: std::result::Result<T, ValueError>,
    ) -> Self {
        match checked(value) {
            Ok(value) => self.query(name, &value),
            Err(error) => self.mistaken_parameter(name, &error),
        }
    }

    /// Sets a repeated query parameter: `k=a&k=b`.
    #[must_use]
    pub fn query_all<V: Display>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.0.query.remove(name);
        for value in values {
            self.0.query.add(name, &value);
        }
        self
    }

    /// Sets a repeated query parameter to checked values. The first error is reported when the call
    /// is sent.
    #[must_use]
    pub fn query_all_checked<T: Display + Encode>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = std::result::Result<T, ValueError>>,
    ) -> Self {
        let values: std::result::Result<Vec<T>, _> = values.into_iter().map(checked).collect();
        match values {
            Ok(values) => self.query_all(name, values),
            Err(error) => self.mistaken_parameter(name, &error),
        }
    }

    /// Sets the JSON body. An invalid value in it is reported when the call is sent.
    #[must_use]
    pub fn body(mut self, body: &dyn Encode) -> Self {
        match crate::json::to_request(body) {
            Ok(text) => {
                self.0.payload = Payload::Json(text);
                self
            }
            Err(error) => self.mistaken(format!("the body: {error}")),
        }
    }

    /// Sets the JSON body to the changes between two values, and the query parameter `mask` to
    /// their paths; returns `None` if there are none. A difference that cannot be sent is reported
    /// when the call is sent.
    #[must_use]
    pub fn masked_patch(
        self,
        mask: &'static str,
        changes: Result<Option<MaskedPatch>, PatchError>,
    ) -> Option<Self> {
        match changes {
            Ok(changes) => changes.map(|c| self.body(&c.body).query(mask, &c.mask)),
            Err(error) => Some(self.mistaken(error.to_string())),
        }
    }

    /// Sets the JSON body to a merge patch; returns `None` if nothing differs. A difference that
    /// cannot be sent is reported when the call is sent.
    #[must_use]
    pub fn merge_patch(self, changes: Result<Option<MergePatch>, PatchError>) -> Option<Self> {
        match changes {
            Ok(changes) => changes.map(|changes| self.body(&changes.body)),
            Err(error) => Some(self.mistaken(error.to_string())),
        }
    }

    fn mistaken_parameter(self, name: &str, error: &ValueError) -> Self {
        self.mistaken(format!("parameter `{name}`: {error}"))
    }

    /// Records the first invalid argument, which is reported when the call is sent.
    fn mistaken(mut self, mistake: String) -> Self {
        self.0.mistake.get_or_insert(mistake);
        self
    }

    /// Sets a body of any type, for methods that accept `HttpBody`.
    #[must_use]
    pub fn raw(self, content_type: impl Into<String>, data: impl Into<Bytes>) -> Self {
        self.raw_body(content_type, Body::bytes(data))
    }

    /// Sets a body that is read as it is sent, for methods that accept `HttpBody`; see
    /// [`Source::into_body`](crate::media::Source::into_body).
    #[must_use]
    pub fn raw_body(mut self, content_type: impl Into<String>, body: Body) -> Self {
        self.0.payload = Payload::Raw(content_type.into(), Arc::new(body));
        self
    }

    /// Sets a parameter common to all methods, for example `quotaUser`. A parameter of the method
    /// with the same name takes precedence.
    #[must_use]
    pub fn global(mut self, name: &'static str, value: &dyn Display) -> Self {
        self.0.extra.set(name, value);
        self
    }

    /// Sets a query parameter that the method does not declare. `alt` and `prettyPrint` replace the
    /// client's values.
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.0.extra.set(Cow::Owned(name.into()), &value);
        self
    }

    /// Sets a request header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        match self.0.options.set_header(name, value) {
            Ok(()) => self,
            Err(error) => self.mistaken(error.message().to_owned()),
        }
    }

    /// Sets the timeout of the whole call; `None` disables it.
    #[must_use]
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.0.options.set_timeout(timeout);
        self
    }

    /// Sets the timeout of one attempt; `None` leaves it to the call's timeout.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.0.options.set_attempt_timeout(timeout);
        self
    }

    /// Sets the longest pause of a streamed body; `None` disables the limit.
    #[must_use]
    pub fn with_stall_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.0.options.set_stall_timeout(timeout);
        self
    }

    /// Overrides whether this call is idempotent.
    #[must_use]
    pub fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.0.options.set_idempotent(idempotent);
        self
    }

    /// Sets whether values of the response that do not fit their types are errors. By default, they
    /// are set aside.
    #[must_use]
    pub fn with_strict_responses(mut self, strict: bool) -> Self {
        self.0.options.set_strict_responses(strict);
        self
    }

    /// Returns whether values that do not fit their types are errors.
    pub(crate) fn is_strict(&self) -> bool {
        self.0.options.is_strict(self.0.client.options())
    }

    /// Sets the retry policy of this call.
    #[must_use]
    pub fn with_retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.0.options.set_retry(policy);
        self
    }

    /// Sets the OAuth scopes of the token.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.0.options.set_scopes(scopes);
        self
    }

    /// Sets the quota project of this call.
    #[must_use]
    pub fn with_quota_project(self, project: &str) -> Self {
        self.with_header("x-goog-user-project", project)
    }

    /// Creates a call of `method` on behalf of this one, with its options and the common parameters
    /// that identify the caller.
    pub(crate) fn follow_up(&self, method: &'static MethodSpec) -> Self {
        let mut call = Self::new(self.client(), method);
        call.0.options = self.0.options.clone();
        call.0.options.idempotent = None;
        for name in ["key", "quotaUser", "userIp"] {
            if let Some(value) = self.0.extra.get(name) {
                call.0.extra.set(name, &value);
            }
        }
        call
    }

    /// Returns the options of the call.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Returns the value of a path parameter.
    pub(crate) fn path_value(&self, name: &str) -> Option<&str> {
        let mut found = self.0.path.iter().filter(|(other, _)| *other == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Returns the value of a query parameter.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.0.query.get(name).or_else(|| self.0.extra.get(name))
    }

    /// Returns the value of a common parameter, unless the method has one of the same name.
    pub(crate) fn general_value(&self, name: &str) -> Option<&str> {
        self.0.extra.get(name).filter(|_| self.0.query.get(name).is_none())
    }

    /// Expands the path below the service path.
    pub(crate) fn filled(&self, template: &[crate::spec::Segment]) -> Result<String> {
        // A rejected argument is also missing from the path, but the rejection is the error to
        // report.
        self.check_arguments()?;
        let values = &self.0.path;
        let find = |name: &'static str| {
            values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
        };
        path::expand(template, find).map_err(|error| self.named(error))
    }

    /// Reports an argument that was invalid when it was set.
    fn check_arguments(&self) -> Result<()> {
        match &self.0.mistake {
            Some(mistake) => Err(self.named(Error::invalid(mistake.clone()))),
            None => Ok(()),
        }
    }

    fn named(&self, error: Error) -> Error {
        error.with_method(self.0.method.id)
    }
}

/// Returns the value if it can be sent.
fn checked<T: Encode>(
    value: std::result::Result<T, ValueError>,
) -> std::result::Result<T, ValueError> {
    value.and_then(|value| crate::json::to_request(&value).map(|_| value))
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.0.method.id)
            .field("path", &self.0.path)
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}
