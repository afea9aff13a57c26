//! The typed call that generated crates define.

/// Defines `Call<M>`: a call of the method `M`, in the crate that says so, because typed setters
/// are inherent methods and only the crate of a type can add those.
///
/// Everything in it is thin: arguments become text and go into the non-generic
/// [`Call`](crate::Call).
#[macro_export]
macro_rules! calls {
    () => {
        /// A call of the method `M`. Setters add optional parameters; `send` makes the call.
        ///
        /// A call may be cloned and made again. Nothing is sent until then.
        #[must_use = "a call is made by `send` or `.await`"]
        pub struct Call<M> {
            inner: $crate::Call,
            method: ::std::marker::PhantomData<fn() -> M>,
        }

        impl<M> ::std::clone::Clone for Call<M> {
            fn clone(&self) -> Self {
                Self { inner: self.inner.clone(), method: ::std::marker::PhantomData }
            }
        }

        impl<M> ::std::fmt::Debug for Call<M> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.inner, f)
            }
        }

        $crate::__call_arguments!();
        $crate::__call_options!();
        $crate::__call_terminals!();
        $crate::__call_media!();
        $crate::__call_blocking!();
    };
}

/// What generated methods and setters use.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_arguments {
    () => {
        #[doc(hidden)]
        #[allow(dead_code, reason = "an API may have no method with such an argument")]
        impl<M: $crate::Method> Call<M> {
            pub(crate) fn __new(client: &$crate::Client) -> Self {
                let inner = $crate::Call::new(client, M::SPEC);
                Self { inner, method: ::std::marker::PhantomData }
            }

            pub(crate) fn __path(
                self,
                name: &'static str,
                value: &dyn ::std::fmt::Display,
            ) -> Self {
                Self { inner: self.inner.path(name, value), method: self.method }
            }

            pub(crate) fn __query(
                self,
                name: &'static str,
                value: &dyn ::std::fmt::Display,
            ) -> Self {
                Self { inner: self.inner.query(name, value), method: self.method }
            }

            pub(crate) fn __query_all<V: ::std::fmt::Display>(
                self,
                name: &'static str,
                values: impl ::std::iter::IntoIterator<Item = V>,
            ) -> Self {
                Self { inner: self.inner.query_all(name, values), method: self.method }
            }

            pub(crate) fn __body(self, body: &dyn $crate::json::Encode) -> Self {
                Self { inner: self.inner.body(body), method: self.method }
            }

            pub(crate) fn __masked_patch<T: $crate::json::Encode>(
                self,
                mask: &'static str,
                depth: $crate::spec::MaskDepth,
                old: &T,
                new: &T,
            ) -> ::std::option::Option<Self> {
                let changes = $crate::json::patch::MaskedPatch::between(old, new, depth);
                let inner = self.inner.masked_patch(mask, changes)?;
                ::std::option::Option::Some(Self { inner, method: self.method })
            }

            pub(crate) fn __merge_patch<T: $crate::json::Encode>(
                self,
                old: &T,
                new: &T,
            ) -> ::std::option::Option<Self> {
                let changes = $crate::json::patch::MergePatch::between(old, new);
                let inner = self.inner.merge_patch(changes)?;
                ::std::option::Option::Some(Self { inner, method: self.method })
            }

            pub(crate) fn __raw(
                self,
                content_type: impl ::std::convert::Into<::std::string::String>,
                data: impl ::std::convert::Into<$crate::Bytes>,
            ) -> Self {
                Self { inner: self.inner.raw(content_type, data), method: self.method }
            }
        }
    };
}

/// Parameters that every method has, and settings.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_options {
    () => {
        impl<M: $crate::Method> Call<M> {
            /// Asks for these members of the answer only, for example `jobs(name,title)`
            /// ([partial responses](https://cloud.google.com/apis/docs/system-parameters)).
            pub fn fields(self, selector: impl ::std::fmt::Display) -> Self {
                Self { inner: self.inner.global("fields", &selector), method: self.method }
            }

            /// Names the user on whose behalf the call is made, for per-user quotas: any text of
            /// at most 40 characters.
            pub fn quota_user(self, user: impl ::std::fmt::Display) -> Self {
                Self { inner: self.inner.global("quotaUser", &user), method: self.method }
            }

            /// Makes this call with an API key in the URL. Servers log URLs: prefer the client's
            /// `with_api_key`, which sends a header.
            pub fn key(self, key: impl ::std::fmt::Display) -> Self {
                Self { inner: self.inner.global("key", &key), method: self.method }
            }

            /// Names the IP address of the user on whose behalf the call is made, for quotas.
            pub fn user_ip(self, address: impl ::std::fmt::Display) -> Self {
                Self { inner: self.inner.global("userIp", &address), method: self.method }
            }

            /// Chooses the form of errors: `1` for the older one, `2` for the current one.
            pub fn xgafv(self, version: impl ::std::fmt::Display) -> Self {
                Self { inner: self.inner.global("$.xgafv", &version), method: self.method }
            }

            /// Sends a query parameter that this crate does not know.
            pub fn with_query(
                self,
                name: impl ::std::convert::Into<::std::string::String>,
                value: impl ::std::fmt::Display,
            ) -> Self {
                Self { inner: self.inner.with_query(name, value), method: self.method }
            }

            /// Sends a header with the call. One that cannot be is reported by `send`.
            pub fn with_header(self, name: &str, value: &str) -> Self {
                Self { inner: self.inner.with_header(name, value), method: self.method }
            }

            /// Sets the time for the whole call: credentials, every attempt, the waits between
            /// them. `None` for as long as it takes. Default: the client's, 60 s.
            pub fn with_timeout(
                self,
                timeout: impl ::std::convert::Into<::std::option::Option<::std::time::Duration>>,
            ) -> Self {
                Self { inner: self.inner.with_timeout(timeout), method: self.method }
            }

            /// Sets the time for one attempt; `None` for as long as the call has. Default: the
            /// client's, 30 s.
            pub fn with_attempt_timeout(
                self,
                timeout: impl ::std::convert::Into<::std::option::Option<::std::time::Duration>>,
            ) -> Self {
                Self { inner: self.inner.with_attempt_timeout(timeout), method: self.method }
            }

            /// Says whether a second execution of this call does no harm. Only then is it sent
            /// again when the server may have executed it.
            pub fn with_idempotent(self, idempotent: bool) -> Self {
                Self { inner: self.inner.with_idempotent(idempotent), method: self.method }
            }

            /// Decides on further attempts of this call in place of the client's policy.
            pub fn with_retry(self, policy: impl $crate::retry::RetryPolicy + 'static) -> Self {
                Self { inner: self.inner.with_retry(policy), method: self.method }
            }

            /// Asks for a token with these OAuth scopes, in place of the least that the method
            /// lists.
            pub fn with_scopes(
                self,
                scopes: impl ::std::iter::IntoIterator<
                    Item = impl ::std::convert::Into<::std::string::String>,
                >,
            ) -> Self {
                Self { inner: self.inner.with_scopes(scopes), method: self.method }
            }

            /// Names the project that quota and bills of this call go to.
            pub fn with_quota_project(self, project: &str) -> Self {
                Self { inner: self.inner.with_quota_project(project), method: self.method }
            }
        }
    };
}

/// The ways to make a call.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_terminals {
    () => {
        impl<M: $crate::Method> Call<M> {
            /// Makes the call.
            ///
            /// # Errors
            ///
            /// [`Error`](discovery_runtime::Error) says what happened, after how many attempts, and whether
            /// the server may have executed the call.
            pub async fn send(self) -> $crate::Result<M::Response> {
                self.inner.send::<M::Response>().await
            }

            /// Makes the call and keeps the answer's status and headers.
            ///
            /// # Errors
            ///
            /// As [`send`](Self::send).
            pub async fn send_full(self) -> $crate::Result<$crate::Full<M::Response>> {
                self.inner.send_full::<M::Response>().await
            }

            /// The call without its types, as tools drive it.
            pub fn into_untyped(self) -> $crate::Call {
                self.inner
            }
        }

        impl<M: $crate::Method> ::std::future::IntoFuture for Call<M> {
            type Output = $crate::Result<M::Response>;
            type IntoFuture = $crate::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }

        impl<M: $crate::Paged> Call<M> {
            /// Goes through all pages, one request each.
            pub fn pages(self) -> $crate::Pages<M> {
                $crate::Pages::new(self.inner)
            }

            /// Goes through all items of all pages.
            pub fn items(self) -> $crate::Items<M> {
                self.pages().items()
            }
        }
    };
}

/// `.blocking()`, where this crate is built with it: a `cfg` in the macro would be evaluated with
/// the features of the crate that uses it.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! __call_blocking {
    () => {
        impl<M: $crate::Method> Call<M> {
            /// The same call for programs without async: its `send` waits.
            pub fn blocking(self) -> $crate::blocking::Call<M> {
                $crate::blocking::Call::new(self.inner)
            }
        }
    };
}

#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __call_blocking {
    () => {};
}
