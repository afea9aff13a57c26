//! Requests received by the mock transport.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use discovery_testing::query_pairs;
use futures_core::Stream;
use http::{HeaderMap, Method, Uri};

use crate::spec::MethodSpec;
use crate::transport::{Body, TransportError, TransportErrorKind};

/// A request received by a [`MockTransport`](super::MockTransport).
#[derive(Clone)]
#[non_exhaustive]
pub struct MockRequest {
    /// Discovery id of the method; `None` for requests not sent by the client.
    pub method_id: Option<&'static str>,
    /// HTTP verb.
    pub verb: Method,
    /// Absolute URL.
    pub uri: Uri,
    /// Headers, including credentials.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl MockRequest {
    /// Reads a request completely.
    pub(crate) async fn read(request: http::Request<Body>) -> Result<Self, TransportError> {
        let (parts, mut body) = request.into_parts();
        let mut all = BytesMut::new();
        while let Some(piece) = poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
            let piece = piece.map_err(|error| {
                let message = "failed to read the request body";
                TransportError::new(TransportErrorKind::RequestBody, message).with_source(error)
            })?;
            all.extend_from_slice(&piece);
        }
        Ok(Self {
            method_id: parts.extensions.get::<&'static MethodSpec>().map(|spec| spec.id),
            verb: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body: all.freeze(),
        })
    }

    /// Returns the path, as sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the values of a query parameter, percent-decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Vec<String> {
        let pairs = query_pairs(self.uri.query().unwrap_or_default());
        pairs.filter(|(key, _)| key == name).map(|(_, value)| value).collect()
    }

    /// Returns a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Parses the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for MockRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = crate::redact::redact_url(&self.uri.to_string());
        write!(f, "{} {uri}", self.verb)?;
        match self.method_id {
            Some(id) => write!(f, " ({id})"),
            None => Ok(()),
        }
    }
}
