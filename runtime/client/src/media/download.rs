//! Downloads.

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

/// A download, created by `download` of a call.
///
/// The timeout of the client covers the time to the first byte only. A timeout set on the call
/// (`with_timeout`) covers the whole download. The stall timeout applies in either case.
#[derive(Debug)]
#[must_use = "downloads do nothing unless a method such as `to_file` is awaited"]
pub struct Download {
    call: Call,
    want: RequestedRange,
    unvalidated: bool,
    as_stored: bool,
    notify: Notify,
}

/// Result of a download to a file or writer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Downloaded {
    /// Number of bytes written.
    pub bytes: u64,
    /// MIME type reported by the server.
    pub content_type: Option<String>,
    /// Encoding of the bytes, such as `gzip`, for a download with
    /// [`with_stored_bytes`](Download::with_stored_bytes).
    pub content_encoding: Option<String>,
    /// ETag reported by the server, including quotes.
    pub etag: Option<String>,
    /// Headers of the first response.
    pub headers: HeaderMap,
}

impl Download {
    /// Creates a download with the arguments of `call`.
    pub fn new(call: Call) -> Self {
        Self {
            call,
            want: RequestedRange::All,
            unvalidated: false,
            as_stored: false,
            notify: Notify::default(),
        }
    }

    /// Requests a range of the content, by offset: `..100`, `100..`, `100..200`. A range that
    /// starts after the end of the content is an error (416); one that ends after it is truncated.
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

    /// Requests the last `count` bytes, or all if there are fewer.
    pub fn with_last(mut self, count: u64) -> Self {
        self.want = RequestedRange::Last(count);
        self
    }

    /// Requires that the content still has this ETag (`If-Match`), including quotes; otherwise the
    /// server responds with 412.
    pub fn with_etag(mut self, etag: &str) -> Self {
        self.call = self.call.with_header("if-match", etag);
        self
    }

    /// Resumes after a lost connection even if the server sends neither an ETag nor another
    /// validator. Only sizes are compared, so use this for content that is never overwritten.
    pub fn with_unvalidated_resume(mut self) -> Self {
        self.unvalidated = true;
        self
    }

    /// Requests the bytes as they are stored: content stored with `Content-Encoding: gzip` is not
    /// decompressed, neither by the server nor by the client.
    ///
    /// Only then do ranges, sizes, and checksums of compressed content refer to the bytes returned,
    /// and only then can an interrupted download resume. [`DownloadStream::content_encoding`]
    /// returns the encoding. See Cloud Storage's [transcoding of gzip-compressed
    /// files](https://cloud.google.com/storage/docs/transcoding).
    pub fn with_stored_bytes(mut self) -> Self {
        self.as_stored = true;
        self
    }

    /// Sets a callback for progress. It runs for every piece, so it should be fast. Offsets refer
    /// to the whole content.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.notify = Notify::new(callback);
        self
    }

    /// Starts the download and returns it as a stream.
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn open(self) -> Result<DownloadStream> {
        let id = self.call.method().id;
        if self.want.is_empty() {
            let message = "the range to download is empty";
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_method(id));
        }
        let state =
            DownloadState::new(self.call, self.want, self.unvalidated, self.as_stored, self.notify);
        state.open().await.map_err(|error| error.with_method(id))
    }

    /// Downloads into memory, up to `limit` bytes.
    ///
    /// # Errors
    ///
    /// As for any call, and if the content exceeds `limit`.
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

    /// Downloads to a writer, which is flushed but not closed.
    ///
    /// # Errors
    ///
    /// As for any call, and if the writer fails. Bytes written before an error stay written.
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

    /// Downloads to a file atomically: bytes go to a temporary file, which is synced and renamed
    /// when it is complete.
    ///
    /// An existing file is replaced and its permissions are kept from the first byte on. Symbolic
    /// links stay; their target is replaced. Devices and pipes, such as `/dev/stdout`, are written
    /// in place.
    ///
    /// # Errors
    ///
    /// As for any call, and if the file cannot be written.
    #[cfg(not(target_family = "wasm"))]
    pub async fn to_file(self, path: impl AsRef<std::path::Path>) -> Result<Downloaded> {
        let mut stream = self.open().await?;
        let name = format!("write {}", path.as_ref().display());
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
        content_encoding: stream.content_encoding().map(str::to_owned),
        etag: stream.etag().map(str::to_owned),
        headers: stream.headers().clone(),
    }
}
