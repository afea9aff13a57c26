//! Proxy selection.

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::auth::check_transport_security;
use crate::transport::{TransportError, TransportErrorKind};

/// Proxies by destination. `Debug` prints no passwords.
#[derive(Clone)]
pub(super) struct Proxies {
    matcher: Option<Arc<Matcher>>,
    /// Whether a proxy set by the program is not a valid URL.
    invalid: bool,
}

impl Proxies {
    pub(super) fn none() -> Self {
        Self { matcher: None, invalid: false }
    }

    /// Reads `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, and `NO_PROXY`, in upper or lower case, like
    /// curl.
    pub(super) fn from_environment() -> Self {
        Self { matcher: Some(Arc::new(Matcher::from_env())), invalid: false }
    }

    pub(super) fn all(url: &str) -> Self {
        let matcher = Matcher::builder().all(url).build();
        let known = matcher.intercept(&Uri::from_static("https://example.com/")).is_some();
        Self { matcher: Some(Arc::new(matcher)), invalid: !known }
    }

    pub(super) fn validated(self) -> Result<Self, TransportError> {
        if !self.invalid {
            return Ok(self);
        }
        // The URL is not shown, since its password cannot be located.
        let message = "the proxy that was set is no http, https or socks5 URL";
        Err(TransportError::new(TransportErrorKind::Other, message))
    }

    /// Returns the proxy of a destination. Loopback and the metadata server are reached directly:
    /// proxies cannot reach them, and would see unencrypted tokens.
    pub(super) fn intercept(&self, destination: &Uri) -> Option<Intercept> {
        let matcher = self.matcher.as_ref()?;
        let direct = ["metadata.google.internal", "169.254.169.254", "[fd20:ce::254]"];
        let host = destination.host()?;
        let plain = destination.scheme_str() == Some("http");
        if plain && (direct.contains(&host) || check_transport_security(destination).is_ok()) {
            return None;
        }
        matcher.intercept(destination)
    }

    /// Returns the authorization of a plain `http` proxy, which is sent in the request itself;
    /// tunnels authorize separately.
    pub(super) fn authorization(&self, destination: &Uri) -> Option<HeaderValue> {
        if destination.scheme_str() != Some("http") {
            return None;
        }
        let mut value = self.intercept(destination)?.basic_auth()?.clone();
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.matcher.fmt(f)
    }
}
