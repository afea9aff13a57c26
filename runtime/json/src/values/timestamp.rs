//! Timestamps.

use super::calendar::date_from_days;
use super::date::Date;
use super::duration::Duration;
use super::rfc3339::{self, DAY, Parts, Text, Zone};
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;
const SECOND: i128 = 1_000_000_000;

/// A point in time in nanoseconds, in the years 1 to 9999 in UTC (`google.protobuf.Timestamp`).
/// Type of `format: google-datetime` fields.
///
/// Its text is RFC 3339 with up to 9 digits of a second and `Z` or an offset; servers write `Z`.
/// Values keep the notation they were read in, including digits and offset. Others are written in
/// UTC with 0, 3, 6, or 9 digits, as by protobuf.
///
/// The notation does not affect equality, order, or hash.
///
/// ```
/// use discovery_json::Timestamp;
///
/// let start = Timestamp::try_from("2026-01-15T02:00:00.50-08:00")?;
/// assert_eq!(start.to_string(), "2026-01-15T02:00:00.50-08:00");
/// assert_eq!(start, Timestamp::try_from("2026-01-15T10:00:00.5Z")?);
/// assert_eq!(start.to_utc().to_string(), "2026-01-15T10:00:00.500Z");
/// assert!(start < std::time::SystemTime::now().into());
/// # Ok::<(), discovery_json::ValueError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
    /// Offset from UTC in minutes, without its sign.
    minutes: u16,
    /// Number of digits of the fraction.
    digits: u8,
    zone: Zone,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self::utc(0, 0);
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self::utc(FIRST, 0);
    /// 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self::utc(LAST, 999_999_999);

    const fn utc(seconds: i64, nanos: u32) -> Self {
        Self {
            seconds,
            nanos,
            minutes: 0,
            digits: rfc3339::canonical_digits(nanos),
            zone: Zone::Utc,
        }
    }

    /// Creates a timestamp from seconds since the Unix epoch and nanoseconds (below a second) after
    /// them. Before the epoch, seconds are negative and nanoseconds still count forward.
    ///
    /// # Errors
    /// If the time is outside the years 1 to 9999, or `nanos` is a second or more.
    pub fn new(seconds: i64, nanos: u32) -> Result<Self, ValueError> {
        if (FIRST..=LAST).contains(&seconds) && nanos < 1_000_000_000 {
            Ok(Self::utc(seconds, nanos))
        } else {
            Err(ValueError::new(format!(
                "{seconds} s and {nanos} ns after 1970 is not a time in the years 1 to 9999"
            )))
        }
    }

    /// Returns seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds of the second, 0 to 999,999,999.
    #[must_use]
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Returns the date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        let (year, month, day) = date_from_days(self.seconds.div_euclid(DAY));
        Date::new(year, month, day).unwrap_or_default()
    }

    /// Returns the same time in protobuf's notation: in UTC, with 0, 3, 6, or 9 digits of a second.
    #[must_use]
    pub const fn to_utc(self) -> Self {
        Self::utc(self.seconds, self.nanos)
    }

    /// Adds a duration; `None` if the result is out of range.
    #[must_use]
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        Self::from_nanos(self.as_nanos() + span.as_nanos())
    }

    /// Subtracts a duration; `None` if the result is out of range.
    #[must_use]
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        Self::from_nanos(self.as_nanos() - span.as_nanos())
    }

    /// Returns the duration since another time, negative if that is later.
    #[must_use]
    pub fn since(self, other: Self) -> Duration {
        // The range of timestamps fits into a duration.
        Duration::from_nanos(self.as_nanos() - other.as_nanos()).unwrap_or_default()
    }

    pub(super) fn as_nanos(self) -> i128 {
        i128::from(self.seconds) * SECOND + i128::from(self.nanos)
    }

    fn from_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(SECOND)).ok()?;
        Self::new(seconds, nanos.rem_euclid(SECOND) as u32).ok()
    }

    /// Creates a timestamp from nanoseconds since 1970, saturating at [`Self::MIN`] and
    /// [`Self::MAX`].
    pub(super) fn saturating_from_nanos(nanos: i128) -> Self {
        let beyond = if nanos < 0 { Self::MIN } else { Self::MAX };
        Self::from_nanos(nanos).unwrap_or(beyond)
    }

    /// Converts a time with an offset, keeping its notation as far as timestamps support it.
    pub(super) fn from_parts(parts: &Parts) -> Option<Self> {
        let time = Self::new(parts.clock - parts.offset()?, parts.nanos).ok()?;
        let zone = if parts.zone == Zone::LowerUtc { Zone::Utc } else { parts.zone };
        Some(Self { digits: parts.digits.min(9), zone, minutes: parts.minutes, ..time })
    }

    pub(super) fn parts(self) -> Parts {
        let clock =
            self.seconds + rfc3339::offset_seconds(self.zone, self.minutes).unwrap_or_default();
        let plain = Parts::canonical(clock, self.nanos, self.zone, self.minutes);
        Parts { digits: self.digits, ..plain }
    }
}

/// Parses what protobuf's JSON accepts: no leap second, uppercase letters, nine digits, years from
/// 1.
fn parse(text: &str) -> Option<Timestamp> {
    let parts = rfc3339::parse(text)?;
    let odd = parts.lower_t || parts.leap || parts.zone == Zone::LowerUtc || parts.digits > 9;
    if odd || parts.clock < FIRST { None } else { Timestamp::from_parts(&parts) }
}

#[cold]
fn parse_error(text: &str) -> ValueError {
    if rfc3339::parse(text).is_some_and(|parts| parts.zone == Zone::Local) {
        return ValueError::new(format!(
            "expected a time with `Z` or an offset such as -07:00 at its end, found {text:?}"
        ));
    }
    ValueError::new(format!(
        "expected a time such as 2025-10-14T09:30:00.5Z, in the years 1 to 9999, found {text:?}"
    ))
}

/// 1970-01-01T00:00:00Z.
impl Default for Timestamp {
    fn default() -> Self {
        Self::UNIX_EPOCH
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        (self.seconds, self.nanos) == (other.seconds, other.nanos)
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.seconds, self.nanos).hash(state);
    }
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse(text).ok_or_else(|| parse_error(text))
    }
}

super::text::from_text!(Timestamp);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Text::new(&self.parts()).as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl Decode for Timestamp {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("a time")
    }
}

impl Encode for Timestamp {
    fn encode(&self, w: &mut Writer) {
        w.unescaped(Text::new(&self.parts()).as_str());
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

    #[test]
    fn an_optional_one_takes_16_bytes() {
        assert_eq!(size_of::<Option<Timestamp>>(), 16);
    }
}
