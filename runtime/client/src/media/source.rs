//! Where uploaded content comes from.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use super::read::{Concat, Opening, ReadStream};
use super::window::Window;
use crate::error::Result;
use crate::transport::{BoxError, ByteStream};

/// Content that can be read as often as needed, from any offset.
///
/// Uploads from such content survive everything: an interrupted chunk is read again, an expired
/// session is replaced.
pub trait Content: Send + Sync + 'static {
    /// The size in bytes. It must not change.
    fn size(&self) -> u64;

    /// The bytes from `offset` on. A stream that gives more than up to the end is cut there; one
    /// that gives less fails the upload.
    fn open(&self, offset: u64) -> ByteStream;
}

impl Content for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn open(&self, offset: u64) -> ByteStream {
        let start = usize::try_from(offset).map_or(self.len(), |offset| offset.min(self.len()));
        Box::pin(Concat::new([self.slice(start..)]))
    }
}

/// Content to upload, and its type.
///
/// ```
/// use discovery_runtime::media::Source;
/// let text = Source::bytes("hello").with_content_type("text/plain");
/// let file = Source::file("photo.jpg").with_content_type("image/jpeg");
/// # drop((text, file));
/// ```
pub struct Source {
    pub(super) kind: SourceKind,
    pub(super) content_type: Option<String>,
    pub(super) guessed_type: Option<String>,
}

pub(super) enum SourceKind {
    Content(Arc<dyn Content>),
    #[cfg(not(target_family = "wasm"))]
    Path(std::path::PathBuf),
    Stream(ByteStream, Option<u64>),
}

impl Source {
    fn new(kind: SourceKind) -> Self {
        Self { kind, content_type: None, guessed_type: None }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::content(bytes.into())
    }

    /// A file, opened when the upload begins. What is added to it meanwhile is not sent; if it
    /// becomes shorter, the upload fails.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn file(path: impl Into<std::path::PathBuf>) -> Self {
        Self::new(SourceKind::Path(path.into()))
    }

    /// An open file, from its beginning whatever its position is. The position is not used, so
    /// that the handle may be shared.
    ///
    /// # Errors
    ///
    /// When its size cannot be told, for example that of a pipe: use [`stream`](Self::stream) or
    /// [`async_read`](Self::async_read).
    #[cfg(not(target_family = "wasm"))]
    pub fn open_file(file: std::fs::File) -> io::Result<Self> {
        super::file::FileContent::new(file).map(Self::content)
    }

    /// Content of your own that can be read again.
    #[must_use]
    pub fn content(content: impl Content) -> Self {
        Self::new(SourceKind::Content(Arc::new(content)))
    }

    /// Content of a known size that `open` gives a reader of, from any offset and as often as
    /// asked.
    #[must_use]
    pub fn reader<O, F, R>(size: u64, open: O) -> Self
    where
        O: Fn(u64) -> F + Send + Sync + 'static,
        F: Future<Output = io::Result<R>> + Send + 'static,
        R: AsyncRead + Send + 'static,
    {
        Self::content(ReaderContent { size, open })
    }

    /// A stream that can be read once, of any size.
    ///
    /// A resumable upload keeps one chunk of it in memory, so it survives a lost connection; but
    /// not a session that expires, once the first chunk was accepted.
    #[must_use]
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::new(SourceKind::Stream(Box::pin(super::read::MapErr(Box::pin(stream))), None))
    }

    /// As [`stream`](Self::stream), from a reader.
    #[must_use]
    pub fn async_read(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::new(SourceKind::Stream(Box::pin(ReadStream::new(reader)), None))
    }

    /// Says how many bytes a stream will give. The upload fails if it gives another number. Has
    /// no effect on content whose size is known.
    #[must_use]
    pub fn with_size(mut self, size: u64) -> Self {
        if let SourceKind::Stream(_, known) = &mut self.kind {
            *known = Some(size);
        }
        self
    }

    /// Sets the MIME type. It is sent even where the metadata names another one: Drive converts
    /// from this type to the one in the metadata, and Cloud Storage refuses the upload.
    ///
    /// Default: the one that the metadata names (`contentType` of Cloud Storage, `mimeType` of
    /// Drive); else the one that the method accepts, if it is a single one; else
    /// `application/octet-stream`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets a MIME type that is only guessed, as from a file's name: the one that the metadata names
    /// goes before it.
    #[must_use]
    pub fn with_guessed_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.guessed_type = Some(content_type.into());
        self
    }

    /// Opens it.
    pub(super) async fn prepare(self) -> Result<PreparedSource> {
        Ok(match self.kind {
            SourceKind::Content(content) => PreparedSource::Content(content),
            #[cfg(not(target_family = "wasm"))]
            SourceKind::Path(path) => {
                let file = super::file::FileContent::open(&path).await.map_err(|error| {
                    crate::Error::invalid(format!("cannot read {}", path.display()))
                        .with_source(error)
                })?;
                PreparedSource::Content(Arc::new(file))
            }
            SourceKind::Stream(stream, size) => PreparedSource::Window(Window::new(stream, size)),
        })
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, size) = match &self.kind {
            SourceKind::Content(content) => ("content", Some(content.size())),
            #[cfg(not(target_family = "wasm"))]
            SourceKind::Path(_) => ("file", None),
            SourceKind::Stream(_, size) => ("stream", *size),
        };
        f.debug_struct("Source")
            .field("kind", &kind)
            .field("size", &size)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// The error of content that cannot be read.
pub(super) fn source_failed(error: BoxError) -> crate::Error {
    super::upload::media_error("the content to upload cannot be read").with_source(error)
}

/// Content that is open.
pub(super) enum PreparedSource {
    Content(Arc<dyn Content>),
    Window(Window),
}

impl PreparedSource {
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Self::Content(content) => Some(content.size()),
            Self::Window(window) => window.size(),
        }
    }
}

struct ReaderContent<O> {
    size: u64,
    open: O,
}

impl<O, F, R> Content for ReaderContent<O>
where
    O: Fn(u64) -> F + Send + Sync + 'static,
    F: Future<Output = io::Result<R>> + Send + 'static,
    R: AsyncRead + Send + 'static,
{
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, offset: u64) -> ByteStream {
        Box::pin(Opening::new((self.open)(offset)))
    }
}
