//! The content: a block of bytes without a short period, repeated.

use bytes::Bytes;
use futures_core::Stream;
use std::convert::Infallible;
use std::io::Write as _;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Size of the block. It fits into the processor's cache, so that the server costs little.
pub const BLOCK: usize = 256 * 1024;

/// Returns the block.
#[must_use]
pub fn block() -> Bytes {
    let byte = |at: u64| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
    (0..BLOCK as u64).map(byte).collect()
}

/// Returns the pieces of content of `size` bytes.
pub fn pieces(size: u64) -> Pieces {
    Pieces { block: block(), left: size }
}

/// Pieces of content, which share the memory of one block.
#[derive(Clone, Debug)]
pub struct Pieces {
    block: Bytes,
    left: u64,
}

impl Pieces {
    /// Returns the number of bytes to come.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Skips bytes at the beginning, whose number is a multiple of the block's size.
    #[must_use]
    pub fn skipping(mut self, bytes: u64) -> Self {
        self.left = self.left.saturating_sub(bytes);
        self
    }
}

impl Iterator for Pieces {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let len = usize::try_from(self.left).unwrap_or(BLOCK).min(BLOCK);
        self.left -= len as u64;
        (len > 0).then(|| self.block.slice(..len))
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.next().map(Ok))
    }
}

/// Returns the CRC-32C of content of `size` bytes.
#[must_use]
pub fn checksum(size: u64) -> u32 {
    pieces(size).fold(0, |sum, piece| crc32c::crc32c_append(sum, &piece))
}

/// Writes content to a file.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write(path: &Path, size: u64) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    pieces(size).try_for_each(|piece| file.write_all(&piece))
}
