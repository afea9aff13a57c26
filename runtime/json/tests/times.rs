//! Decoded times are encoded unchanged; equality ignores the spelling.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_json::{
    Bytes, Date, DateTime, Decode, Duration, Encode, FieldMask, Model, Timestamp, from_response,
    from_str, to_string,
};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::fmt::{Debug, Display};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::str::FromStr;
use std::time::SystemTime;

/// Parses a text in and outside of JSON, and formats it.
fn kept<T>(text: &str) -> Result<(), TestCaseError>
where
    T: Decode + Encode + FromStr<Err = discovery_json::ValueError> + Display,
{
    let parsed = text.parse::<T>().map(|value| value.to_string());
    prop_assert_eq!(parsed.as_deref(), Ok(text));
    let json = format!("\"{text}\"");
    let decoded = from_str::<T>(&json).map(|value| to_string(&value));
    prop_assert_eq!(decoded.as_deref().ok(), Some(json.as_str()));
    Ok(())
}

/// A valid date and time of day.
fn clocks() -> impl Strategy<Value = (String, String)> {
    let date =
        (0..=9999u16, 1..=12u8, 1..=28u8).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let time = (0..24u8, 0..60u8, 0..60u8).prop_map(|(h, m, s)| format!("{h:02}:{m:02}:{s:02}"));
    (date, time)
}

fn offsets() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Z".to_owned()),
        (prop_oneof!["\\+", "-"], 0..24u8, 0..60u8)
            .prop_map(|(sign, h, m)| format!("{sign}{h:02}:{m:02}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn timestamps_in_every_form(
        (date, time) in clocks(),
        fraction in "(\\.[0-9]{1,9})?",
        offset in offsets(),
    ) {
        // The first and last day may be out of range in UTC.
        prop_assume!(("0001-01-02".."9999-12-28").contains(&date.as_str()));
        kept::<Timestamp>(&format!("{date}T{time}{fraction}{offset}"))?;
    }

    #[test]
    fn dates_and_times_in_every_form(
        (date, time) in clocks(),
        t in "[Tt]",
        fraction in "(\\.[0-9]{1,18})?",
        offset in prop_oneof![offsets(), Just("z".to_owned()), Just(String::new())],
    ) {
        kept::<DateTime>(&format!("{date}{t}{time}{fraction}{offset}"))?;
        kept::<Date>(&date)?;
    }

    #[test]
    fn durations_in_every_form(text in "-?(0|[1-9][0-9]{0,10}|0[0-9]{1,3})(\\.[0-9]{1,9})?s") {
        kept::<Duration>(&text)?;
    }

    #[test]
    fn field_masks_in_every_form(
        text in "([a-z][a-zA-Z0-9]{0,3}(\\.[a-z]{1,3}|\\.`[a-z_, ]{1,3}`)?(,[a-b]{1,2}){0,3}|\\*)?",
    ) {
        kept::<FieldMask>(&text)?;
    }

    #[test]
    fn bytes_in_every_form(bytes: Vec<u8>) {
        let url_safe = Bytes::from(bytes).to_string();
        let standard = url_safe.replace('-', "+").replace('_', "/");
        for text in [&url_safe, &standard] {
            kept::<Bytes>(text)?;
            kept::<Bytes>(text.trim_end_matches('='))?;
        }
    }

    #[test]
    fn order_is_that_of_points_in_time(
        a in -62_135_500_000..253_402_200_000i64,
        span in -1000..1000i64,
        east in -1439..=1439i16,
        west in -1439..=1439i16,
    ) {
        let (a, b) = (Timestamp::new(a, 0).unwrap(), Timestamp::new(a + span, 0).unwrap());
        let (east, west) = (DateTime::at_offset(a, east).unwrap(), DateTime::at_offset(b, west).unwrap());
        prop_assert_eq!(east.partial_cmp(&west), Some(a.cmp(&b)));
        prop_assert_eq!(east == west, a == b);
        let (east, west) = (Timestamp::try_from(east).unwrap(), Timestamp::try_from(west).unwrap());
        prop_assert_eq!(east.cmp(&west), a.cmp(&b));
        prop_assert_eq!(west.since(east), Duration::from_seconds(span).unwrap());
    }
}

fn accepted<T: FromStr + Display>(text: &str, expected: bool) {
    assert_eq!(text.parse::<T>().is_ok(), expected, "{text}");
}

/// Any character in any position: preserved or rejected.
#[test]
fn malformed_times_are_rejected() {
    let text = "2012-06-04T12:00:00.5-08:00";
    let characters: Vec<char> = (0..=255u8).map(char::from).chain(['😀']).collect();
    for at in 0..text.len() {
        for character in &characters {
            let (head, tail) = text.split_at(at);
            for damaged in
                [format!("{head}{character}{tail}"), format!("{head}{character}{}", &tail[1..])]
            {
                let kept = damaged.parse::<DateTime>().map_or(damaged.clone(), |t| t.to_string());
                assert_eq!(kept, damaged);
                let kept = damaged.parse::<Timestamp>().map_or(damaged.clone(), |t| t.to_string());
                assert_eq!(kept, damaged);
            }
        }
    }
}

/// The two formats accept different texts.
#[test]
fn timestamps_and_date_times_differ() {
    for (text, timestamp, date_time) in [
        ("2012-06-04T12:00:00-08:00", true, true),
        ("2012-06-04T12:00:00.123456789Z", true, true),
        ("2012-06-04T12:00:00+00:00", true, true),
        ("2012-06-04T12:00:00-00:00", true, true),
        ("2012-06-04T12:00:00", false, true),
        ("2012-06-04t12:00:00z", false, true),
        ("2012-06-30T23:59:60Z", false, true),
        ("2012-07-01T01:59:60+02:00", false, true),
        ("2012-06-30T23:59:60", false, true),
        ("2012-06-30T23:58:60Z", false, false),
        ("2012-06-04T12:00:00.123456789012Z", false, true),
        ("2012-06-04T12:00:00.1234567890123456789Z", false, false),
        ("0000-01-01T00:00:00Z", false, true),
        ("0000-01-01T00:00:00+01:00", false, true),
        ("9999-12-31T23:59:59-01:00", false, true),
        ("2012-06-04 12:00:00Z", false, false),
        ("2012-06-04T12:00Z", false, false),
        ("2012-06-04T24:00:00Z", false, false),
        ("2012-06-04T12:00:00.Z", false, false),
        ("2012-06-04T12:00:00+0800", false, false),
        ("2012-06-04T12:00:00+24:00", false, false),
        ("2013-02-29T12:00:00Z", false, false),
        ("12012-06-04T12:00:00Z", false, false),
        ("2012-06-04T12:00:00Zé", false, false),
        ("", false, false),
    ] {
        accepted::<Timestamp>(text, timestamp);
        accepted::<DateTime>(text, date_time);
    }
    let message = "2012-06-04T12:00:00".parse::<Timestamp>().unwrap_err().to_string();
    assert!(message.contains("with `Z` or an offset"), "{message}");
}

#[test]
fn equality_ignores_the_spelling() {
    fn same<T: FromStr + Eq + Hash + Debug>(texts: &[&str], different: &str)
    where
        T::Err: Debug,
    {
        let hash = |value: &T| {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            hasher.finish()
        };
        let different: T = different.parse().unwrap();
        let values: Vec<T> = texts.iter().map(|text| text.parse().unwrap()).collect();
        for value in &values {
            assert_eq!((value, hash(value)), (&values[0], hash(&values[0])));
            assert_ne!(value, &different);
        }
    }
    same::<Timestamp>(
        &["2012-06-04T12:00:00-08:00", "2012-06-04T20:00:00Z", "2012-06-04T20:00:00.000+00:00"],
        "2012-06-04T12:00:00Z",
    );
    same::<DateTime>(
        &["2012-06-30T23:59:60Z", "2012-07-01t00:00:00.0z", "2012-06-30T17:00:00-07:00"],
        "2012-07-01T00:00:00",
    );
    same::<DateTime>(&["2012-06-04T12:00:00", "2012-06-04T12:00:00.00"], "2012-06-04T12:00:00Z");
    same::<Duration>(&["-0s", "0s", "00.000s"], "0.1s");
    same::<Bytes>(&["+w==", "-w==", "-w", "+x"], "+g");
}

/// Their order depends on an unknown time zone.
#[test]
fn local_times_and_instants_are_unordered() {
    let local = DateTime::try_from("2012-06-04T12:00:00").unwrap();
    let point = DateTime::try_from("2012-06-04T12:00:00Z").unwrap();
    assert_eq!(local.partial_cmp(&point), None);
    assert_ne!(local, point);
    let later = DateTime::try_from("2012-06-04T12:00:00.000000000001").unwrap();
    assert_eq!(local.partial_cmp(&later), Some(Ordering::Less));
    assert!(Timestamp::try_from(local).is_err() && SystemTime::try_from(local).is_err());
}

#[test]
fn local_time_of_an_instant() {
    let time = DateTime::try_from("2012-06-30T17:58:60.5+18:00").unwrap_err();
    assert!(time.to_string().contains("expected a date and time"));
    let time = DateTime::try_from("2012-07-01T04:29:60.5+04:30").unwrap();
    assert_eq!((time.hour(), time.minute(), time.second()), (4, 29, 60));
    assert_eq!(
        (time.date().to_string().as_str(), time.subsec_nanos()),
        ("2012-07-01", 500_000_000)
    );
    assert_eq!(time.offset_minutes(), Some(270));
    let time = DateTime::local(Date::new(2012, 6, 4).unwrap(), 7, 5, 9).unwrap();
    assert_eq!(time.to_string(), "2012-06-04T07:05:09");
    assert_eq!((time.is_local(), time.offset_minutes()), (true, None));
    assert!(DateTime::local(Date::MIN, 24, 0, 0).is_err());
    let hour = Duration::from_seconds(3_600).unwrap();
    for (text, later) in [
        ("2012-06-04T23:30:00", "2012-06-05T00:30:00"),
        ("2012-06-04T23:30:00.50-08:00", "2012-06-05T00:30:00.500-08:00"),
    ] {
        let time = DateTime::try_from(text).unwrap();
        assert_eq!(time.checked_add(hour).unwrap().to_string(), later);
    }
    let last = DateTime::try_from("9999-12-31T23:30:00").unwrap();
    assert_eq!(last.checked_add(hour), None);
}

#[test]
fn the_system_s_clock_both_ways() {
    let text = "2012-06-04T20:00:00.123Z";
    let time = SystemTime::try_from(Timestamp::try_from(text).unwrap()).unwrap();
    assert_eq!(Timestamp::from(time).to_string(), text);
    assert_eq!(DateTime::from(time).to_string(), text);
    let offset = DateTime::try_from("2012-06-04T12:00:00.123-08:00").unwrap();
    assert_eq!(SystemTime::try_from(offset).unwrap(), time);
    let far = std::time::Duration::from_secs(1 << 40);
    assert_eq!(Timestamp::from(SystemTime::UNIX_EPOCH + far), Timestamp::MAX);
    assert_eq!(Timestamp::from(SystemTime::UNIX_EPOCH - far), Timestamp::MIN);
    let span = std::time::Duration::from_millis(1_500);
    assert_eq!(Duration::from(span).to_string(), "1.500s");
    assert_eq!(std::time::Duration::try_from(Duration::from(span)).unwrap(), span);
    assert_eq!(Duration::from(std::time::Duration::MAX), Duration::MAX);
}

/// A model like generated ones.
#[derive(Clone, PartialEq)]
struct Event {
    start: Option<DateTime>,
    created: Option<Timestamp>,
    extra: discovery_json::Extra,
}

discovery_json::model! {
    Event = "Event";
    "start" => start as START;
    "created" => created as CREATED;
}

/// None of these fails the response, and each is encoded unchanged.
#[test]
fn responses_preserve_times_of_any_kind() {
    for time in [
        "2012-06-04T12:00:00",
        "2012-06-04T12:00:00.0000-08:00",
        "2012-06-30T23:59:60Z",
        "12012-06-04T12:00:00Z",
        "2012-06-04T12:00:00.12345678901234567890Z",
        "2012-06-04 12:00:00",
        "tomorrow",
    ] {
        let text = format!(r#"{{"start":"{time}","created":"{time}"}}"#);
        let event: Event = from_response(text.as_bytes()).unwrap();
        let written: serde_json::Value = serde_json::from_str(&event.to_json()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }
}
