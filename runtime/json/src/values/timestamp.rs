//! Points in time.

use super::calendar::{date_from_days, days_from_date};
use super::date::{Date, take_date};
use super::decimal::{take, take_digits, take_fraction};
use super::duration::Duration;
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

const DAY: i64 = 86_400;
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// A point in time to the nanosecond, in the years 1 to 9999 of UTC (`google.protobuf.Timestamp`).
///
/// Its text is RFC 3339: any offset is read, `Z` is written, with 0, 3, 6 or 9 digits of a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { seconds: 0, nanos: 0 };
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self { seconds: FIRST, nanos: 0 };
    /// 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self { seconds: LAST, nanos: 999_999_999 };

    /// The point this many seconds after the Unix epoch, and nanoseconds (below a second) after
    /// that. Before the epoch seconds are negative, nanoseconds still count forwards.
    ///
    /// # Errors
    /// When not in the years 1 to 9999, or `nanos` is a second or more.
    pub fn new(seconds: i64, nanos: u32) -> Result<Self, ValueError> {
        if (FIRST..=LAST).contains(&seconds) && nanos < 1_000_000_000 {
            Ok(Self { seconds, nanos })
        } else {
            Err(ValueError::new(format!(
                "{seconds} s and {nanos} ns after 1970 is not a time in the years 1 to 9999"
            )))
        }
    }

    /// Seconds since the Unix epoch, towards the past.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after that second, 0 to 999,999,999.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// The date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        let (year, month, day) = date_from_days(self.seconds.div_euclid(DAY));
        Date::new(year, month, day).unwrap_or_default()
    }

    /// The point a span later, or earlier for a negative one; `None` out of range.
    #[must_use]
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        Self::from_nanos(self.as_nanos() + span.as_nanos())
    }

    /// The point a span earlier; `None` out of range.
    #[must_use]
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        Self::from_nanos(self.as_nanos() - span.as_nanos())
    }

    /// The span since another point; negative when that is later.
    #[must_use]
    pub fn since(self, other: Self) -> Duration {
        // Ten thousand years, less a second, fit into a duration.
        Duration::from_nanos(self.as_nanos() - other.as_nanos()).unwrap_or_default()
    }

    fn as_nanos(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos)
    }

    fn from_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        Self::new(seconds, nanos.rem_euclid(1_000_000_000) as u32).ok()
    }
}

fn parse(text: &str) -> Option<Timestamp> {
    let mut rest = text;
    let date = take_date(&mut rest)?;
    take(&mut rest, 'T')?;
    let hour = take_digits(&mut rest, 2).filter(|hour| *hour < 24)?;
    take(&mut rest, ':')?;
    let minute = take_digits(&mut rest, 2).filter(|minute| *minute < 60)?;
    take(&mut rest, ':')?;
    // RFC 3339 allows a leap second; protobuf and its servers do not.
    let second = take_digits(&mut rest, 2).filter(|second| *second < 60)?;
    let nanos = take_fraction(&mut rest)?;
    let offset = take_offset(&mut rest)?;
    let days = days_from_date(date.year(), date.month(), date.day());
    let local = days * DAY + i64::from(hour * 3_600 + minute * 60 + second);
    if rest.is_empty() { Timestamp::new(local - offset, nanos).ok() } else { None }
}

/// Takes `Z` or `±hh:mm`, as seconds east of UTC.
fn take_offset(text: &mut &str) -> Option<i64> {
    if take(text, 'Z').is_some() {
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    *text = text.get(1..)?;
    let hour = take_digits(text, 2).filter(|hour| *hour < 24)?;
    take(text, ':')?;
    let minute = take_digits(text, 2).filter(|minute| *minute < 60)?;
    Some(sign * i64::from(hour * 3_600 + minute * 60))
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse(text).ok_or_else(|| {
            ValueError::new(format!(
                "expected a time such as 2025-10-14T09:30:00.5Z, in the years 1 to 9999, found \
                 {text:?}"
            ))
        })
    }
}

/// The wire text of a time, made without the machinery of `fmt`: answers are full of them.
struct Text {
    bytes: [u8; 30],
    len: usize,
}

impl Text {
    fn of(time: Timestamp) -> Self {
        let second = time.seconds.rem_euclid(DAY) as u32;
        let date = time.date();
        let mut text = Self { bytes: *b"0000-00-00T00:00:00.000000000Z", len: 30 };
        text.digits(0, 4, date.year().into());
        text.digits(5, 2, date.month().into());
        text.digits(8, 2, date.day().into());
        text.digits(11, 2, second / 3_600);
        text.digits(14, 2, second / 60 % 60);
        text.digits(17, 2, second % 60);
        if time.nanos == 0 {
            text.end(19);
        } else {
            text.digits(20, 9, time.nanos);
            text.end(match time.nanos {
                nanos if nanos.is_multiple_of(1_000_000) => 23,
                nanos if nanos.is_multiple_of(1_000) => 26,
                _ => 29,
            });
        }
        text
    }

    /// Writes a number in so many digits.
    fn digits(&mut self, from: usize, count: usize, mut number: u32) {
        for byte in self.bytes.iter_mut().skip(from).take(count).rev() {
            *byte = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }

    /// Puts the `Z` at a place, where the text then ends.
    fn end(&mut self, at: usize) {
        if let Some(byte) = self.bytes.get_mut(at) {
            *byte = b'Z';
        }
        self.len = at + 1;
    }

    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Text::of(*self).as_str())
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = ValueError;

    fn try_from(time: SystemTime) -> Result<Self, ValueError> {
        let nanos = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).ok(),
            Err(error) => i128::try_from(error.duration().as_nanos()).ok().map(|before| -before),
        };
        nanos
            .and_then(Self::from_nanos)
            .ok_or_else(|| ValueError::new("the system time is not in the years 1 to 9999"))
    }
}

/// Fails where the system's clock does not reach: before 1601 on Windows.
impl TryFrom<Timestamp> for SystemTime {
    type Error = ValueError;

    fn try_from(time: Timestamp) -> Result<Self, ValueError> {
        let span = std::time::Duration::new(time.seconds.unsigned_abs(), 0);
        let second = if time.seconds < 0 {
            Self::UNIX_EPOCH.checked_sub(span)
        } else {
            Self::UNIX_EPOCH.checked_add(span)
        };
        second
            .and_then(|second| second.checked_add(std::time::Duration::new(0, time.nanos)))
            .ok_or_else(|| ValueError::new(format!("{time} is out of range of the system time")))
    }
}

impl Decode for Timestamp {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parsed("a time")
    }
}

impl Encode for Timestamp {
    fn encode(&self, w: &mut Writer) {
        w.plain(Text::of(*self).as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn texts_are_exact() {
        for (seconds, nanos, text) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
            (951_782_399, 500_000_000, "2000-02-28T23:59:59.500Z"),
            (951_782_400, 1_000, "2000-02-29T00:00:00.000001Z"),
            (951_782_400, 1_000_000, "2000-02-29T00:00:00.001Z"),
            (951_782_400, 1, "2000-02-29T00:00:00.000000001Z"),
        ] {
            let time = Timestamp::new(seconds, nanos);
            assert_eq!(time.as_ref().map(ToString::to_string), Ok(text.to_owned()));
            assert_eq!(text.parse::<Timestamp>(), time);
        }
        assert_eq!(Timestamp::MIN.to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999999Z");
    }
}
