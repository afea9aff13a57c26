//! Fractions of a second.

use std::fmt;

/// Takes exactly `count` digits off the front of a text.
fn take_digits(text: &mut &str, count: usize) -> Option<u32> {
    let (digits, rest) = text.split_at_checked(count)?;
    *text = rest;
    digits
        .bytes()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// Takes a character off the front of a text.
fn take_char(text: &mut &str, character: char) -> Option<()> {
    *text = text.strip_prefix(character)?;
    Some(())
}

/// Takes a fraction of a second, `.` and 1 to 9 digits; returns nanoseconds and the number of
/// digits, or zeros if there is none.
pub(super) fn take_fraction(text: &mut &str) -> Option<(u32, u8)> {
    if take_char(text, '.').is_none() {
        return Some((0, 0));
    }
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let value = take_digits(text, count)?;
    Some((value * 10u32.pow(9 - count as u32), count as u8))
}

/// Writes nanoseconds as `.` and a number of digits, or nothing for zero digits.
pub(super) fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: u32, digits: u8) -> fmt::Result {
    if digits == 0 {
        return Ok(());
    }
    let fraction = nanos / 10u32.pow(9 - u32::from(digits.min(9)));
    write!(f, ".{fraction:0width$}", width = usize::from(digits))
}
