//! Conversions from and to [`chrono`](::chrono).

use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::timestamp::Timestamp;
use crate::error::ValueError;
use ::chrono::{
    DateTime as Zoned, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, Offset as _,
    TimeDelta, TimeZone, Utc,
};

const SECOND: i128 = 1_000_000_000;

/// A leap second counts as the second after it.
fn nanos_of(time: NaiveDateTime) -> i128 {
    let utc = time.and_utc();
    i128::from(utc.timestamp()) * SECOND + i128::from(utc.timestamp_subsec_nanos())
}

fn to_naive(nanos: i128) -> NaiveDateTime {
    // Times of this crate are in the years -1 to 10000, well within chrono's range.
    let seconds = nanos.div_euclid(SECOND) as i64;
    let rest = nanos.rem_euclid(SECOND) as u32;
    Zoned::from_timestamp(seconds, rest).unwrap_or_default().naive_utc()
}

/// Converts to UTC. Times outside the years 1 to 9999 saturate to [`Timestamp::MIN`] or
/// [`Timestamp::MAX`].
impl<Tz: TimeZone> From<Zoned<Tz>> for Timestamp {
    fn from(time: Zoned<Tz>) -> Self {
        Self::saturating_from_nanos(nanos_of(time.naive_utc()))
    }
}

impl From<Timestamp> for Zoned<Utc> {
    fn from(time: Timestamp) -> Self {
        to_naive(time.as_nanos()).and_utc()
    }
}

/// Keeps the offset, in whole minutes. Times outside the years 0 to 9999 saturate.
impl<Tz: TimeZone> From<Zoned<Tz>> for DateTime {
    fn from(time: Zoned<Tz>) -> Self {
        let offset = time.offset().fix().local_minus_utc();
        Self::saturating_at_offset(nanos_of(time.naive_utc()), offset)
    }
}

/// Converts to a local time. Times outside the years 0 to 9999 saturate.
impl From<NaiveDateTime> for DateTime {
    fn from(time: NaiveDateTime) -> Self {
        Self::saturating_local(nanos_of(time))
    }
}

/// Fails for a local time.
impl TryFrom<DateTime> for Zoned<FixedOffset> {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        let offset = time.offset_minutes().map(i32::from);
        offset
            .and_then(|minutes| FixedOffset::east_opt(minutes * 60))
            .and_then(|offset| NaiveDateTime::from(time).and_local_timezone(offset).single())
            .ok_or_else(|| ValueError::new(format!("{time} has no offset")))
    }
}

/// Fails for a local time.
impl TryFrom<DateTime> for Zoned<Utc> {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        Zoned::<FixedOffset>::try_from(time).map(|time| time.to_utc())
    }
}

/// Drops the offset.
impl From<DateTime> for NaiveDateTime {
    fn from(time: DateTime) -> Self {
        to_naive(time.clock_nanos())
    }
}

/// Fails outside the years 0 to 9999.
impl TryFrom<NaiveDate> for Date {
    type Error = ValueError;

    fn try_from(date: NaiveDate) -> Result<Self, ValueError> {
        u16::try_from(date.year())
            .ok()
            .and_then(|year| Self::new(year, date.month() as u8, date.day() as u8).ok())
            .ok_or_else(|| ValueError::new(format!("{date} is outside the years 0 to 9999")))
    }
}

impl From<Date> for NaiveDate {
    fn from(date: Date) -> Self {
        // Both calendars have the same days.
        Self::from_ymd_opt(date.year().into(), date.month().into(), date.day().into())
            .unwrap_or_default()
    }
}

/// Saturates to [`Duration::MIN`] or [`Duration::MAX`].
impl From<TimeDelta> for Duration {
    fn from(span: TimeDelta) -> Self {
        let nanos = i128::from(span.num_seconds()) * SECOND + i128::from(span.subsec_nanos());
        Self::saturating_from_nanos(nanos)
    }
}

impl From<Duration> for TimeDelta {
    fn from(span: Duration) -> Self {
        // Durations of this crate are within ±315,576,000,000 seconds, chrono's within 2⁶³
        // milliseconds.
        let nanos = span.as_nanos();
        let seconds = nanos.div_euclid(SECOND) as i64;
        Self::new(seconds, nanos.rem_euclid(SECOND) as u32).unwrap_or_default()
    }
}
