//! Who a call is made for: credentials, tokens and where they may be sent.
//!
//! [`Credentials`] gives the headers of one attempt:
//!
//! | what | for |
//! |---|---|
//! | `Adc` (feature `adc`) | whatever the machine has: gcloud's login, a credential file, the metadata server |
//! | [`ApiKey`], [`StaticToken`], [`Anonymous`] | a key, a token that somebody keeps fresh, nothing |
//! | [`TokenFn`] | tokens from a function of the program |
//! | [`AuthorizedUser`], `ServiceAccount`, [`MetadataServer`], [`Impersonated`] in a [`Cached`] | one source and no other |
//! | `installed` (feature `adc`) | a person's login, with a browser |
//! | `GoogleCloudAuth` (feature `google-cloud-auth`) | workload identity federation |
//!
//! No credentials have a task of their own, and all keep to the deadline of the call. Secrets, those
//! in headers and parameters of the caller's own included, go to the client's endpoint and to hosts
//! of its universe only, and only by `https` or within this machine
//! ([`check_transport_security`]). Where the program chose no
//! scopes, a call asks for the least that its method lists ([`MethodSpec::default_scope`](crate::spec::MethodSpec::default_scope)).

#[cfg(feature = "adc")]
mod adc;
mod cached;
mod context;
#[cfg(feature = "adc")]
mod crypto;
mod error;
#[cfg(feature = "google-cloud-auth")]
mod google_cloud_auth;
mod headers;
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
pub use error::{AuthError, AuthErrorKind};
#[cfg(feature = "google-cloud-auth")]
pub use google_cloud_auth::GoogleCloudAuth;
pub use headers::AuthHeaders;
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

/// Something that can authorise a request.
///
/// An implementation must return by the deadline of its context and must do so without a task of
/// its own: a dropped future ends the work. `Debug` must not show secrets ([`Secret`] helps).
pub trait Credentials: fmt::Debug + Send + Sync {
    /// The headers that authorise one attempt of a request.
    ///
    /// # Errors
    /// [`AuthError`] when there is no way to get them in time; its kind tells what to do.
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>>;

    /// Tells that the server refused `headers` with status 401.
    ///
    /// Only a token that `headers` carries is thrown away: a newer one, which another call got
    /// meanwhile, stays. Returns whether a further call of [`Credentials::headers`] may give
    /// something else, so that one more attempt makes sense.
    fn invalidate(&self, headers: &AuthHeaders) -> bool {
        let _ = headers;
        false
    }

    /// The universe that the credentials belong to, as far as it is known without asking anyone.
    ///
    /// `None` means unknown: nothing can be checked. See [`AuthHeaders::check_universe`].
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
