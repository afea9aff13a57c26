//! Conversions from and to the system clock.

use super::date_time::DateTime;
use super::timestamp::Timestamp;
use crate::error::ValueError;
use std::time::{Duration, SystemTime};

/// Saturates to [`Timestamp::MIN`] or [`Timestamp::MAX`] outside the years 1 to 9999.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let nanos = |span: Duration| i128::try_from(span.as_nanos()).unwrap_or(i128::MAX);
        Self::saturating_from_nanos(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        })
    }
}

/// Converts to UTC.
impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        Timestamp::from(time).into()
    }
}

/// Fails outside the range of the system clock, such as before 1601 on Windows.
impl TryFrom<Timestamp> for SystemTime {
    type Error = ValueError;

    fn try_from(time: Timestamp) -> Result<Self, ValueError> {
        let span = Duration::new(time.seconds().unsigned_abs(), 0);
        let second = if time.seconds() < 0 {
            Self::UNIX_EPOCH.checked_sub(span)
        } else {
            Self::UNIX_EPOCH.checked_add(span)
        };
        second
            .and_then(|second| second.checked_add(Duration::new(0, time.subsec_nanos())))
            .ok_or_else(|| ValueError::new(format!("{time} is out of range of the system time")))
    }
}

/// Fails for a local time, and outside the range of the system clock.
impl TryFrom<DateTime> for SystemTime {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        Timestamp::try_from(time)?.try_into()
    }
}
