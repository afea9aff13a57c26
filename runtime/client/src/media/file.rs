//! Files as upload content.

use std::collections::VecDeque;
use std::fs::File;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::source::Content;
use crate::BoxFuture;
use crate::transport::{BoxError, ByteStream};

/// A file as content. Reads take an offset, so an abandoned attempt cannot affect the position of
/// another.
pub(super) struct FileContent {
    file: Arc<File>,
    size: u64,
}

impl FileContent {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let meta = file.metadata()?;
        if !meta.is_file() {
            let message = "not a regular file, so its size is unknown";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(Self { file: Arc::new(file), size: meta.len() })
    }

    pub(super) async fn open(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        blocking(move || Self::new(File::open(path)?)).await
    }
}

impl Content for FileContent {
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, offset: u64) -> ByteStream {
        Box::pin(FileStream::new(&self.file, offset, self.size))
    }
}

/// Size of a read, each of which takes a system call and a thread switch.
const READ_SIZE: usize = 512 * 1024;

/// Number of pieces after which their memory is used again: hyper takes the next piece once it has
/// sent most of the last one.
const KEPT: usize = 2;

/// The bytes of a file. While the transport sends a piece, the next one is read into the memory of
/// an earlier one.
struct FileStream {
    file: Arc<File>,
    /// Offset of the next read.
    offset: u64,
    /// Size of the file. Nothing is read ahead beyond it.
    size: u64,
    read: Option<BoxFuture<'static, io::Result<Bytes>>>,
    /// The latest pieces, oldest first.
    latest: VecDeque<Bytes>,
}

impl FileStream {
    fn new(file: &Arc<File>, offset: u64, size: u64) -> Self {
        Self { file: Arc::clone(file), offset, size, read: None, latest: VecDeque::new() }
    }

    /// Starts a read.
    fn start(&mut self) -> &mut BoxFuture<'static, io::Result<Bytes>> {
        let oldest = (self.latest.len() >= KEPT).then(|| self.latest.pop_front()).flatten();
        // A piece that is still in use keeps its memory.
        let buffer = oldest.and_then(|oldest| oldest.try_into_mut().ok()).unwrap_or_default();
        let (file, offset) = (Arc::clone(&self.file), self.offset);
        self.read.insert(Box::pin(blocking(move || read_piece(&file, offset, buffer))))
    }
}

impl Stream for FileStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let read = match &mut this.read {
            Some(read) => read,
            None => this.start(),
        };
        let piece = ready!(read.as_mut().poll(cx));
        this.read = None;
        let piece = piece?;
        if piece.is_empty() {
            return Poll::Ready(None);
        }
        this.offset += piece.len() as u64;
        let is_first = this.latest.is_empty();
        this.latest.push_back(piece.clone());
        // A reader of one piece may need no more, such as one that sends a short chunk.
        if !is_first && this.offset < this.size {
            this.start();
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

fn read_piece(file: &File, offset: u64, mut buffer: BytesMut) -> io::Result<Bytes> {
    buffer.resize(READ_SIZE, 0);
    loop {
        match read_at(file, &mut buffer, offset) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer.freeze());
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    let message = "files cannot be read by offset here; use `Source::from_opener`";
    Err(io::Error::new(io::ErrorKind::Unsupported, message))
}

/// Runs blocking work on Tokio's blocking threads, or in place without a runtime.
pub(super) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> impl Future<Output = io::Result<T>> + Send {
    let task = match tokio::runtime::Handle::try_current() {
        Ok(runtime) => Ok(runtime.spawn_blocking(work)),
        Err(_) => Err(work()),
    };
    async {
        match task {
            Ok(task) => task.await.map_err(io::Error::other)?,
            Err(done) => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::future::poll_fn;

    use super::*;

    /// A file that is deleted at the end.
    struct Temporary(std::path::PathBuf);

    impl Temporary {
        fn new(name: &str, content: &[u8]) -> Self {
            let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            std::fs::write(&path, content).unwrap();
            Self(path)
        }

        fn stream(&self, offset: u64) -> FileStream {
            let content = FileContent::new(File::open(&self.0).unwrap()).unwrap();
            FileStream::new(&content.file, offset, content.size)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    async fn next(stream: &mut FileStream) -> Option<Bytes> {
        poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await.map(Result::unwrap)
    }

    fn noise(len: usize) -> Vec<u8> {
        (0..len as u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
    }

    #[tokio::test]
    async fn memory_is_used_again_once_a_piece_is_dropped() {
        let content = noise(20 * READ_SIZE + 1000);
        let file = Temporary::new("pieces", &content);
        let (mut stream, mut all, mut places) = (file.stream(0), Vec::new(), BTreeSet::new());
        while let Some(piece) = next(&mut stream).await {
            all.extend_from_slice(&piece);
            places.insert(piece.as_ptr());
        }
        assert!(all == content, "other bytes");
        assert!(places.len() <= KEPT + 1, "{} buffers", places.len());
    }

    #[tokio::test]
    async fn pieces_in_use_stay_as_they_are() {
        let content = noise(20 * READ_SIZE + 1000);
        let file = Temporary::new("held", &content);
        let (mut stream, mut held) = (file.stream(77), Vec::new());
        while let Some(mut piece) = next(&mut stream).await {
            // What is left of a piece counts as much as all of it.
            held.push(piece.split_to(piece.len() / 2));
            held.push(piece);
        }
        assert!(held.concat() == content[77..], "other bytes");
    }

    #[tokio::test]
    async fn nothing_is_read_that_nobody_needs() {
        let file = Temporary::new("ahead", &noise(3 * READ_SIZE));
        let mut stream = file.stream(0);
        assert_eq!(next(&mut stream).await.unwrap().len(), READ_SIZE);
        assert!(stream.read.is_none(), "after one piece");
        assert_eq!(next(&mut stream).await.unwrap().len(), READ_SIZE);
        assert!(stream.read.is_some(), "after two");
        assert_eq!(next(&mut stream).await.unwrap().len(), READ_SIZE);
        assert!(stream.read.is_none(), "at the end");
        assert_eq!(next(&mut stream).await, None);
    }
}
