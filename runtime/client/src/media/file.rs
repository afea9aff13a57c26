//! Files as upload content.

use std::fs::File;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
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
        Box::pin(FileStream { file: Arc::clone(&self.file), offset, read: None })
    }
}

/// Size of a read, each of which takes a system call and a thread switch.
const READ_SIZE: usize = 256 * 1024;

struct FileStream {
    file: Arc<File>,
    offset: u64,
    read: Option<BoxFuture<'static, io::Result<Bytes>>>,
}

impl Stream for FileStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let (file, offset) = (&this.file, this.offset);
        let read = this.read.get_or_insert_with(|| {
            let file = Arc::clone(file);
            Box::pin(blocking(move || read_piece(&file, offset)))
        });
        let piece = ready!(read.as_mut().poll(cx));
        this.read = None;
        let piece = piece?;
        this.offset += piece.len() as u64;
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

fn read_piece(file: &File, offset: u64) -> io::Result<Bytes> {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        match read_at(file, &mut buffer, offset) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer.into());
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
