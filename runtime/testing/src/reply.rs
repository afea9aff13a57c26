//! Scripted responses.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::status::canonical_name;

/// Writes generated content from an offset on.
type Fill = dyn Fn(u64, &mut [u8]) + Send + Sync;

/// A scripted response.
///
/// ```
/// use discovery_testing::Reply;
/// let reply = Reply::json(r#"{"name": "a"}"#).with_header("etag", "\"1\"");
/// assert_eq!(reply.status(), 200);
/// ```
#[derive(Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Content,
}

/// The body of a [`Reply`].
#[derive(Clone)]
pub struct Content(Kind);

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    Generated { len: u64, fill: Arc<Fill> },
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Bytes(bytes))
    }
}

impl Content {
    /// Creates content of a given size that is generated on demand: `fill` writes the bytes from an
    /// offset on.
    pub(crate) fn generated(
        len: u64,
        fill: impl Fn(u64, &mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Generated { len, fill: Arc::new(fill) })
    }

    /// Returns all bytes, unless the content is generated.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes),
            Kind::Generated { .. } => None,
        }
    }

    /// Returns the size in bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        match &self.0 {
            Kind::Bytes(bytes) => bytes.len() as u64,
            Kind::Generated { len, .. } => *len,
        }
    }

    /// Returns `true` if the content is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the bytes from `first` up to `end`, exclusive.
    pub(crate) fn slice(&self, first: u64, end: u64) -> Self {
        match &self.0 {
            Kind::Bytes(bytes) => {
                let at = |offset| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                bytes.slice(at(first)..at(end)).into()
            }
            Kind::Generated { fill, .. } => {
                let fill = Arc::clone(fill);
                let shifted = move |offset: u64, out: &mut [u8]| fill(first + offset, out);
                Self::generated(end - first, shifted)
            }
        }
    }

    /// Returns at most `max` bytes from an offset on.
    #[must_use]
    pub fn read(&self, offset: u64, max: usize) -> Bytes {
        let left = self.len().saturating_sub(offset);
        let len = usize::try_from(left).map_or(max, |left| left.min(max));
        match &self.0 {
            Kind::Bytes(bytes) => {
                let start = usize::try_from(offset).map_or(bytes.len(), |at| at.min(bytes.len()));
                bytes.slice(start..start + len)
            }
            Kind::Generated { fill, .. } => {
                let mut chunk = BytesMut::zeroed(len);
                fill(offset, &mut chunk);
                chunk.freeze()
            }
        }
    }
}

impl Reply {
    /// Creates a response without a body.
    ///
    /// A status outside 100 to 999 becomes 500.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: HeaderMap::new(), body: Bytes::new().into() }
    }

    /// Creates a `200` response with JSON text.
    #[must_use]
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new(200).with_body("application/json; charset=UTF-8", text)
    }

    /// Creates an error response in Google's JSON format.
    #[must_use]
    pub fn error(status: u16, message: &str) -> Self {
        let error = serde_json::json!({
            "error": { "code": status, "message": message, "status": canonical_name(status) }
        });
        Self::new(status).with_body("application/json; charset=UTF-8", error.to_string())
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Self::new(status).status;
        self
    }

    /// Adds a header. A `Content-Length` is sent unchanged; if it differs from the length of the
    /// body, the connection ends with the body. An invalid header turns the response into a `500`
    /// that reports it.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        match (HeaderName::try_from(name), HeaderValue::try_from(&value)) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
                self
            }
            _ => Self::error(
                500,
                &format!("invalid header in a scripted response: {name:?}: {value:?}"),
            ),
        }
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn with_body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Content::from(body.into());
        self.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self
    }

    /// Sets a body of any size that is generated while it is sent: `fill` writes the bytes from an
    /// offset on.
    #[must_use]
    pub fn with_generated(
        mut self,
        len: u64,
        fill: impl Fn(u64, &mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        self.body = Content::generated(len, fill);
        self
    }

    pub(crate) fn with_content(mut self, content: Content) -> Self {
        self.body = content;
        self
    }

    /// Returns the response; a generated body is left empty.
    #[must_use]
    pub fn into_response(self) -> http::Response<Bytes> {
        let body = self.body.bytes().cloned().unwrap_or_default();
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns status, headers, and body.
    #[must_use]
    pub fn into_parts(self) -> (StatusCode, HeaderMap, Content) {
        (self.status, self.headers, self.body)
    }
}

impl From<http::Response<Bytes>> for Reply {
    fn from(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body: body.into() }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status.as_u16())
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_read_in_pieces() {
        let content = Content::from(Bytes::from_static(b"0123456789"));
        assert_eq!(content.read(8, 5), "89");
        assert_eq!(content.read(20, 5), "");
        let fill = |offset: u64, out: &mut [u8]| {
            for (at, byte) in out.iter_mut().enumerate() {
                *byte = b'a' + u8::try_from((offset + at as u64) % 26).unwrap();
            }
        };
        let (_, _, content) = Reply::new(200).with_generated(1 << 40, fill).into_parts();
        assert_eq!(content.len(), 1 << 40);
        assert_eq!(content.read(25, 3), "zab");
        assert_eq!(content.read((1 << 40) - 1, 3).len(), 1);
    }

    #[test]
    fn invalid_headers_are_reported() {
        let reply = Reply::new(200).with_header("bad name", "x");
        assert_eq!(reply.status(), 500);
        let (_, _, body) = reply.into_parts();
        assert!(String::from_utf8_lossy(&body.read(0, 999)).contains("bad name"));
    }
}
