//! What carries one HTTP exchange, and how its failures are told apart.
//!
//! The built-in transport is [`HyperTransport`](crate::hyper::HyperTransport). Anything that can
//! send a request can take its place; nothing above this module knows which one is at work.

mod body;
#[cfg(any(feature = "hyper", feature = "reqwest"))]
mod classify;
mod error;
#[cfg(feature = "gzip")]
mod gzip;
mod response;

use std::sync::Arc;

pub use self::body::{Body, BoxError, ByteStream};
#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub(crate) use self::classify::{body_failed, request_failed};
pub use self::error::{TransportError, TransportErrorKind};
#[cfg(feature = "gzip")]
pub(crate) use self::gzip::gunzip;
pub use self::response::ResponseBody;
use crate::BoxFuture;

/// Marks an answer whose body was compressed and is unpacked as it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decompressed;

/// Whether an answer's body was compressed on its way.
pub(crate) fn is_decompressed(extensions: &http::Extensions) -> bool {
    extensions.get::<Decompressed>().is_some()
}

/// Sends one request and gives the answer's head; the answer's body streams behind it.
///
/// An implementation does one attempt: it does not retry, follow redirects or read the body
/// ahead, and it returns an answer of any status as `Ok`. It may apply a connect timeout of its
/// own. Dropping the future abandons the exchange.
pub trait Transport: Send + Sync {
    /// Sends `request`, whose URI is absolute.
    ///
    /// # Errors
    ///
    /// When no complete response head arrived. The error's kind must be
    /// [`Connect`](TransportErrorKind::Connect) or [`NotSent`](TransportErrorKind::NotSent) only
    /// when it is certain that the server has seen nothing of the request: only those are tried
    /// again for calls that must not be executed twice.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>>;

    /// Whether requests come with their `&'static` [`MethodSpec`] as an extension. Transports that
    /// stand in for a server tell requests apart by it; those that only carry them say no, which
    /// saves three allocations a request.
    ///
    /// [`MethodSpec`]: crate::spec::MethodSpec
    fn sees_method(&self) -> bool {
        true
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        (**self).send(request)
    }

    fn sees_method(&self) -> bool {
        (**self).sees_method()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        (**self).send(request)
    }

    fn sees_method(&self) -> bool {
        (**self).sees_method()
    }
}
