//! What a generated crate says of its methods to the type system.

use bytes::Bytes;

use crate::json::{Decode, DecodeError};
use crate::spec::MethodSpec;

/// A method of an API; implemented by a generated marker type.
pub trait Method: 'static {
    /// What a call needs.
    const SPEC: &'static MethodSpec;
    /// What the call gives: a model, `()` where the method answers nothing, [`HttpBody`] where it
    /// answers raw bytes.
    type Response: Reply;
}

/// A list method whose answers come in pages.
pub trait Paged: Method {
    /// One item of the list.
    type Item: Send + 'static;

    /// The token of the page after `response`; empty counts as none.
    fn next(response: &Self::Response) -> Option<&str>;

    /// The items of `response`.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// A method that takes media ([`MethodSpec::upload`] is set).
pub trait Upload: Method {}

/// A method that gives media (`alt=media`).
pub trait Download: Method {}

/// The value that a call gives.
pub trait Reply: Sized + Send + 'static {
    /// Makes the value of the answer: JSON text and its content type as the server named it.
    #[doc(hidden)]
    fn read(body: &Bytes, content_type: Option<&str>) -> Result<Self, DecodeError>;
}

impl<T: Decode + Send + 'static> Reply for T {
    fn read(body: &Bytes, _: Option<&str>) -> Result<Self, DecodeError> {
        crate::json::from_response(body)
    }
}

/// Bytes with their type: a request or response that is not JSON (`google.api.HttpBody`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpBody {
    /// The MIME type, for example `application/fhir+json`.
    pub content_type: String,
    /// The bytes.
    pub data: Bytes,
}

impl HttpBody {
    /// Bytes of a MIME type.
    #[must_use]
    pub fn new(content_type: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self { content_type: content_type.into(), data: data.into() }
    }
}

impl Reply for HttpBody {
    fn read(data: &Bytes, content_type: Option<&str>) -> Result<Self, DecodeError> {
        Ok(Self::new(content_type.unwrap_or_default(), data.clone()))
    }
}
