//! Requests as seen by handlers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, Uri, Version};
use tokio::sync::mpsc;

use crate::query::query_pairs;

/// Request line and headers.
#[derive(Clone)]
pub struct Head {
    /// HTTP verb.
    pub method: Method,
    /// Path and query, as sent.
    pub uri: Uri,
    /// Headers.
    pub headers: HeaderMap,
    /// HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// Scheme and authority used by the client, for example `http://127.0.0.1:8080`.
    pub origin: String,
    /// Number of the connection, starting at 0.
    pub connection: u64,
    /// Whether the request came without a socket, by [`Service::call`](super::Service::call).
    pub in_process: bool,
}

impl Head {
    /// Reduces the URI to path and query, and stores the origin. HTTP/2 and clients of proxies send
    /// scheme and authority in the URI, others send the `Host` header.
    pub(super) fn split_origin(&mut self) {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = self.uri.authority().map(ToString::to_string);
        let authority = authority.or_else(|| self.header("host").map(str::to_owned));
        self.origin = format!("{scheme}://{}", authority.as_deref().unwrap_or("localhost"));
        let path = self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        if let Ok(uri) = path.parse() {
            self.uri = uri;
        }
    }

    /// Returns the path, as sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the first value of a query parameter, percent-decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        query_pairs(self.uri.query()?).find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Returns a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path())?;
        // Values are omitted, since secret parameters depend on the API.
        for (at, (name, _)) in query_pairs(self.uri.query().unwrap_or_default()).enumerate() {
            write!(f, "{}{name}=…", if at == 0 { '?' } else { '&' })?;
        }
        write!(f, " {:?} (connection {})", self.version, self.connection)
    }
}

/// A request whose body arrives while the handler runs.
#[derive(Debug)]
pub struct Incoming {
    head: Head,
    chunks: mpsc::Receiver<Bytes>,
    complete: Arc<AtomicBool>,
}

impl Incoming {
    pub(super) fn new(head: Head) -> (Self, Feed) {
        // A capacity of one chunk bounds memory even if the handler is slow.
        let (sender, chunks) = mpsc::channel(1);
        let complete = Arc::new(AtomicBool::new(false));
        let feed = Feed { sender: Some(sender), complete: Arc::clone(&complete) };
        (Self { head, chunks, complete }, feed)
    }

    /// Returns the request line and headers.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Returns the next bytes of the body; `None` at its end.
    pub async fn chunk(&mut self) -> Option<Bytes> {
        self.chunks.recv().await
    }

    /// Returns `true` if the body was read completely: `false` while it is being read, and also
    /// afterwards if a fault or the client ended it early.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// Reads the body to its end, or to where it was truncated.
    pub async fn body(&mut self) -> Bytes {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await {
            all.extend_from_slice(&chunk);
        }
        all.freeze()
    }
}

/// Sender of the body of an [`Incoming`].
pub(super) struct Feed {
    sender: Option<mpsc::Sender<Bytes>>,
    complete: Arc<AtomicBool>,
}

impl Feed {
    /// Sends bytes to the handler; drops them if the handler is done.
    pub(super) async fn send(&mut self, chunk: Bytes) {
        if let Some(sender) = &self.sender
            && !chunk.is_empty()
            && sender.send(chunk).await.is_err()
        {
            self.sender = None;
        }
    }

    /// Marks the body as complete.
    pub(super) fn finish(&mut self) {
        self.complete.store(true, Ordering::Release);
        self.sender = None;
    }

    /// Truncates the body.
    pub(super) fn cut(&mut self) {
        self.sender = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let head = Head {
            method: Method::GET,
            uri: Uri::from_static("/a?x=1&na%20me=%C3%BC+b%zz%4&flag"),
            headers: HeaderMap::new(),
            version: Version::HTTP_11,
            origin: String::new(),
            connection: 0,
            in_process: false,
        };
        assert_eq!(head.query("x").as_deref(), Some("1"));
        assert_eq!(head.query("na me").as_deref(), Some("ü b%zz%4"));
        assert_eq!(head.query("flag").as_deref(), Some(""));
        assert_eq!(head.query("none"), None);
    }
}
