//! Dates with a time of day.

use super::calendar::{date_from_days, days_from_date};
use super::date::Date;
use super::duration::Duration;
use super::rfc3339::{self, CLOCK_MAX, CLOCK_MIN, DAY, Parts, Text, Zone};
use super::timestamp::Timestamp;
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

const SECOND: i128 = 1_000_000_000;
const MINUTES_PER_DAY: u16 = 1_440;

/// A date and time of day, with or without an offset from UTC (RFC 3339 `date-time`). Type of
/// `format: date-time` fields.
///
/// With an offset, the value is a point in time. Without one it is local, and depends on a time
/// zone that the API specifies elsewhere, such as `timeZone` beside `dateTime` in an event of
/// Google Calendar.
///
/// Values keep the notation they were read in: offset, up to 18 digits of a second, leap seconds,
/// and lowercase letters. The notation does not affect equality. Values with an offset compare and
/// hash as points in time, where a leap second equals the following second; local values compare by
/// date and time of day. Values of different kinds are neither equal nor ordered, so the type
/// implements [`PartialOrd`] but not `Ord`.
///
/// ```
/// use discovery_json::{DateTime, Timestamp};
///
/// let start = DateTime::try_from("2026-01-15T02:00:00-08:00")?;
/// assert_eq!(start.to_string(), "2026-01-15T02:00:00-08:00");
/// assert_eq!(Timestamp::try_from(start)?.to_utc().to_string(), "2026-01-15T10:00:00Z");
///
/// let local = DateTime::try_from("2026-01-15T02:00:00")?;
/// assert!(local.is_local() && Timestamp::try_from(local).is_err());
/// assert_eq!(local.partial_cmp(&start), None);
/// # Ok::<(), discovery_json::ValueError>(())
/// ```
#[derive(Clone, Copy)]
pub struct DateTime(Parts);

impl DateTime {
    /// Creates a local time. `second` may be 60, a leap second.
    ///
    /// # Errors
    /// Returns an error if the time of day does not exist.
    pub fn local(date: Date, hour: u8, minute: u8, second: u8) -> Result<Self, ValueError> {
        if hour > 23 || minute > 59 || second > 60 {
            return Err(ValueError::new(format!(
                "no such time of day: {hour:02}:{minute:02}:{second:02}"
            )));
        }
        let days = days_from_date(date.year(), date.month(), date.day());
        let clock =
            days * DAY + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        let plain = Parts::canonical(clock, 0, Zone::Local, 0);
        Ok(Self(Parts { leap: second == 60, ..plain }))
    }

    /// Creates the local representation of a point in time, at an offset in minutes ahead of UTC.
    ///
    /// # Errors
    /// If the offset is a day or more, or the result is outside the years 0 to 9999.
    pub fn at_offset(time: Timestamp, minutes: i16) -> Result<Self, ValueError> {
        let clock = time.seconds() + i64::from(minutes) * 60;
        if minutes.unsigned_abs() >= MINUTES_PER_DAY || !(CLOCK_MIN..=CLOCK_MAX).contains(&clock) {
            return Err(ValueError::new(format!("{time} cannot be at {minutes} minutes from UTC")));
        }
        Ok(Self(Parts::canonical(
            clock,
            time.subsec_nanos(),
            zone_of_sign(minutes.into()),
            minutes.unsigned_abs(),
        )))
    }

    /// Returns `true` if the time has no offset.
    #[must_use]
    pub fn is_local(self) -> bool {
        self.0.zone == Zone::Local
    }

    /// Returns the offset from UTC in minutes, positive to the east; `None` for a local time.
    #[must_use]
    pub fn offset_minutes(self) -> Option<i16> {
        self.0.offset().map(|seconds| (seconds / 60) as i16)
    }

    /// Returns the point in time, truncated to nanoseconds; `None` for a local time, and outside
    /// the years 1 to 9999 in UTC.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_parts(&self.0)
    }

    /// Returns the date.
    #[must_use]
    pub fn date(self) -> Date {
        let (year, month, day) = date_from_days(self.clock_seconds().div_euclid(DAY));
        Date::new(year, month, day).unwrap_or_default()
    }

    /// Returns the hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> u8 {
        (self.clock_seconds().rem_euclid(DAY) / 3_600) as u8
    }

    /// Returns the minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        (self.clock_seconds().rem_euclid(DAY) / 60 % 60) as u8
    }

    /// Returns the second, 0 to 59, or 60 for a leap second.
    #[must_use]
    pub fn second(self) -> u8 {
        (self.clock_seconds().rem_euclid(60)) as u8 + u8::from(self.0.leap)
    }

    /// Returns the nanoseconds of the second, 0 to 999,999,999.
    #[must_use]
    pub fn subsec_nanos(self) -> u32 {
        self.0.nanos
    }

    /// Adds a duration, keeping the offset; `None` if the result is outside the years 0 to 9999.
    #[must_use]
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        let nanos = self.clock_nanos() + span.as_nanos();
        let clock = i64::try_from(nanos.div_euclid(SECOND)).ok()?;
        let plain =
            Parts::canonical(clock, nanos.rem_euclid(SECOND) as u32, self.0.zone, self.0.minutes);
        (CLOCK_MIN..=CLOCK_MAX).contains(&clock).then_some(Self(plain))
    }

    /// Returns the clock time in seconds, with 59 for a leap second.
    fn clock_seconds(self) -> i64 {
        self.0.clock - i64::from(self.0.leap)
    }

    /// Returns the clock time in nanoseconds since 1970 by the same clock.
    pub(super) fn clock_nanos(self) -> i128 {
        i128::from(self.0.clock) * SECOND + i128::from(self.0.nanos)
    }

    /// Returns the key of comparisons: whether the time is local, seconds, and their fraction.
    fn comparison_key(&self) -> (bool, i64, u32, u32) {
        let offset = self.0.offset();
        let seconds = self.0.clock - offset.unwrap_or_default();
        (offset.is_none(), seconds, self.0.nanos, self.0.attos)
    }
}

/// Conversions of other libraries' values, which saturate at the range of RFC 3339.
#[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
impl DateTime {
    /// Creates a local time from nanoseconds since 1970 in the same local time.
    pub(super) fn saturating_local(nanos: i128) -> Self {
        Self(saturating_from_nanos(nanos, Zone::Local, 0))
    }

    /// Creates a time from nanoseconds since 1970 UTC and an offset in seconds. RFC 3339 offsets
    /// are in minutes; the remainder changes the clock time, not the point in time.
    pub(super) fn saturating_at_offset(nanos: i128, offset: i32) -> Self {
        let limit = i32::from(MINUTES_PER_DAY) - 1;
        let minutes = (offset / 60).clamp(-limit, limit);
        let clock = nanos + i128::from(minutes) * 60 * SECOND;
        Self(saturating_from_nanos(clock, zone_of_sign(minutes), minutes.unsigned_abs() as u16))
    }
}

fn zone_of_sign(minutes: i32) -> Zone {
    if minutes < 0 { Zone::West } else { Zone::East }
}

#[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
fn saturating_from_nanos(clock: i128, zone: Zone, minutes: u16) -> Parts {
    let first = i128::from(CLOCK_MIN) * SECOND;
    let last = i128::from(CLOCK_MAX) * SECOND + (SECOND - 1);
    let clock = clock.clamp(first, last);
    let nanos = clock.rem_euclid(SECOND) as u32;
    Parts::canonical(clock.div_euclid(SECOND) as i64, nanos, zone, minutes)
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.comparison_key() == other.comparison_key()
    }
}

impl Eq for DateTime {}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.comparison_key().hash(state);
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.is_local() == other.is_local())
            .then(|| self.comparison_key().cmp(&other.comparison_key()))
    }
}

impl FromStr for DateTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        rfc3339::parse(text).map(Self).ok_or_else(|| {
            ValueError::new(format!(
                "expected a date and time such as 2025-10-14T09:30:00-07:00, found {text:?}"
            ))
        })
    }
}

super::text::from_text!(DateTime);

/// Keeps the notation of the timestamp.
impl From<Timestamp> for DateTime {
    fn from(time: Timestamp) -> Self {
        Self(time.parts())
    }
}

/// Fails for a local time, and outside the years 1 to 9999 in UTC. Truncates to nanoseconds.
impl TryFrom<DateTime> for Timestamp {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        time.timestamp().ok_or_else(|| {
            let why = if time.is_local() { "has no offset" } else { "is out of range" };
            ValueError::new(format!("{time} is not a timestamp: it {why}"))
        })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Text::new(&self.0).as_str())
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({self})")
    }
}

impl Decode for DateTime {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("a date and time")
    }
}

impl Encode for DateTime {
    fn encode(&self, w: &mut Writer) {
        w.unescaped(Text::new(&self.0).as_str());
    }
}
