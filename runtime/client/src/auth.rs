//! Credentials, tokens, and the hosts they may be sent to.
//!
//! [`Credentials`] supplies the headers of one attempt:
//!
//! | type | source of credentials |
//! |---|---|
//! | `Adc` (feature `adc`) | the machine's own: gcloud login, credential file, identity federation, metadata server |
//! | [`ApiKey`], [`StaticToken`], [`Anonymous`] | an API key, a fixed token, none |
//! | [`TokenFn`] | a function of the program |
//! | [`AuthorizedUser`], `ServiceAccount`, [`MetadataServer`], [`Impersonated`] in a [`Cached`] | one specific source |
//! | `IdTokens` (feature `adc`) | ID tokens of a service account, for Cloud Run and Identity-Aware Proxy |
//! | `installed` (feature `adc`) | browser login |
//! | `GoogleCloudAuth` (feature `google-cloud-auth`) | credentials of Google's own crate |
//!
//! Credentials run no background task and respect the deadline of the call. Secrets, including
//! those in headers and parameters set by the caller, are sent only to the client's endpoint and to
//! hosts of its universe, over `https` or loopback ([`check_transport_security`]). If the program
//! sets no scopes, a call requests the least scope its method accepts
//! ([`MethodSpec::default_scope`](crate::spec::MethodSpec::default_scope)).

#[cfg(feature = "adc")]
mod adc;
mod cached;
mod context;
#[cfg(feature = "adc")]
mod crypto;
#[cfg(feature = "adc")]
mod environment;
mod error;
#[cfg(feature = "adc")]
mod external;
#[cfg(feature = "google-cloud-auth")]
mod google_cloud_auth;
mod headers;
#[cfg(feature = "adc")]
mod id_token;
mod impersonate;
#[cfg(feature = "adc")]
pub mod installed;
mod metadata;
mod oauth;
mod secret;
#[cfg(feature = "adc")]
mod secret_file;
mod security;
#[cfg(feature = "adc")]
mod service_account;
mod simple;
mod token;
mod user;

#[cfg(feature = "adc")]
pub use adc::{Adc, AdcBuilder};
pub use cached::Cached;
pub use context::AuthContext;
pub(crate) use context::TokenWatch;
#[cfg(feature = "adc")]
pub(crate) use environment::universe_domain;
pub use error::{AuthError, AuthErrorKind};
#[cfg(feature = "google-cloud-auth")]
pub use google_cloud_auth::GoogleCloudAuth;
pub use headers::AuthHeaders;
#[cfg(feature = "adc")]
pub use id_token::{IdTokenSource, IdTokens};
pub use impersonate::Impersonated;
pub use metadata::MetadataServer;
pub use secret::Secret;
pub(crate) use security::Destinations;
pub use security::check_transport_security;
#[cfg(feature = "adc")]
pub use service_account::ServiceAccount;
pub use simple::{Anonymous, ApiKey, StaticToken};
pub use token::{Token, TokenFn, TokenProvider};
pub use user::AuthorizedUser;

use crate::BoxFuture;
use std::fmt;

/// A source of headers that authorize requests.
///
/// Implementations must return by the deadline of the context, without a background task: dropping
/// the future cancels the work. `Debug` must not print secrets ([`Secret`] helps).
pub trait Credentials: fmt::Debug + Send + Sync {
    /// Returns the headers that authorize one attempt of a request.
    ///
    /// # Errors
    /// [`AuthError`] if the headers cannot be obtained in time; its kind tells what to do.
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>>;

    /// Discards the token in `headers`, which the server rejected with status 401.
    ///
    /// A newer token, fetched by another call in the meantime, is kept. Returns `true` if the next
    /// call to [`Credentials::headers`] may return different headers, so that another attempt makes
    /// sense.
    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        let _ = headers;
        false
    }

    /// Returns the universe of the credentials, if known without a request.
    ///
    /// `None` means unknown, in which case nothing is checked. See [`AuthHeaders::check_universe`].
    fn universe_domain(&self) -> Option<String> {
        None
    }
}

impl<C: Credentials + ?Sized> Credentials for std::sync::Arc<C> {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        (**self).headers(cx)
    }

    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        (**self).invalidate(headers)
    }

    fn universe_domain(&self) -> Option<String> {
        (**self).universe_domain()
    }
}
