//! Object store with Google's upload and download protocols.

mod download;
mod upload;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Method;

use self::upload::Announced;
use crate::reply::{Content, Reply};
use crate::server::{FaultServer, Incoming};
use crate::upload::{Sessions, checksum};

/// An in-memory object store behind a [`FaultServer`]: simple, multipart, and resumable uploads,
/// and downloads with ranges and ETags.
///
/// The name of an object is the path of its upload without `/upload`, followed by the query
/// parameter `name`, if present: `POST /upload/v1/files?name=a` creates `/v1/files/a`, which is
/// downloaded with `GET /v1/files/a?alt=media`.
///
/// The store is stricter than real servers, so that tests find errors that those tolerate: a chunk
/// must start exactly at the end of the stored bytes, and the size of all chunks except the last
/// must be a multiple of 256 KiB.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// use discovery_testing::ObjectStore;
/// let store = ObjectStore::new();
/// store.put("/v1/files/a", "text/plain", "hello");
/// let server = store.serve().await?;
/// println!("point the client's endpoint at {}", server.url());
/// assert_eq!(store.object("/v1/files/a").map(|object| object.size), Some(5));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ObjectStore {
    state: Arc<Mutex<State>>,
    sessions: Arc<Sessions<Announced>>,
    discards: bool,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Object>,
    count: u64,
}

/// A stored object.
#[derive(Clone)]
#[non_exhaustive]
pub struct Object {
    /// MIME type.
    pub content_type: String,
    /// Metadata of the upload.
    pub metadata: serde_json::Value,
    /// Size in bytes.
    pub size: u64,
    /// CRC-32C of the content.
    pub crc32c: u32,
    /// Number assigned in order of creation; part of the ETag.
    pub generation: u64,
    content: Content,
}

impl Object {
    /// Returns the content; empty if the store discards it.
    #[must_use]
    pub fn content(&self) -> Bytes {
        self.content.bytes().cloned().unwrap_or_default()
    }

    /// Returns the quoted ETag.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"g{}\"", self.generation)
    }

    /// Returns the response to an upload, or to a `GET` without `alt=media`.
    fn describe(&self, name: &str) -> Reply {
        let value = serde_json::json!({
            "name": name,
            "size": self.size.to_string(),
            "contentType": self.content_type,
            "crc32c": checksum::base64(self.crc32c),
            "generation": self.generation.to_string(),
            "metadata": self.metadata,
        });
        Reply::json(value.to_string()).with_header("etag", self.etag())
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("content_type", &self.content_type)
            .field("size", &self.size)
            .field("crc32c", &self.crc32c)
            .finish_non_exhaustive()
    }
}

impl ObjectStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        let sessions = Arc::new(Sessions::default().strict());
        Self { state: Arc::default(), sessions, discards: false }
    }

    /// Creates a store that keeps only size and checksum of uploads, for uploads larger than
    /// memory.
    #[must_use]
    pub fn discarding() -> Self {
        let sessions = Arc::new(Sessions::default().strict().discarding());
        Self { sessions, discards: true, ..Self::new() }
    }

    /// Starts a server for the store.
    ///
    /// # Errors
    ///
    /// Returns an error if no loopback port can be bound.
    pub async fn serve(&self) -> io::Result<FaultServer> {
        let store = self.clone();
        FaultServer::start(move |incoming| store.clone().handle(incoming)).await
    }

    /// Stores an object.
    pub fn put(&self, name: &str, content_type: &str, content: impl Into<Bytes>) {
        let content = content.into();
        let crc = checksum::crc32c(&content);
        self.insert(name, content_type, content.into(), crc);
    }

    /// Stores an object of any size that is generated while it is sent: `fill` writes the bytes
    /// from an offset on. Responses omit its checksum, which is unknown.
    pub fn put_generated(
        &self,
        name: &str,
        size: u64,
        fill: impl Fn(u64, &mut [u8]) + Send + Sync + 'static,
    ) {
        let content = Content::generated(size, fill);
        self.insert(name, "application/octet-stream", content, 0);
    }

    fn insert(&self, name: &str, content_type: &str, content: Content, crc32c: u32) {
        let mut state = self.state();
        state.count += 1;
        let object = Object {
            content_type: content_type.to_owned(),
            metadata: serde_json::Value::Null,
            size: content.len(),
            crc32c,
            generation: state.count,
            content,
        };
        state.objects.insert(name.to_owned(), object);
    }

    /// A stored object.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Object> {
        self.state().objects.get(name).cloned()
    }

    /// Returns the names of all objects.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.state().objects.keys().cloned().collect()
    }

    /// Ends all open upload sessions: requests to them fail with `status`, 404 or 410.
    pub fn expire_sessions(&self, status: u16) {
        self.sessions.expire(status);
    }

    /// Stores at most `bytes` of the next chunk, as reported in the `Range` of its `308`; with 0,
    /// there is no `Range`.
    pub fn keep_at_most(&self, bytes: u64) {
        self.sessions.keep_at_most(bytes);
    }

    /// Responds with `200` and `X-Http-Status-Code-Override: 308` in place of `308`, as some front
    /// ends do.
    pub fn hide_308(&self) {
        self.sessions.hide_308();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to a request, for handlers of your own [`FaultServer`].
    pub async fn handle(self, incoming: Incoming) -> Reply {
        let head = incoming.head();
        let kind = head.query("uploadType");
        match (head.method.clone(), kind.as_deref()) {
            (Method::DELETE, Some("resumable")) => {
                self.sessions.cancel(&head.query("upload_id").unwrap_or_default())
            }
            (Method::POST | Method::PUT | Method::PATCH, Some(kind)) => {
                let kind = kind.to_owned();
                self.upload(incoming, &kind).await
            }
            (Method::GET | Method::HEAD, None) => self.download(head),
            (Method::DELETE, None) => match self.state().objects.remove(head.path()) {
                Some(_) => Reply::new(204),
                None => Reply::error(404, "no such object"),
            },
            _ => Reply::error(400, "not a request of an object store"),
        }
    }
}

impl Default for ObjectStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ObjectStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.state().objects).finish()
    }
}
