//! Conversions from and to [`jiff`](::jiff).

use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::timestamp::Timestamp;
use crate::error::ValueError;
use ::jiff::civil;
use ::jiff::tz::{Offset, TimeZone};
use ::jiff::{SignedDuration, Timestamp as Point, Zoned};

fn failed(error: &::jiff::Error) -> ValueError {
    ValueError::new(error.to_string())
}

/// Converts to UTC. Times before the year 1 saturate to [`Timestamp::MIN`].
impl From<Point> for Timestamp {
    fn from(time: Point) -> Self {
        Self::saturating_from_nanos(time.as_nanosecond())
    }
}

/// Converts to UTC.
impl From<Zoned> for Timestamp {
    fn from(time: Zoned) -> Self {
        time.timestamp().into()
    }
}

/// Fails on the last two days of the year 9999, which jiff reserves for time zones.
impl TryFrom<Timestamp> for Point {
    type Error = ValueError;

    fn try_from(time: Timestamp) -> Result<Self, ValueError> {
        Self::from_nanosecond(time.as_nanos()).map_err(|error| failed(&error))
    }
}

/// Converts to UTC.
impl From<Point> for DateTime {
    fn from(time: Point) -> Self {
        Timestamp::from(time).into()
    }
}

/// Keeps the offset, in whole minutes, without the name of the time zone. Times before the year 0
/// saturate.
impl From<Zoned> for DateTime {
    fn from(time: Zoned) -> Self {
        Self::saturating_at_offset(time.timestamp().as_nanosecond(), time.offset().seconds())
    }
}

/// Converts to a local time. Times before the year 0 saturate.
impl From<civil::DateTime> for DateTime {
    fn from(time: civil::DateTime) -> Self {
        let since_1970 = time.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0));
        Self::saturating_local(since_1970.as_nanos())
    }
}

/// Uses a time zone with the same offset. Fails for a local time, and at the end of the year 9999.
impl TryFrom<DateTime> for Zoned {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        let point = Point::try_from(time)?;
        let minutes = time.offset_minutes().unwrap_or_default();
        let offset = Offset::from_seconds(i32::from(minutes) * 60);
        Ok(point.to_zoned(TimeZone::fixed(offset.map_err(|error| failed(&error))?)))
    }
}

/// Fails for a local time, and at the end of the year 9999.
impl TryFrom<DateTime> for Point {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        let offset = time.offset_minutes();
        let minutes = offset.ok_or_else(|| ValueError::new(format!("{time} has no offset")))?;
        let nanos = time.clock_nanos() - i128::from(minutes) * 60_000_000_000;
        Self::from_nanosecond(nanos).map_err(|error| failed(&error))
    }
}

/// Drops the offset.
impl From<DateTime> for civil::DateTime {
    fn from(time: DateTime) -> Self {
        let since_1970 = SignedDuration::from_nanos_i128(time.clock_nanos());
        civil::date(1970, 1, 1).at(0, 0, 0, 0).saturating_add(since_1970)
    }
}

/// Fails for a year before 0.
impl TryFrom<civil::Date> for Date {
    type Error = ValueError;

    fn try_from(date: civil::Date) -> Result<Self, ValueError> {
        match u16::try_from(date.year()) {
            // jiff counts months and days from 1 to 31.
            Ok(year) => Self::new(year, date.month() as u8, date.day() as u8),
            Err(_) => Err(ValueError::new(format!("{date} is before the year 0"))),
        }
    }
}

impl From<Date> for civil::Date {
    fn from(date: Date) -> Self {
        // Both calendars have the same days.
        Self::new(date.year() as i16, date.month() as i8, date.day() as i8).unwrap_or_default()
    }
}

/// Saturates to [`Duration::MIN`] or [`Duration::MAX`].
impl From<SignedDuration> for Duration {
    fn from(span: SignedDuration) -> Self {
        Self::saturating_from_nanos(span.as_nanos())
    }
}

impl From<Duration> for SignedDuration {
    fn from(span: Duration) -> Self {
        Self::new(span.seconds(), span.subsec_nanos())
    }
}
