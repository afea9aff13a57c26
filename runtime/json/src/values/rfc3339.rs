//! Parsing and formatting of dates and times of RFC 3339.

use super::calendar::{date_from_days, days_from_date, days_in_month};

/// Seconds per day.
pub(super) const DAY: i64 = 86_400;
/// 0000-01-01T00:00:00.
pub(super) const CLOCK_MIN: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59.
pub(super) const CLOCK_MAX: i64 = 253_402_300_799;

/// Maximum number of preserved digits of a second.
const MAX_FRACTION_DIGITS: usize = 18;

/// Suffix of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// `Z`
    Utc,
    /// `z`
    LowerUtc,
    /// `+hh:mm`
    East,
    /// `-hh:mm`
    West,
    /// No suffix.
    Local,
}

/// A time with its notation.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    /// Clock time in seconds since 1970-01-01T00:00:00 by the same clock. A leap second counts as
    /// the following second.
    pub(super) clock: i64,
    /// Nanoseconds of the second.
    pub(super) nanos: u32,
    /// Remaining fraction, in units of 10⁻¹⁸ seconds.
    pub(super) attos: u32,
    /// Offset from UTC in minutes, without its sign.
    pub(super) minutes: u16,
    /// Number of digits of the fraction.
    pub(super) digits: u8,
    pub(super) zone: Zone,
    /// Whether date and time are separated by `t` instead of `T`.
    pub(super) lower_t: bool,
    /// Whether the second is 60.
    pub(super) leap: bool,
}

impl Parts {
    /// Creates a time in the canonical notation, with 0, 3, 6, or 9 digits.
    pub(super) const fn canonical(clock: i64, nanos: u32, zone: Zone, minutes: u16) -> Self {
        let digits = canonical_digits(nanos);
        Self { clock, nanos, attos: 0, minutes, digits, zone, lower_t: false, leap: false }
    }

    /// Returns the offset in seconds, positive to the east; `None` for a local time.
    pub(super) fn offset(&self) -> Option<i64> {
        offset_seconds(self.zone, self.minutes)
    }
}

/// Returns the offset of a zone in seconds.
pub(super) fn offset_seconds(zone: Zone, minutes: u16) -> Option<i64> {
    match zone {
        Zone::Utc | Zone::LowerUtc => Some(0),
        Zone::East => Some(i64::from(minutes) * 60),
        Zone::West => Some(i64::from(minutes) * -60),
        Zone::Local => None,
    }
}

/// Returns the fewest of 0, 3, 6, or 9 digits that are exact.
pub(super) const fn canonical_digits(nanos: u32) -> u8 {
    if nanos == 0 {
        0
    } else if nanos.is_multiple_of(1_000_000) {
        3
    } else if nanos.is_multiple_of(1_000) {
        6
    } else {
        9
    }
}

/// Parses two digits.
#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}

/// Parses `YYYY-MM-DD`, years 0 to 9999.
#[inline]
pub(super) fn date(text: &[u8; 10]) -> Option<(u16, u8, u8)> {
    let [c1, c2, y1, y2, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let year = u16::from(two_digits(c1, c2)?) * 100 + u16::from(two_digits(y1, y2)?);
    let (month, day) = (two_digits(m1, m2)?, two_digits(d1, d2)?);
    let exists = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    exists.then_some((year, month, day))
}

/// Parses a time in any notation of RFC 3339, or without an offset.
#[inline]
pub(super) fn parse(text: &str) -> Option<Parts> {
    let (head, rest) = text.as_bytes().split_first_chunk::<10>()?;
    let (year, month, day) = date(head)?;
    let (clock, rest) = rest.split_first_chunk::<9>()?;
    let [t @ (b'T' | b't'), h1, h2, b':', m1, m2, b':', s1, s2] = *clock else { return None };
    let (hour, minute, second) = (two_digits(h1, h2)?, two_digits(m1, m2)?, two_digits(s1, s2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, attos, digits, rest) = fraction(rest)?;
    let (zone, minutes) = zone(rest)?;
    let (hour, minute, second) = (i64::from(hour), i64::from(minute), i64::from(second));
    let clock = days_from_date(year, month, day) * DAY + hour * 3_600 + minute * 60 + second;
    let (lower_t, leap) = (t == b't', second == 60);
    let parts = Parts { clock, nanos, attos, minutes, digits, zone, lower_t, leap };
    // Leap seconds are at the end of a day in UTC.
    let possible = !leap || parts.offset().is_none_or(|offset| (clock - offset) % DAY == 0);
    possible.then_some(parts)
}

/// Parses a fraction into nanoseconds, the remainder, and the number of digits; returns the rest of
/// the text as well.
#[inline]
fn fraction(text: &[u8]) -> Option<(u32, u32, u8, &[u8])> {
    let Some((b'.', tail)) = text.split_first() else { return Some((0, 0, 0, text)) };
    let count = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=MAX_FRACTION_DIGITS).contains(&count) {
        return None;
    }
    let (digits, tail) = tail.split_at(count);
    let (nanos, attos) = digits.split_at(count.min(9));
    Some((nanos_from_digits(nanos), nanos_from_digits(attos), count as u8, tail))
}

/// Parses up to nine digits as billionths.
fn nanos_from_digits(digits: &[u8]) -> u32 {
    let number = digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    number * 10u32.pow(9 - digits.len() as u32)
}

#[inline]
fn zone(text: &[u8]) -> Option<(Zone, u16)> {
    match *text {
        [b'Z'] => Some((Zone::Utc, 0)),
        [] => Some((Zone::Local, 0)),
        [b'z'] => Some((Zone::LowerUtc, 0)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let hours = two_digits(h1, h2).filter(|hours| *hours < 24)?;
            let minutes = two_digits(m1, m2).filter(|minutes| *minutes < 60)?;
            let zone = if sign == b'+' { Zone::East } else { Zone::West };
            Some((zone, u16::from(hours) * 60 + u16::from(minutes)))
        }
        _ => None,
    }
}

/// The text of a time, formatted without `fmt`, since responses contain many times.
pub(super) struct Text {
    bytes: [u8; 44],
    len: usize,
}

impl Text {
    /// Formats a time whose clock is in the years 0 to 9999.
    pub(super) fn new(parts: &Parts) -> Self {
        let mut text = Self { bytes: [0; 44], len: 0 };
        let clock = parts.clock - i64::from(parts.leap);
        let (year, month, day) = date_from_days(clock.div_euclid(DAY));
        let second = clock.rem_euclid(DAY) as u32;
        text.digits(year.into(), 4);
        text.pair(b'-', month.into());
        text.pair(b'-', day.into());
        text.pair(if parts.lower_t { b't' } else { b'T' }, second / 3_600);
        text.pair(b':', second / 60 % 60);
        text.pair(b':', second % 60 + u32::from(parts.leap));
        text.fraction(parts);
        match parts.zone {
            Zone::Utc => text.push(b'Z'),
            Zone::LowerUtc => text.push(b'z'),
            Zone::East | Zone::West => {
                let sign = if parts.zone == Zone::East { b'+' } else { b'-' };
                text.pair(sign, u32::from(parts.minutes) / 60);
                text.pair(b':', u32::from(parts.minutes) % 60);
            }
            Zone::Local => {}
        }
        text
    }

    fn fraction(&mut self, parts: &Parts) {
        if parts.digits == 0 {
            return;
        }
        self.push(b'.');
        let nanos = parts.digits.min(9);
        self.digits(parts.nanos / 10u32.pow(9 - u32::from(nanos)), nanos.into());
        let attos = parts.digits - nanos;
        self.digits(parts.attos / 10u32.pow(9 - u32::from(attos.min(9))), attos.into());
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    /// Writes a separator and a two-digit number.
    fn pair(&mut self, mark: u8, number: u32) {
        self.push(mark);
        self.push(b'0' + (number / 10 % 10) as u8);
        self.push(b'0' + (number % 10) as u8);
    }

    /// Writes a number with a fixed count of digits.
    fn digits(&mut self, mut number: u32, count: usize) {
        let end = self.len + count;
        for byte in self.bytes.iter_mut().take(end).skip(self.len).rev() {
            *byte = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.len = end;
    }

    pub(super) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
