//! Conversions from and to [`time`](::time).

use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::timestamp::Timestamp;
use crate::error::ValueError;
use ::time::{Date as Day, Month, OffsetDateTime, PrimitiveDateTime, UtcDateTime, UtcOffset};

/// Converts to UTC. Times outside the years 1 to 9999 saturate to [`Timestamp::MIN`] or
/// [`Timestamp::MAX`].
impl From<OffsetDateTime> for Timestamp {
    fn from(time: OffsetDateTime) -> Self {
        Self::saturating_from_nanos(time.unix_timestamp_nanos())
    }
}

/// Saturates like the conversion of [`OffsetDateTime`].
impl From<UtcDateTime> for Timestamp {
    fn from(time: UtcDateTime) -> Self {
        Self::saturating_from_nanos(time.unix_timestamp_nanos())
    }
}

impl From<Timestamp> for UtcDateTime {
    fn from(time: Timestamp) -> Self {
        // Both types cover the years 1 to 9999.
        Self::from_unix_timestamp_nanos(time.as_nanos()).unwrap_or(Self::UNIX_EPOCH)
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(time: Timestamp) -> Self {
        UtcDateTime::from(time).into()
    }
}

/// Keeps the offset, in whole minutes. Times outside the years 0 to 9999 saturate.
impl From<OffsetDateTime> for DateTime {
    fn from(time: OffsetDateTime) -> Self {
        Self::saturating_at_offset(time.unix_timestamp_nanos(), time.offset().whole_seconds())
    }
}

/// Converts to UTC.
impl From<UtcDateTime> for DateTime {
    fn from(time: UtcDateTime) -> Self {
        Timestamp::from(time).into()
    }
}

/// Converts to a local time. Times outside the years 0 to 9999 saturate.
impl From<PrimitiveDateTime> for DateTime {
    fn from(time: PrimitiveDateTime) -> Self {
        Self::saturating_local(time.as_utc().unix_timestamp_nanos())
    }
}

/// Fails for a local time, and after the year 9999 in UTC.
impl TryFrom<DateTime> for OffsetDateTime {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        let Some(minutes) = time.offset_minutes() else {
            return Err(ValueError::new(format!("{time} has no offset")));
        };
        let seconds = i32::from(minutes) * 60;
        let nanos = time.clock_nanos() - i128::from(seconds) * 1_000_000_000;
        let point = Self::from_unix_timestamp_nanos(nanos);
        point
            .and_then(|point| Ok(point.checked_to_offset(UtcOffset::from_whole_seconds(seconds)?)))
            .map_err(|error| ValueError::new(error.to_string()))?
            .ok_or_else(|| ValueError::new(format!("{time} is out of range")))
    }
}

/// Drops the offset.
impl From<DateTime> for PrimitiveDateTime {
    fn from(time: DateTime) -> Self {
        // Both types cover the years 0 to 9999; a leap second at the end exceeds them.
        let read = OffsetDateTime::from_unix_timestamp_nanos(time.clock_nanos());
        read.map_or(Self::MAX, |read| Self::new(read.date(), read.time()))
    }
}

/// Fails outside the years 0 to 9999.
impl TryFrom<Day> for Date {
    type Error = ValueError;

    fn try_from(date: Day) -> Result<Self, ValueError> {
        u16::try_from(date.year())
            .ok()
            .and_then(|year| Self::new(year, date.month().into(), date.day()).ok())
            .ok_or_else(|| ValueError::new(format!("{date} is outside the years 0 to 9999")))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        // Both calendars have the same days.
        let month = Month::try_from(date.month()).unwrap_or(Month::January);
        Self::from_calendar_date(date.year().into(), month, date.day()).unwrap_or(Self::MIN)
    }
}

/// Saturates to [`Duration::MIN`] or [`Duration::MAX`].
impl From<::time::Duration> for Duration {
    fn from(span: ::time::Duration) -> Self {
        Self::saturating_from_nanos(span.whole_nanoseconds())
    }
}

impl From<Duration> for ::time::Duration {
    fn from(span: Duration) -> Self {
        Self::new(span.seconds(), span.subsec_nanos())
    }
}
