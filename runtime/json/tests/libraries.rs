//! Conversions of times, dates, and durations from and to chrono, jiff, and time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_json::{Date, DateTime, Duration, Timestamp};
use proptest::prelude::*;

/// Times in the range of all libraries.
fn times() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800i64..=253_402_200_000, 0..1_000_000_000u32)
        .prop_map(|(seconds, nanos)| Timestamp::new(seconds, nanos).unwrap())
}

fn date_times() -> impl Strategy<Value = DateTime> {
    (times(), -1439..=1439i16).prop_filter_map("a year that exists", |(time, offset)| {
        DateTime::at_offset(time, offset).ok()
    })
}

fn locals() -> impl Strategy<Value = DateTime> {
    (dates(), 0..24u8, 0..60u8, 0..60u8, 0..1_000_000_000i128).prop_map(|(date, h, m, s, nanos)| {
        let time = DateTime::local(date, h, m, s).unwrap();
        time.checked_add(Duration::from_nanos(nanos).unwrap()).unwrap()
    })
}

fn dates() -> impl Strategy<Value = Date> {
    (0..=9999u16, 1..=12u8, 1..=28u8).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn spans() -> impl Strategy<Value = Duration> {
    const MOST: i128 = 315_576_000_000 * 1_000_000_000;
    prop_oneof![Just(-MOST), Just(MOST), -2_000_000_000..2_000_000_000i128, -MOST..=MOST]
        .prop_map(|nanos| Duration::from_nanos(nanos).unwrap())
}

/// Converts to a library's type and back, and compares the text.
macro_rules! both_ways {
    ($value:expr, $ours:ty, $theirs:ty) => {{
        let value: $ours = $value;
        let theirs = <$theirs>::try_from(value).unwrap();
        let back = <$ours>::try_from(theirs).unwrap();
        prop_assert_eq!(back.to_string(), value.to_string(), "by way of {}", stringify!($theirs));
    }};
}

proptest! {
    #[test]
    fn points_in_time(time in times()) {
        both_ways!(time, Timestamp, chrono::DateTime<chrono::Utc>);
        both_ways!(time, Timestamp, jiff::Timestamp);
        both_ways!(time, Timestamp, time::OffsetDateTime);
        both_ways!(time, Timestamp, time::UtcDateTime);
    }

    #[test]
    fn times_with_an_offset(time in date_times()) {
        both_ways!(time, DateTime, chrono::DateTime<chrono::FixedOffset>);
        both_ways!(time, DateTime, jiff::Zoned);
        both_ways!(time, DateTime, time::OffsetDateTime);
    }

    #[test]
    fn local_times(time in locals()) {
        both_ways!(time, DateTime, chrono::NaiveDateTime);
        both_ways!(time, DateTime, jiff::civil::DateTime);
        both_ways!(time, DateTime, time::PrimitiveDateTime);
    }

    #[test]
    fn dates_and_spans(date in dates(), span in spans()) {
        both_ways!(date, Date, chrono::NaiveDate);
        both_ways!(date, Date, jiff::civil::Date);
        both_ways!(date, Date, time::Date);
        both_ways!(span, Duration, chrono::TimeDelta);
        both_ways!(span, Duration, jiff::SignedDuration);
        both_ways!(span, Duration, time::Duration);
    }
}

/// Compares with the libraries' own formatting.
#[test]
fn conversions_preserve_the_instant() {
    let text = "2012-06-04T12:00:00.5-08:00";
    let time = DateTime::try_from(text).unwrap();
    let chrono = chrono::DateTime::<chrono::FixedOffset>::try_from(time).unwrap();
    assert_eq!(chrono.timestamp_millis(), 1_338_840_000_500);
    assert_eq!(chrono.offset().local_minus_utc(), -8 * 3_600);
    let jiff = jiff::Zoned::try_from(time).unwrap();
    assert_eq!(jiff.timestamp().as_millisecond(), 1_338_840_000_500);
    assert_eq!(jiff.offset().seconds(), -8 * 3_600);
    let other = time::OffsetDateTime::try_from(time).unwrap();
    assert_eq!(other.unix_timestamp(), 1_338_840_000);
    assert_eq!(other.offset().whole_hours(), -8);
    assert_eq!(
        jiff::civil::DateTime::from(time),
        jiff::civil::date(2012, 6, 4).at(12, 0, 0, 500_000_000)
    );
}

/// A setter's argument, `impl Into<T>`.
fn set<T>(value: impl Into<T>) -> T {
    value.into()
}

#[test]
fn setters_accept_library_types() {
    let chrono = chrono::DateTime::from_timestamp(0, 0).unwrap();
    assert_eq!(set::<Timestamp>(chrono), Timestamp::UNIX_EPOCH);
    assert_eq!(set::<Timestamp>(jiff::Timestamp::UNIX_EPOCH), Timestamp::UNIX_EPOCH);
    assert_eq!(set::<Timestamp>(time::OffsetDateTime::UNIX_EPOCH), Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-8));
    let zoned = jiff::Timestamp::UNIX_EPOCH.to_zoned(zone);
    assert_eq!(set::<DateTime>(zoned).to_string(), "1969-12-31T16:00:00-08:00");
    let local = jiff::civil::date(2012, 6, 4).at(12, 0, 0, 0);
    assert_eq!(set::<DateTime>(local).to_string(), "2012-06-04T12:00:00");
}

/// Values outside of RFC 3339.
#[test]
fn beyond_the_range() {
    let far = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    assert_eq!(Timestamp::from(far), Timestamp::MAX);
    assert_eq!(DateTime::from(far).to_string(), "9999-12-31T23:59:59.999999999+00:00");
    let seconds = chrono::FixedOffset::east_opt(3_208).unwrap();
    let old = chrono::DateTime::from_timestamp(0, 0).unwrap().with_timezone(&seconds);
    assert_eq!(DateTime::from(old).to_string(), "1970-01-01T00:53:00+00:53");
    assert_eq!(DateTime::from(old).timestamp(), Some(Timestamp::UNIX_EPOCH));
    assert!(jiff::Timestamp::try_from(Timestamp::MAX).is_err());
    assert!(Date::try_from(jiff::civil::date(-1, 1, 1)).is_err());
    assert_eq!(Duration::from(time::Duration::MAX), Duration::MAX);
    let local = DateTime::try_from("2012-06-04T12:00:00").unwrap();
    assert!(chrono::DateTime::<chrono::FixedOffset>::try_from(local).is_err());
    assert!(jiff::Zoned::try_from(local).is_err() && jiff::Timestamp::try_from(local).is_err());
    assert!(time::OffsetDateTime::try_from(local).is_err());
}
