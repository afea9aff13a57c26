//! The download call.

use std::future::poll_fn;
use std::ops::{Bound, RangeBounds};
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::header::HeaderMap;
use tokio::io::AsyncWrite;

use super::progress::{Notify, Progress};
use super::range::RequestedRange;
use super::resume::DownloadState;
use super::stream::DownloadStream;
use crate::call::Call;
use crate::error::{Error, ErrorKind, Result};

/// A download that is ready to be made; made by `download` of a call.
///
/// The call's timeout covers the time to the first byte only, unless the call itself sets one
/// (`with_timeout`), which covers all of the download; the stall timeout guards the rest.
#[derive(Debug)]
#[must_use = "a download is made by one of its methods"]
pub struct Download {
    call: Call,
    want: RequestedRange,
    unvalidated: bool,
    notify: Notify,
}

/// What was downloaded to a file or writer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Downloaded {
    /// How many bytes were written.
    pub bytes: u64,
    /// The MIME type, as the server named it.
    pub content_type: Option<String>,
    /// The ETag, as the server named it, quotes included.
    pub etag: Option<String>,
    /// The headers of the first answer.
    pub headers: HeaderMap,
}

impl Download {
    /// A download of the content that `call` names.
    pub fn new(call: Call) -> Self {
        Self { call, want: RequestedRange::All, unvalidated: false, notify: Notify::default() }
    }

    /// Asks for a part of the content, by offset: `..100`, `100..`, `100..200`. A part that
    /// begins behind the end of the content is an error of the server's (416); one that ends
    /// behind it is cut.
    pub fn with_range(mut self, range: impl RangeBounds<u64>) -> Self {
        let first = match range.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(&first) => first,
            Bound::Excluded(&before) => before.saturating_add(1),
        };
        let end = match range.end_bound() {
            Bound::Unbounded => None,
            Bound::Included(&last) => Some(last.saturating_add(1)),
            Bound::Excluded(&end) => Some(end),
        };
        self.want = match (first, end) {
            (0, None) => RequestedRange::All,
            _ => RequestedRange::From { first, end },
        };
        self
    }

    /// Asks for the last `count` bytes; for all of them if there are fewer.
    pub fn with_last(mut self, count: u64) -> Self {
        self.want = RequestedRange::Last(count);
        self
    }

    /// Downloads the content only if it still has this ETag (`If-Match`), quotes included; else
    /// the server answers 412.
    pub fn with_etag(mut self, etag: &str) -> Self {
        self.call = self.call.with_header("if-match", etag);
        self
    }

    /// Goes on after a lost connection although the server names neither ETag nor anything like
    /// it: only the sizes are compared then. Right for content that is never overwritten.
    pub fn with_unvalidated_resume(mut self) -> Self {
        self.unvalidated = true;
        self
    }

    /// Is told how far the download is; called for every piece, so it should be quick. Offsets are
    /// those of the whole content.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.notify = Notify::new(callback);
        self
    }

    /// Asks for the content and gives it as a stream.
    ///
    /// # Errors
    ///
    /// As any call.
    pub async fn open(self) -> Result<DownloadStream> {
        let id = self.call.method().id;
        if self.want.is_empty() {
            let message = "the range to download is empty";
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_method(id));
        }
        let state = DownloadState::new(self.call, self.want, self.unvalidated, self.notify);
        state.open().await.map_err(|error| error.with_method(id))
    }

    /// Downloads into memory, at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// As any call; and when the content is longer than `limit`.
    pub async fn to_bytes(self, limit: u64) -> Result<Bytes> {
        let mut stream = self.open().await?;
        let mut all = BytesMut::new();
        while let Some(piece) = stream.next().await {
            let piece = piece?;
            if (all.len() + piece.len()) as u64 > limit {
                let message = format!("the content is longer than the limit of {limit} bytes");
                return Err(Error::new(ErrorKind::Media, message));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Downloads to a writer, which is flushed and not closed.
    ///
    /// # Errors
    ///
    /// As any call; and when the writer fails. What was written by then stays written.
    pub async fn to_writer(self, mut writer: impl AsyncWrite + Unpin) -> Result<Downloaded> {
        let mut stream = self.open().await?;
        let mut bytes = 0;
        while let Some(piece) = stream.next().await {
            let piece = piece?;
            bytes += piece.len() as u64;
            write_all(&mut writer, &piece).await.map_err(|error| failed("write", error))?;
        }
        poll_fn(|cx| Pin::new(&mut writer).poll_flush(cx))
            .await
            .map_err(|error| failed("write", error))?;
        Ok(downloaded(&stream, bytes))
    }

    /// Downloads to a file, whole or not at all: bytes go to a file beside it, which takes its
    /// name when all are there and on disk.
    ///
    /// A file of that name is replaced and its permissions are kept, from the first byte on. A
    /// symbolic link stays, and what it leads to is replaced. Devices and pipes, such as
    /// `/dev/stdout`, are written in place.
    ///
    /// # Errors
    ///
    /// As any call; and when the file cannot be written.
    #[cfg(not(target_family = "wasm"))]
    pub async fn to_file(self, path: impl AsRef<std::path::Path>) -> Result<Downloaded> {
        let mut stream = self.open().await?;
        let name = path.as_ref().display().to_string();
        let fail = |error| failed(&name, error);
        let mut file = super::sink::PartFile::create(path.as_ref()).await.map_err(fail)?;
        let mut bytes = 0;
        while let Some(piece) = stream.next().await {
            let piece = piece?;
            bytes += piece.len() as u64;
            file.write(piece).await.map_err(fail)?;
        }
        file.finish().await.map_err(fail)?;
        Ok(downloaded(&stream, bytes))
    }
}

async fn write_all(
    writer: &mut (impl AsyncWrite + Unpin),
    mut bytes: &[u8],
) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let written = poll_fn(|cx| Pin::new(&mut *writer).poll_write(cx, bytes)).await?;
        if written == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

fn failed(what: &str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Media, format!("cannot {what}: {error}")).with_source(error)
}

fn downloaded(stream: &DownloadStream, bytes: u64) -> Downloaded {
    Downloaded {
        bytes,
        content_type: stream.content_type().map(str::to_owned),
        etag: stream.etag().map(str::to_owned),
        headers: stream.headers().clone(),
    }
}
