//! Decompression of responses.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use flate2::write::MultiGzDecoder;
use futures_core::Stream;
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE};

use super::{ResponseBody, TransportError, TransportErrorKind};

/// Decompresses a body with `content-encoding: gzip`. Ranges are not decompressed: a range of
/// compressed bytes is not a range of the content.
pub(crate) fn gunzip(mut head: http::Response<ResponseBody>) -> http::Response<ResponseBody> {
    let partial = head.status() == StatusCode::PARTIAL_CONTENT;
    if partial || head.headers().contains_key(CONTENT_RANGE) {
        return head;
    }
    let headers = head.headers_mut();
    let gzip = |value: &http::HeaderValue| {
        value.as_bytes().eq_ignore_ascii_case(b"gzip")
            || value.as_bytes().eq_ignore_ascii_case(b"x-gzip")
    };
    if !headers.get(CONTENT_ENCODING).is_some_and(gzip) {
        return head;
    }
    // Both headers describe the compressed form.
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    head.extensions_mut().insert(super::Decompressed);
    head.map(|body| {
        let decoder = MultiGzDecoder::new(Vec::new());
        let (chunk, decoder) = (Bytes::new(), Some(decoder));
        ResponseBody::stream(Gunzip { body, decoder, chunk, empty: true })
    })
}

/// Number of unpacked bytes to pass on, so that a limit applies before much is unpacked.
const STEP: usize = 64 * 1024;

struct Gunzip {
    body: ResponseBody,
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
    /// What is left of the current chunk.
    chunk: Bytes,
    empty: bool,
}

impl Gunzip {
    /// Unpacks a part of the current chunk.
    fn unpack(&mut self) -> std::io::Result<Bytes> {
        let Some(decoder) = &mut self.decoder else { return Ok(Bytes::new()) };
        while !self.chunk.is_empty() && decoder.get_ref().len() < STEP {
            // Adds at most 32 KiB.
            let taken = decoder.write(&self.chunk)?;
            if taken == 0 {
                return Err(std::io::ErrorKind::WriteZero.into());
            }
            self.chunk.advance(taken);
        }
        if self.chunk.is_empty() {
            // What the chunk completes must not wait for the next one.
            decoder.flush()?;
        }
        Ok(std::mem::take(decoder.get_mut()).into())
    }

    fn finish(&mut self) -> std::io::Result<Bytes> {
        match self.decoder.take() {
            // An empty body stays empty, as in responses to HEAD, 204, and 304.
            Some(_) if self.empty => Ok(Bytes::new()),
            Some(decoder) => decoder.finish().map(Bytes::from),
            None => Ok(Bytes::new()),
        }
    }
}

impl Stream for Gunzip {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.decoder.is_none() {
            return Poll::Ready(None);
        }
        let mut ended = false;
        if this.chunk.is_empty() {
            match ready!(this.body.poll_chunk(cx)) {
                Some(Ok(chunk)) => (this.empty, this.chunk) = (false, chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => ended = true,
            }
        }
        let unpacked = if ended { this.finish() } else { this.unpack() };
        Poll::Ready(Some(unpacked.map_err(|error| {
            this.decoder = None;
            decode_error(error)
        })))
    }
}

fn decode_error(error: std::io::Error) -> TransportError {
    // An early end means a broken connection in a transport without lengths.
    let kind = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Decode,
    };
    TransportError::new(kind, "the compressed response is corrupt").with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    struct Pieces(Vec<Bytes>);

    impl Stream for Pieces {
        type Item = Result<Bytes, TransportError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.pop().map(Ok))
        }
    }

    async fn unpack(packed: &[u8], piece: usize) -> Result<Bytes, TransportError> {
        let mut pieces: Vec<Bytes> = packed.chunks(piece).map(Bytes::copy_from_slice).collect();
        pieces.reverse();
        let head = http::Response::builder().header(CONTENT_ENCODING, "GZIP");
        let head = gunzip(head.body(ResponseBody::stream(Pieces(pieces))).unwrap());
        assert!(!head.headers().contains_key(CONTENT_ENCODING));
        head.into_body().collect(1 << 20).await
    }

    #[tokio::test]
    async fn unpacks_in_any_pieces() {
        let text: Vec<u8> = (0..100_000u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let packed = packed(&text);
        for piece in [1, 7, 1000, packed.len()] {
            assert_eq!(unpack(&packed, piece).await.unwrap(), text);
        }
        assert_eq!(unpack(&[], 1).await.unwrap(), Bytes::new());
    }

    #[tokio::test]
    async fn tells_cut_from_damaged() {
        let packed = packed(b"some text that is long enough to be cut");
        let cut = unpack(&packed[..packed.len() - 9], 5).await.unwrap_err();
        assert_eq!(cut.kind(), TransportErrorKind::Interrupted);
        let damaged = unpack(b"this is not gzip at all", 5).await.unwrap_err();
        assert_eq!(damaged.kind(), TransportErrorKind::Decode);
    }

    #[tokio::test]
    async fn the_limit_applies_to_decompressed_bytes() {
        let bomb = packed(&vec![0; 4 << 20]);
        assert!(bomb.len() < 1 << 16);
        let error = unpack(&bomb, 1 << 16).await.unwrap_err();
        assert!(error.to_string().contains("longer than the limit"));
    }

    #[test]
    fn little_is_unpacked_beyond_the_limit() {
        let bomb = packed(&vec![0; 64 << 20]);
        let info = allocation_counter::measure(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let error = runtime.block_on(unpack(&bomb, bomb.len())).unwrap_err();
            assert!(error.to_string().contains("longer than the limit"));
        });
        assert!(info.bytes_max < 4 << 20, "{} bytes", info.bytes_max);
    }
}
