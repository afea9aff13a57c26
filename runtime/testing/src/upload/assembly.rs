//! Assembly of content from chunks.

use bytes::{Bytes, BytesMut};

use super::checksum::{Running, digest};

/// Bytes are stored in multiples of this size while a chunk arrives; the rest is stored only if the
/// chunk is complete.
const CHUNK_MULTIPLE: usize = 256 * 1024;

/// Completely uploaded content.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Uploaded {
    /// Content; empty if it is discarded.
    pub bytes: Bytes,
    /// Size in bytes.
    pub size: u64,
    /// CRC-32C of the content.
    pub crc32c: u32,
}

/// Content being assembled.
pub(crate) struct Assembly {
    kept: BytesMut,
    pending: BytesMut,
    crc: Running,
    size: u64,
    discards: bool,
    /// Number of bytes of this chunk that may still be stored.
    allowance: Option<u64>,
}

impl Assembly {
    pub(crate) fn new(discards: bool) -> Self {
        Self {
            kept: BytesMut::new(),
            pending: BytesMut::new(),
            crc: digest(),
            size: 0,
            discards,
            allowance: None,
        }
    }

    /// Returns the number of permanently stored bytes.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Starts a chunk of which at most `allowance` bytes are stored.
    pub(crate) fn begin(&mut self, allowance: Option<u64>) {
        self.pending.clear();
        self.allowance = allowance;
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let taken = match &mut self.allowance {
            None => bytes.len(),
            Some(left) => {
                let taken = usize::try_from(*left).map_or(bytes.len(), |n| n.min(bytes.len()));
                *left -= taken as u64;
                taken
            }
        };
        self.pending.extend_from_slice(&bytes[..taken]);
        let whole = self.pending.len() / CHUNK_MULTIPLE * CHUNK_MULTIPLE;
        self.store(whole);
    }

    /// Ends a chunk. If it is incomplete, bytes beyond the last multiple of [`CHUNK_MULTIPLE`] are dropped.
    pub(crate) fn end(&mut self, whole: bool) {
        if whole {
            self.store(self.pending.len());
        }
        self.pending.clear();
    }

    fn store(&mut self, len: usize) {
        let bytes = self.pending.split_to(len);
        self.crc.update(&bytes);
        self.size += len as u64;
        if !self.discards {
            self.kept.extend_from_slice(&bytes);
        }
    }

    /// Completes the content.
    pub(crate) fn finish(self) -> Uploaded {
        Uploaded { bytes: self.kept.freeze(), size: self.size, crc32c: self.crc.finalize() }
    }
}
