//! Response types.

use bytes::Bytes;

use crate::json::{Decode, DecodeError, Misfits};

/// A response type.
pub trait Reply: Sized + Send + 'static {
    /// Decodes a response from its body and its content type, as reported by the server. Also
    /// returns which values do not fit their types.
    #[doc(hidden)]
    fn read(body: &Bytes, content_type: Option<&str>) -> Result<(Self, Misfits), DecodeError>;
}

impl<T: Decode + Send + 'static> Reply for T {
    fn read(body: &Bytes, _: Option<&str>) -> Result<(Self, Misfits), DecodeError> {
        crate::json::read_response(body)
    }
}

/// Bytes with a MIME type: a request or response that is not JSON (`google.api.HttpBody`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpBody {
    /// MIME type, for example `application/fhir+json`.
    pub content_type: String,
    /// Bytes of the body.
    pub data: Bytes,
}

impl HttpBody {
    /// Creates a body of a MIME type.
    #[must_use]
    pub fn new(content_type: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self { content_type: content_type.into(), data: data.into() }
    }
}

impl Reply for HttpBody {
    fn read(data: &Bytes, content_type: Option<&str>) -> Result<(Self, Misfits), DecodeError> {
        let body = Self::new(content_type.unwrap_or_default(), data.clone());
        Ok((body, Misfits::default()))
    }
}
