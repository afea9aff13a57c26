//! Base64 (RFC 4648), lenient when decoding: both alphabets, with or without padding.

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const INVALID: u8 = 64;

const VALUES: [u8; 256] = {
    let mut values = [INVALID; 256];
    let mut at = 0;
    while at < 64 {
        values[URL_SAFE[at] as usize] = at as u8;
        values[STANDARD[at] as usize] = at as u8;
        at += 1;
    }
    values
};

/// The notation of encoded bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Whether the alphabet is the one with `+` and `/`.
    standard: bool,
    /// Whether the padding is missing.
    bare: bool,
    /// Unused bits of the last character, which careless encoders set.
    rest: u8,
}

impl Encoding {
    /// The standard alphabet with padding.
    pub(super) const STANDARD: Self = Self { standard: true, bare: false, rest: 0 };
}

/// Encodes bytes.
pub(super) fn encode(bytes: &[u8], encoding: Encoding) -> String {
    let alphabet = if encoding.standard { STANDARD } else { URL_SAFE };
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let mut value = (bits >> (18 - 6 * place) & 63) as u8;
            if place == chunk.len() && place < 3 {
                value |= encoding.rest;
            }
            if place <= chunk.len() {
                out.push(char::from(alphabet[usize::from(value & 63)]));
            } else if !encoding.bare {
                out.push('=');
            }
        }
    }
    out
}

/// Decodes text and its notation, or returns the offset of the first invalid character. Text with
/// characters of both alphabets is invalid.
///
/// Unused bits after the last byte are ignored, as in protobuf.
pub(super) fn decode(text: &str) -> Result<(Vec<u8>, Encoding), usize> {
    let padded = text.len();
    let text = text.trim_end_matches('=');
    let padding = padded - text.len();
    let rest = text.len() % 4;
    if rest == 1 || padding > 2 || (padding > 0 && !(rest + padding).is_multiple_of(4)) {
        return Err(text.len());
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + rest.saturating_sub(1));
    let mut last = 0;
    for (index, chunk) in text.as_bytes().chunks(4).enumerate() {
        let mut bits = 0u32;
        for (place, byte) in chunk.iter().enumerate() {
            let value = VALUES[usize::from(*byte)];
            if value == INVALID {
                return Err(index * 4 + place);
            }
            bits |= u32::from(value) << (18 - 6 * place);
            last = value;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend([first, second, third].iter().take(chunk.len() - 1));
    }
    let left_over = [0, 0, 15, 3].get(rest).copied().unwrap_or(0);
    let standard = uses_standard_alphabet(text)?;
    Ok((out, Encoding { standard, bare: rest != 0 && padding == 0, rest: last & left_over }))
}

/// Returns whether a text uses the alphabet with `+` and `/`, or the offset of the first character
/// of the other alphabet if it uses both.
fn uses_standard_alphabet(text: &str) -> Result<bool, usize> {
    match (text.find(['+', '/']), text.find(['-', '_'])) {
        (Some(standard), Some(url_safe)) => Err(standard.max(url_safe)),
        (standard, _) => Ok(standard.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, decode, encode};
    use proptest::prelude::*;

    #[test]
    fn parses_the_forms_of_servers() {
        let cases: [(&str, Result<&[u8], usize>); 16] = [
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
            ("AQJ", Ok(&[1, 2])),
            ("+_8=", Err(1)),
        ];
        for (text, bytes) in cases {
            let decoded = decode(text);
            if let Ok((bytes, encoding)) = &decoded {
                assert_eq!(encode(bytes, *encoding), text);
            }
            assert_eq!(decoded.map(|(bytes, _)| bytes), bytes.map(<[u8]>::to_vec), "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            let text = encode(&bytes, Encoding::default());
            prop_assert_eq!(text.len() % 4, 0);
            let standard = text.replace('-', "+").replace('_', "/");
            let bare = text.trim_end_matches('=');
            for text in [&text, bare, &standard, standard.trim_end_matches('=')] {
                let (decoded, encoding) = decode(text).unwrap();
                prop_assert_eq!(&decoded, &bytes);
                prop_assert_eq!(encode(&bytes, encoding), text);
            }
        }

        #[test]
        fn never_panics(text: String) {
            let _ = decode(&text);
        }
    }
}
