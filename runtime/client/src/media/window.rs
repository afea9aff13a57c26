//! Buffer of a one-shot stream, with the bytes that may have to be sent again.

use std::collections::VecDeque;
use std::future::poll_fn;

use bytes::Bytes;

use crate::transport::{BoxError, ByteStream};

/// A stream with the bytes that were read and may still be needed.
pub(super) struct Window {
    stream: ByteStream,
    pieces: VecDeque<Bytes>,
    /// Offset of the first buffered byte.
    start: u64,
    /// Offset after the last buffered byte.
    end: u64,
    size: Option<u64>,
    ended: bool,
}

impl Window {
    pub(super) fn new(stream: ByteStream, size: Option<u64>) -> Self {
        Self { stream, pieces: VecDeque::new(), start: 0, end: 0, size, ended: false }
    }

    /// Returns the size, as set or as found at the end of the stream.
    pub(super) const fn size(&self) -> Option<u64> {
        self.size
    }

    /// Sets the expected size of the stream.
    pub(super) const fn set_size(&mut self, size: u64) {
        self.size = Some(size);
    }

    /// Returns the offset of the earliest readable byte.
    pub(super) const fn start(&self) -> u64 {
        self.start
    }

    /// Offset after the last buffered byte.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// Returns `true` if the stream has ended.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }

    /// Converts into a stream, for an upload in one request.
    pub(super) fn into_stream(self) -> ByteStream {
        let read = super::read::Concat::new(self.pieces);
        Box::pin(super::read::Chain([Box::pin(read) as ByteStream, self.stream].into()))
    }

    /// Discards the bytes before `offset`, reading up to it if necessary.
    pub(super) async fn discard_before(&mut self, offset: u64) -> Result<(), BoxError> {
        loop {
            while let Some(first) = self.pieces.front_mut() {
                let ahead = offset.saturating_sub(self.start);
                let drop = usize::try_from(ahead).map_or(first.len(), |n| n.min(first.len()));
                let _ = first.split_to(drop);
                self.start += drop as u64;
                if !first.is_empty() {
                    return Ok(());
                }
                self.pieces.pop_front();
            }
            if self.start >= offset || !self.read_piece().await? {
                return Ok(());
            }
        }
    }

    /// Reads until more than `len` bytes are buffered or the stream has ended: one additional byte
    /// tells whether a chunk is the last.
    pub(super) async fn fill(&mut self, len: u64) -> Result<(), BoxError> {
        while self.end - self.start <= len && self.read_piece().await? {}
        Ok(())
    }

    /// Reads one piece; returns `false` at the end.
    async fn read_piece(&mut self) -> Result<bool, BoxError> {
        if self.ended {
            return Ok(false);
        }
        match poll_fn(|cx| self.stream.as_mut().poll_next(cx)).await {
            Some(piece) => {
                let piece = piece?;
                self.end += piece.len() as u64;
                self.pieces.push_back(piece);
                match self.size.filter(|&size| self.end > size) {
                    Some(size) => Err(self.mismatch(size, "at least ")),
                    None => Ok(true),
                }
            }
            None => {
                self.ended = true;
                match self.size.filter(|&size| self.end != size) {
                    Some(size) => Err(self.mismatch(size, "")),
                    None => {
                        self.size = Some(self.end);
                        Ok(false)
                    }
                }
            }
        }
    }

    fn mismatch(&self, size: u64, least: &str) -> BoxError {
        format!("the stream was expected to have {size} bytes but has {least}{}", self.end).into()
    }

    /// Returns the first `len` buffered bytes without copying.
    pub(super) fn head(&self, len: u64) -> Vec<Bytes> {
        let mut left = len;
        let mut head = Vec::new();
        for piece in &self.pieces {
            let take = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
            if take == 0 {
                break;
            }
            head.push(piece.slice(..take));
            left -= take as u64;
        }
        head
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::Concat;
    use super::*;

    fn window(pieces: &[&'static str], size: Option<u64>) -> Window {
        let pieces: Vec<Bytes> = pieces.iter().map(|s| Bytes::from_static(s.as_bytes())).collect();
        Window::new(Box::pin(Concat::new(pieces)), size)
    }

    fn text(window: &Window, len: u64) -> String {
        String::from_utf8(window.head(len).concat()).unwrap()
    }

    #[tokio::test]
    async fn keeps_unconfirmed_bytes() {
        let mut window = window(&["abc", "def", "ghi"], None);
        window.fill(4).await.unwrap();
        assert_eq!((text(&window, 4), window.end(), window.ended()), ("abcd".into(), 6, false));
        window.discard_before(2).await.unwrap();
        assert_eq!((window.start(), text(&window, 4)), (2, "cdef".into()));
        window.fill(4).await.unwrap();
        assert_eq!(text(&window, 99), "cdefghi");
        window.discard_before(4).await.unwrap();
        window.fill(99).await.unwrap();
        assert!(window.ended());
        assert_eq!((window.size(), text(&window, 99)), (Some(9), "efghi".into()));
    }

    #[tokio::test]
    async fn skips_stored_bytes() {
        let mut window = window(&["abc", "def"], None);
        window.discard_before(5).await.unwrap();
        window.fill(10).await.unwrap();
        assert_eq!((window.start(), text(&window, 10)), (5, "f".into()));
        window.discard_before(50).await.unwrap();
        assert_eq!((window.start(), window.end(), window.ended()), (6, 6, true));
    }

    #[tokio::test]
    async fn announced_sizes_are_checked() {
        let error = window(&["abc"], Some(4)).fill(10).await.unwrap_err();
        assert!(error.to_string().contains("4 bytes but has 3"), "{error}");
        let error = window(&["abc", "def"], Some(4)).fill(10).await.unwrap_err();
        assert!(error.to_string().contains("has at least 6"), "{error}");
        let mut right = window(&["abc"], Some(3));
        right.fill(10).await.unwrap();
        assert!(right.ended());
    }

    #[tokio::test]
    async fn the_stream_is_whole_again() {
        let mut window = window(&["abc", "def", "ghi"], None);
        window.fill(1).await.unwrap();
        let mut stream = window.into_stream();
        let mut all = Vec::new();
        while let Some(piece) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
            all.extend_from_slice(&piece.unwrap());
        }
        assert_eq!(all, b"abcdefghi");
    }
}
