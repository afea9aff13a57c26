//! A store of objects that speaks Google's upload and download protocols.

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

/// An in-memory store behind a [`FaultServer`]: simple, multipart and resumable uploads, downloads
/// with ranges and ETags.
///
/// An object is named by the path that uploads go to, without `/upload`, and by the query
/// parameter `name` if there is one: `POST /upload/v1/files?name=a` makes `/v1/files/a`, which
/// `GET /v1/files/a?alt=media` gives.
///
/// It is stricter than real servers, so that tests find what those forgive: a chunk must begin
/// exactly where the store's bytes end, and all but the last must be multiples of 256 KiB.
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

/// An object.
#[derive(Clone)]
#[non_exhaustive]
pub struct Object {
    /// Its MIME type.
    pub content_type: String,
    /// The metadata that it was uploaded with.
    pub metadata: serde_json::Value,
    /// Its size in bytes.
    pub size: u64,
    /// The CRC-32C of its content.
    pub crc32c: u32,
    /// Counts the objects; part of the ETag.
    pub generation: u64,
    content: Content,
}

impl Object {
    /// The content; empty where the store discards it.
    #[must_use]
    pub fn content(&self) -> Bytes {
        self.content.bytes().cloned().unwrap_or_default()
    }

    /// The ETag, in quotes.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"g{}\"", self.generation)
    }

    /// What an upload answers, and a `GET` without `alt=media`.
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
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        let sessions = Arc::new(Sessions::default().strict());
        Self { state: Arc::default(), sessions, discards: false }
    }

    /// A store that keeps the size and checksum of what is uploaded, and not the content: for
    /// uploads larger than memory.
    #[must_use]
    pub fn discarding() -> Self {
        let sessions = Arc::new(Sessions::default().strict().discarding());
        Self { sessions, discards: true, ..Self::new() }
    }

    /// Starts a server for the store.
    ///
    /// # Errors
    ///
    /// When no port of the loopback address can be bound.
    pub async fn serve(&self) -> io::Result<FaultServer> {
        let store = self.clone();
        FaultServer::start(move |incoming| store.clone().handle(incoming)).await
    }

    /// Puts an object into the store.
    pub fn put(&self, name: &str, content_type: &str, content: impl Into<Bytes>) {
        let content = content.into();
        let crc = checksum::crc32c(&content);
        self.insert(name, content_type, content.into(), crc);
    }

    /// Puts an object of any size into the store, made while it is sent: `fill` writes the bytes
    /// from an offset on. Its checksum is not known, so none is announced.
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

    /// An object.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Object> {
        self.state().objects.get(name).cloned()
    }

    /// The names of all objects.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.state().objects.keys().cloned().collect()
    }

    /// Ends all open upload sessions: what goes to them is answered with `status`, 404 or 410.
    pub fn expire_sessions(&self, status: u16) {
        self.sessions.expire(status);
    }

    /// Keeps at most so many bytes of the next chunk, and says so in the `Range` of its `308`;
    /// at 0 there is no `Range`.
    pub fn keep_at_most(&self, bytes: u64) {
        self.sessions.keep_at_most(bytes);
    }

    /// Answers `200` with `X-Http-Status-Code-Override: 308` in place of `308`, as some front
    /// ends do.
    pub fn hide_308(&self) {
        self.sessions.hide_308();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request, as the handler of a [`FaultServer`] of your own that serves more than
    /// objects.
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
            _ => Reply::error(400, "no request of an object store"),
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
