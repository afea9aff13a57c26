//! Content that arrives in chunks.

use bytes::{Bytes, BytesMut};

use super::checksum::{Running, digest};

/// What is stored while a chunk arrives is a multiple of this; the rest counts only if the chunk
/// comes whole.
const GRAIN: usize = 256 * 1024;

/// Content that has arrived whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Uploaded {
    /// The content; empty where it is not kept.
    pub bytes: Bytes,
    /// Its size.
    pub size: u64,
    /// Its CRC-32C.
    pub crc32c: u32,
}

/// Content that is being put together.
pub(crate) struct Assembly {
    kept: BytesMut,
    pending: BytesMut,
    crc: Running,
    size: u64,
    discards: bool,
    /// How many more bytes of this chunk are kept.
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

    /// How many bytes are stored for good.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Begins a chunk of which at most `allowance` bytes are kept.
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
        let whole = self.pending.len() / GRAIN * GRAIN;
        self.store(whole);
    }

    /// Ends a chunk. Unless it came whole, what is less than a grain is lost.
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

    /// Ends the content.
    pub(crate) fn finish(self) -> Uploaded {
        Uploaded { bytes: self.kept.freeze(), size: self.size, crc32c: self.crc.finalize() }
    }
}
