//! Sources of upload content.

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

/// Content that can be read repeatedly, from any offset.
///
/// Uploads of such content survive all temporary failures: an interrupted chunk is read again, and
/// an expired session is replaced.
pub trait Content: Send + Sync + 'static {
    /// Returns the size in bytes, which must not change.
    fn size(&self) -> u64;

    /// Opens a stream of the bytes from `offset` on. A longer stream is truncated at the size; a
    /// shorter one fails the upload.
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

/// Content to upload, with its MIME type.
///
/// ```
/// use discovery_runtime::media::Source;
/// let text = Source::from_bytes("hello").with_content_type("text/plain");
/// let file = Source::from_path("photo.jpg").with_content_type("image/jpeg");
/// # drop((text, file));
/// ```
///
/// Bytes and paths convert with `From`. Text does not, since it could be either: name
/// [`from_bytes`](Self::from_bytes) or [`from_path`](Self::from_path).
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

    /// Creates a source from bytes in memory. Text is sent as UTF-8; for a file, use
    /// [`from_path`](Self::from_path).
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::from_content(bytes.into())
    }

    /// Creates a source from the file at a path, which is opened when the upload starts. Bytes
    /// appended during the upload are not sent; if the file becomes shorter, the upload fails.
    ///
    /// With the feature `mime-guess`, the extension of the file determines the media type, unless
    /// [`with_content_type`](Self::with_content_type) sets it.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn from_path(path: impl Into<std::path::PathBuf>) -> Self {
        let path = path.into();
        #[cfg(feature = "mime-guess")]
        let guessed = path.file_name().and_then(|name| super::guess_content_type(name.to_str()?));
        #[cfg(not(feature = "mime-guess"))]
        let guessed: Option<&str> = None;
        let source = Self::new(SourceKind::Path(path));
        match guessed {
            Some(media_type) => source.with_guessed_content_type(media_type),
            None => source,
        }
    }

    /// Creates a source from an open file, read from its beginning. Its position is ignored, so the
    /// handle may be shared.
    ///
    /// # Errors
    ///
    /// If its size is unknown, as of a pipe; use [`from_reader`](Self::from_reader).
    #[cfg(not(target_family = "wasm"))]
    pub fn from_file(file: std::fs::File) -> io::Result<Self> {
        super::file::FileContent::new(file).map(Self::from_content)
    }

    /// Creates a source from custom content.
    #[must_use]
    pub fn from_content(content: impl Content) -> Self {
        Self::new(SourceKind::Content(Arc::new(content)))
    }

    /// Creates a source of a known size, in bytes. `open` returns a reader that starts at the
    /// offset passed to it; it is called again where an upload has to go back.
    #[must_use]
    pub fn from_opener<O, F, R>(size: u64, open: O) -> Self
    where
        O: Fn(u64) -> F + Send + Sync + 'static,
        F: Future<Output = io::Result<R>> + Send + 'static,
        R: AsyncRead + Send + 'static,
    {
        Self::from_content(ReaderContent { size, open })
    }

    /// Creates a source from a stream of any size, which is read once.
    ///
    /// A resumable upload buffers one chunk, so it survives lost connections, but not an expired
    /// session after the first chunk.
    #[must_use]
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::new(SourceKind::Stream(Box::pin(super::read::MapErr(Box::pin(stream))), None))
    }

    /// Creates a source from a reader, which is read once; see [`from_stream`](Self::from_stream).
    #[must_use]
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::new(SourceKind::Stream(Box::pin(ReadStream::new(reader)), None))
    }

    /// Sets the size of a stream. The upload fails if the stream has another size. No effect on
    /// content of known size.
    #[must_use]
    pub fn with_size(mut self, size: u64) -> Self {
        if let SourceKind::Stream(_, known) = &mut self.kind {
            *known = Some(size);
        }
        self
    }

    /// Sets the MIME type. It takes precedence over the type in the metadata: Drive converts from
    /// this type to that of the metadata, and Cloud Storage rejects the upload.
    ///
    /// Defaults to the type in the metadata (`contentType` of Cloud Storage, `mimeType` of Drive),
    /// else, with the feature `mime-guess`, to that of
    /// the file's extension, else to the only type the method accepts, else to `application/octet-stream`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets a guessed MIME type, such as from a file name. The type in the metadata takes
    /// precedence.
    #[must_use]
    pub fn with_guessed_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.guessed_type = Some(content_type.into());
        self
    }

    /// Opens the content.
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
        Self::from_bytes(bytes)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<&'static [u8]> for Source {
    fn from(bytes: &'static [u8]) -> Self {
        Self::from_bytes(bytes)
    }
}

impl<const N: usize> From<&'static [u8; N]> for Source {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from_bytes(bytes.as_slice())
    }
}

#[cfg(not(target_family = "wasm"))]
impl From<std::path::PathBuf> for Source {
    fn from(path: std::path::PathBuf) -> Self {
        Self::from_path(path)
    }
}

#[cfg(not(target_family = "wasm"))]
impl From<&std::path::Path> for Source {
    fn from(path: &std::path::Path) -> Self {
        Self::from_path(path)
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

/// Error of content that cannot be read.
pub(super) fn source_failed(error: BoxError) -> crate::Error {
    super::upload::media_error("the content to upload cannot be read").with_source(error)
}

/// Opened content.
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
