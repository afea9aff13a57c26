//! CRC-32C in the format of Cloud Storage.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc::{CRC_32_ISCSI, Crc, Digest, Table};

type Width = Table<16>;

static CRC32C: Crc<u32, Width> = Crc::<u32, Width>::new(&CRC_32_ISCSI);

/// Starts a checksum.
pub(crate) fn digest() -> Digest<'static, u32, Width> {
    CRC32C.digest()
}

/// Type of a running checksum.
pub(crate) type Running = Digest<'static, u32, Width>;

/// Returns the CRC-32C of bytes.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    CRC32C.checksum(bytes)
}

/// Formats a checksum as in `x-goog-hash`: base64 of its four bytes, big-endian.
pub(crate) fn base64(crc: u32) -> String {
    STANDARD.encode(crc.to_be_bytes())
}

/// Returns the CRC-32C of bytes in the format of `x-goog-hash` and Cloud Storage's `crc32c`.
#[must_use]
pub fn crc32c_base64(bytes: &[u8]) -> String {
    base64(crc32c(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_checksums() {
        // RFC 3720, B.4.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(base64(crc32c(b"123456789")), "4waSgw==");
    }
}
