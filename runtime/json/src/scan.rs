//! Search for special bytes, eight at a time.

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// Sets bit 7 of each byte that is special in a JSON string: a quote, a backslash, or a control
/// character. Bytes above the first hit may be wrong.
#[inline(always)]
fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let control = word.wrapping_sub(ONES * 0x20);
    ((quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (control & !word))
        & HIGH
}

/// Returns the index, from `from` on, of the first quote, backslash, or control character, or the
/// length if there is none.
#[inline]
pub(crate) fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    // Most names and many strings end here.
    for _ in 0..4 {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
            return tail_end(bytes, at);
        };
        let hits = special(u64::from_le_bytes(*chunk));
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    long_end(bytes, at)
}

/// Returns 0 for a special byte only. Written without branches and with operations that processors
/// have for 16 bytes at a time, so that the compiler vectorizes loops over it.
#[inline(always)]
fn distance(byte: u8) -> u8 {
    (byte ^ b'"').min(byte ^ b'\\').min(byte.saturating_sub(0x1F))
}

#[inline(always)]
fn any_special(block: &[u8; 32]) -> bool {
    let (left, right) = block.split_at(16);
    let pairs = left.iter().zip(right);
    pairs.fold(false, |any, (&a, &b)| any | (distance(a).min(distance(b)) == 0))
}

/// Continues in long strings, in blocks that the compiler vectorizes.
#[inline(never)]
fn long_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        if any_special(block) {
            break;
        }
        at += 32;
    }
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let hits = special(u64::from_le_bytes(*chunk));
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    tail_end(bytes, at)
}

/// Continues in the last bytes, fewer than eight.
#[inline]
fn tail_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..0x20) {
            break;
        }
        at += 1;
    }
    at
}

/// Returns `true` if the byte is JSON whitespace.
#[inline(always)]
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_bytes_are_found_at_every_place() {
        for length in 0..100 {
            for place in 0..=length {
                for byte in 0..=u8::MAX {
                    // Neighbors that borrow or carry into the byte, if words are compared.
                    let mut text = vec![b'!'; length];
                    text.iter_mut().skip(place).step_by(2).for_each(|b| *b = b'#');
                    let special = matches!(byte, b'"' | b'\\' | 0..0x20) && place < length;
                    if let Some(b) = text.get_mut(place) {
                        *b = byte;
                    }
                    let end = if special { place } else { length };
                    assert_eq!(string_end(&text, 0), end, "{byte} at {place} of {length}");
                }
            }
        }
        assert_eq!(string_end(b"\"abc\"d", 1), 4);
    }
}
