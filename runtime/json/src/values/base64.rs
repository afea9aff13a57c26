//! Base64 (RFC 4648), lenient in reading: both alphabets, padded or not.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BAD: u8 = 64;

const VALUES: [u8; 256] = {
    let mut values = [BAD; 256];
    let mut at = 0;
    while at < 64 {
        values[ALPHABET[at] as usize] = at as u8;
        at += 1;
    }
    values[b'+' as usize] = 62;
    values[b'/' as usize] = 63;
    values
};

/// The URL-safe alphabet, padded.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > chunk.len() {
                out.push('=');
            } else {
                let value = bits >> (18 - 6 * place) & 63;
                out.push(char::from(ALPHABET[value as usize]));
            }
        }
    }
    out
}

/// The bytes of a text; the offset of the first character that is wrong if there is one.
///
/// Bits left over behind the last byte are ignored, as protobuf does.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let padded = text.len();
    let text = text.trim_end_matches('=');
    let padding = padded - text.len();
    let rest = text.len() % 4;
    if rest == 1 || padding > 2 || (padding > 0 && !(rest + padding).is_multiple_of(4)) {
        return Err(text.len());
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for (index, chunk) in text.as_bytes().chunks(4).enumerate() {
        let mut bits = 0u32;
        for (place, byte) in chunk.iter().enumerate() {
            let value = VALUES[usize::from(*byte)];
            if value == BAD {
                return Err(index * 4 + place);
            }
            bits |= u32::from(value) << (18 - 6 * place);
        }
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend([first, second, third].iter().take(chunk.len() - 1));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use proptest::prelude::*;

    #[test]
    fn reads_what_servers_send() {
        let cases: [(&str, Result<&[u8], usize>); 14] = [
            ("", Ok(b"")),
            ("AQI=", Ok(&[1, 2])),
            ("AQI", Ok(&[1, 2])),
            ("-_", Ok(&[0xfb])),
            ("+/", Ok(&[0xfb])),
            ("-_8=", Ok(&[0xfb, 0xff])),
            ("AA==", Ok(&[0])),
            ("AA=", Err(2)),
            ("AAAA====", Err(4)),
            ("=", Err(0)),
            ("A", Err(1)),
            ("AQ=I", Err(2)),
            ("AQ I", Err(2)),
            ("AQé", Err(2)),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode(text), bytes.map(<[u8]>::to_vec), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len() % 4, 0);
            prop_assert_eq!(decode(&text), Ok(bytes.clone()));
            prop_assert_eq!(decode(text.trim_end_matches('=')), Ok(bytes.clone()));
            let standard = text.replace('-', "+").replace('_', "/");
            prop_assert_eq!(decode(&standard), Ok(bytes));
        }

        #[test]
        fn never_panics(text: String) {
            let _ = decode(&text);
        }
    }
}
