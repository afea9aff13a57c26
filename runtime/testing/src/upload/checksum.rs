//! CRC-32C, as Cloud Storage states it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc::{CRC_32_ISCSI, Crc, Digest, Table};

type Width = Table<16>;

static CRC32C: Crc<u32, Width> = Crc::<u32, Width>::new(&CRC_32_ISCSI);

/// A checksum under way.
pub(crate) fn digest() -> Digest<'static, u32, Width> {
    CRC32C.digest()
}

/// The type of [`digest`].
pub(crate) type Running = Digest<'static, u32, Width>;

/// The checksum of bytes.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    CRC32C.checksum(bytes)
}

/// A checksum as `x-goog-hash` writes it: base64 of its four bytes, the highest first.
pub(crate) fn base64(crc: u32) -> String {
    STANDARD.encode(crc.to_be_bytes())
}

/// The CRC-32C of bytes as `x-goog-hash` and Cloud Storage's `crc32c` write it.
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
