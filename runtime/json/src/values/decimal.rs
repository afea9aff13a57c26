//! Digits of the fixed forms: dates, times, fractions of a second.

use std::fmt;

/// Takes exactly `count` digits off the front of a text.
pub(super) fn take_digits(text: &mut &str, count: usize) -> Option<u32> {
    let (digits, rest) = text.split_at_checked(count)?;
    *text = rest;
    digits
        .bytes()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// Takes one given character off the front of a text.
pub(super) fn take(text: &mut &str, character: char) -> Option<()> {
    *text = text.strip_prefix(character)?;
    Some(())
}

/// Takes a fraction of a second, `.` and 1 to 9 digits, as nanoseconds; 0 where there is none.
pub(super) fn take_fraction(text: &mut &str) -> Option<u32> {
    if take(text, '.').is_none() {
        return Some(0);
    }
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let value = take_digits(text, count)?;
    Some(value * 10u32.pow(9 - count as u32))
}

/// Writes nanoseconds as `.` and 3, 6 or 9 digits, as few as are exact; nothing for 0.
pub(super) fn show_fraction(f: &mut fmt::Formatter<'_>, nanos: u32) -> fmt::Result {
    if nanos == 0 {
        Ok(())
    } else if nanos.is_multiple_of(1_000_000) {
        write!(f, ".{:03}", nanos / 1_000_000)
    } else if nanos.is_multiple_of(1_000) {
        write!(f, ".{:06}", nanos / 1_000)
    } else {
        write!(f, ".{nanos:09}")
    }
}
