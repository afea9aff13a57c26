//! Options of every typed call.

use std::fmt::Display;
use std::time::Duration;

use crate::call::{Call, Full};
use crate::error::Result;
use crate::method::Method;
use crate::retry::RetryPolicy;

/// Settings and parameters common to all calls.
///
/// Generated crates export it, and their `prelude` does: import it to set a header or a timeout.
/// Settings of a call go before those of its client.
///
/// ```no_run
/// # use discovery_runtime::{CallOptions, Method, Result};
/// # use std::time::Duration;
/// # fn f<M: Method>(call: M) -> M {
/// call.with_header("if-match", "\"etag\"").with_timeout(Duration::from_secs(5))
/// # }
/// ```
pub trait CallOptions: Method {
    /// Asks for these members of the answer only, for example `jobs(name,title)`
    /// ([partial responses](https://cloud.google.com/apis/docs/system-parameters)).
    #[must_use]
    fn fields(self, selector: impl Display) -> Self {
        Self::from(untyped(self).global("fields", &selector))
    }

    /// Names the user on whose behalf the call is made, for per-user quotas: any text of at most
    /// 40 characters.
    #[must_use]
    fn quota_user(self, user: impl Display) -> Self {
        Self::from(untyped(self).global("quotaUser", &user))
    }

    /// Makes this call with an API key in the URL. Servers log URLs: prefer the client's
    /// `with_api_key`, which sends a header.
    #[must_use]
    fn key(self, key: impl Display) -> Self {
        Self::from(untyped(self).global("key", &key))
    }

    /// Names the IP address of the user on whose behalf the call is made, for quotas.
    #[must_use]
    fn user_ip(self, address: impl Display) -> Self {
        Self::from(untyped(self).global("userIp", &address))
    }

    /// Chooses the form of errors: `1` for the older one, `2` for the current one.
    #[must_use]
    fn xgafv(self, version: impl Display) -> Self {
        Self::from(untyped(self).global("$.xgafv", &version))
    }

    /// Sends a query parameter that the method does not declare.
    #[must_use]
    fn with_query(self, name: impl Into<String>, value: impl Display) -> Self {
        Self::from(untyped(self).with_query(name, value))
    }

    /// Sends a header with the call. One that cannot be sent is reported by `send`.
    #[must_use]
    fn with_header(self, name: &str, value: &str) -> Self {
        Self::from(untyped(self).with_header(name, value))
    }

    /// Sets the time for the whole call: credentials, every attempt, the waits between them.
    /// `None` for as long as it takes. Default: the client's, 60 s.
    #[must_use]
    fn with_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self::from(untyped(self).with_timeout(timeout))
    }

    /// Sets the time for one attempt; `None` for as long as the call has. Default: the client's,
    /// 30 s.
    #[must_use]
    fn with_attempt_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self::from(untyped(self).with_attempt_timeout(timeout))
    }

    /// Says whether a second execution of this call does no harm. Only then is it sent again when
    /// the server may have executed it.
    #[must_use]
    fn with_idempotent(self, idempotent: bool) -> Self {
        Self::from(untyped(self).with_idempotent(idempotent))
    }

    /// Says whether this call gets an ID by which the server recognizes its repetitions, if its
    /// method takes one and the program set none
    /// ([AIP-155](https://google.aip.dev/155)). Default: the client's, true.
    #[must_use]
    fn with_request_ids(self, on: bool) -> Self {
        Self::from(untyped(self).with_request_ids(on))
    }

    /// Sets whether values of the response that do not fit their types are errors. Default: the
    /// client's, false: they are set aside in the `extra` of their models.
    #[must_use]
    fn with_strict_responses(self, strict: bool) -> Self {
        Self::from(untyped(self).with_strict_responses(strict))
    }

    /// Decides on further attempts of this call in place of the client's policy.
    #[must_use]
    fn with_retry(self, policy: impl RetryPolicy + 'static) -> Self {
        Self::from(untyped(self).with_retry(policy))
    }

    /// Asks for a token with these OAuth scopes, in place of the least that the method lists.
    #[must_use]
    fn with_scopes(self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::from(untyped(self).with_scopes(scopes))
    }

    /// Names the project that quota and bills of this call go to.
    #[must_use]
    fn with_quota_project(self, project: &str) -> Self {
        Self::from(untyped(self).with_quota_project(project))
    }

    /// Makes the call and keeps the answer's status and headers.
    ///
    /// # Errors
    ///
    /// [`Error`](crate::Error) states what happened, after how many attempts, and whether the
    /// server may have executed the call.
    fn send_full(self) -> impl Future<Output = Result<Full<Self::Response>>> + Send {
        untyped(self).send_full()
    }

    /// Returns the same call for programs without async: its `send` blocks.
    #[cfg(feature = "blocking")]
    fn blocking(self) -> crate::blocking::Call<Self> {
        crate::blocking::Call::new(untyped(self))
    }
}

impl<M: Method> CallOptions for M {}

fn untyped(call: impl Into<Call>) -> Call {
    call.into()
}
