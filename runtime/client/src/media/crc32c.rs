//! CRC-32C (Castagnoli), the checksum of Cloud Storage's `x-goog-hash`.

/// A running checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crc32c(u32);

impl Crc32c {
    /// Computes the checksum of bytes.
    #[cfg(test)]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut crc = Self::default();
        crc.update(bytes);
        crc
    }

    /// Adds bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0 = ::crc32c::crc32c_append(self.0, bytes);
    }

    /// Returns the checksum of all bytes so far.
    pub(crate) const fn value(self) -> u32 {
        self.0
    }

    /// Encodes the checksum as in `x-goog-hash`: base64 of four bytes in big-endian order.
    pub(crate) fn to_base64(self) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = u64::from(self.0) << 4;
        let digit = |at: u32| char::from(DIGITS[((bits >> (30 - 6 * at)) & 63) as usize]);
        let mut text: String = (0..6).map(digit).collect();
        text.push_str("==");
        text
    }

    /// Returns whether an `x-goog-hash` header matches the checksum; `None` if it contains no
    /// CRC-32C.
    pub(crate) fn agrees(self, header: &str) -> Option<bool> {
        let named = header.split(',').find_map(|part| part.trim().strip_prefix("crc32c="))?;
        Some(named == self.to_base64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sums() {
        // RFC 3720, appendix B.4, and the usual check value.
        assert_eq!(Crc32c::of(b"123456789").value(), 0xe306_9283);
        assert_eq!(Crc32c::of(&[0; 32]).value(), 0x8a91_36aa);
        assert_eq!(Crc32c::of(&[0xff; 32]).value(), 0x62a8_ab43);
        assert_eq!(Crc32c::of(b"").value(), 0);
    }

    #[test]
    fn the_sum_of_a_long_piece() {
        // Long pieces take another path if the processor has an instruction; this sum was computed
        // bit by bit.
        let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
        assert_eq!(Crc32c::of(&bytes).value(), 0x7247_f66b);
    }

    #[test]
    fn header_form() {
        assert_eq!(Crc32c(0).to_base64(), "AAAAAA==");
        assert_eq!(Crc32c(0xe306_9283).to_base64(), "4waSgw==");
        assert_eq!(Crc32c(0xffff_ffff).to_base64(), "/////w==");
        let crc = Crc32c::of(b"123456789");
        assert_eq!(crc.agrees("md5=xyz==, crc32c=4waSgw=="), Some(true));
        assert_eq!(crc.agrees("crc32c=AAAAAA==,md5=x"), Some(false));
        assert_eq!(crc.agrees("md5=x"), None);
    }

    proptest::proptest! {
        #[test]
        fn checksums_of_pieces_combine(bytes in proptest::collection::vec(0_u8.., 0..200), cut in 0_usize..200) {
            let (a, b) = bytes.split_at(cut.min(bytes.len()));
            let mut pieces = Crc32c::default();
            pieces.update(a);
            pieces.update(b);
            proptest::prop_assert_eq!(pieces, Crc32c::of(&bytes));
        }
    }
}
