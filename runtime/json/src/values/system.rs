//! The system's clock.

use super::date_time::DateTime;
use super::timestamp::Timestamp;
use crate::error::ValueError;
use std::time::{Duration, SystemTime};

/// A time that is not in the years 1 to 9999, which no protobuf timestamp can hold, is
/// [`Timestamp::MIN`] or [`Timestamp::MAX`].
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let nanos = |span: Duration| i128::try_from(span.as_nanos()).unwrap_or(i128::MAX);
        Self::saturating_from_nanos(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        })
    }
}

/// In UTC, as [`Timestamp`] is.
impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        Timestamp::from(time).into()
    }
}

/// Fails where the system's clock does not reach: before 1601 on Windows.
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

/// Fails for a local time, and as for a [`Timestamp`].
impl TryFrom<DateTime> for SystemTime {
    type Error = ValueError;

    fn try_from(time: DateTime) -> Result<Self, ValueError> {
        Timestamp::try_from(time)?.try_into()
    }
}
