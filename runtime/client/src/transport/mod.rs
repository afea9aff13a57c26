//! Transports: one HTTP exchange and its errors.
//!
//! The built-in transport is [`HyperTransport`](crate::hyper::HyperTransport). Anything that can
//! send a request can replace it.

mod body;
#[cfg(any(feature = "http1", feature = "http2"))]
mod certificate;
#[cfg(any(feature = "http1", feature = "http2", feature = "reqwest"))]
mod classify;
mod error;
#[cfg(feature = "gzip")]
mod gzip;
mod response;

use std::sync::Arc;

pub use self::body::{Body, BoxError, ByteStream};
#[cfg(any(feature = "http1", feature = "http2", feature = "reqwest"))]
pub(crate) use self::classify::{Unconnected, body_failed, request_failed};
pub use self::error::{TransportError, TransportErrorKind};
#[cfg(feature = "gzip")]
pub(crate) use self::gzip::gunzip;
pub use self::response::ResponseBody;
use crate::BoxFuture;
use crate::spec::MethodSpec;

/// Marks a response whose body is decompressed while it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decompressed;

/// Returns `true` if a response body was compressed.
pub(crate) fn is_decompressed(extensions: &http::Extensions) -> bool {
    extensions.get::<Decompressed>().is_some()
}

/// Methods of the calls in a batch: an extension of its request; see [`Transport::sees_method`].
#[derive(Clone, Debug)]
pub struct BatchMethods(pub Arc<[&'static MethodSpec]>);

/// Marks a request to a token service: an extension of every such request. Requests of an API carry
/// their [`MethodSpec`] instead; see [`Transport::sees_method`].
#[derive(Clone, Copy, Debug)]
pub struct TokenServiceRequest;

/// Sends one request and returns the response head; the body streams after it.
///
/// Implementations make one attempt: they do not retry, follow redirects, or read the body in
/// advance, and they return a response of any status as `Ok`. They may apply their own connect
/// timeout. Dropping the future cancels the exchange.
pub trait Transport: Send + Sync {
    /// Sends `request`, whose URI is absolute.
    ///
    /// # Errors
    ///
    /// If no complete response head arrived. The kind must be
    /// [`Connect`](TransportErrorKind::Connect) or [`NotSent`](TransportErrorKind::NotSent) only if
    /// the server certainly received nothing of the request: only these are retried for calls that
    /// are not idempotent.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>>;

    /// Returns `true` if requests carry their `&'static` [`MethodSpec`] as an extension, and those of
    /// batches [`BatchMethods`] as well. Stand-ins for servers and filters use it to distinguish
    /// requests; other transports return `false`, which saves three allocations per request.
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
