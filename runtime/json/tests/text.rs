//! Values given as text.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod models;

use discovery_json::{
    Date, DateTime, Duration, FieldMask, IntoValue, Timestamp, to_request, to_string,
};
use models::Company;
use std::fmt::{Debug, Display};

/// Returns the text of a converted argument, or the error.
fn given<T: Display>(value: impl IntoValue<T>) -> Result<String, String> {
    value.into_value().map(|value| value.to_string()).map_err(|error| error.to_string())
}

fn reads<T>(text: &str)
where
    T: Display + for<'a> TryFrom<&'a str, Error: Debug>,
    for<'a> &'a str: IntoValue<T>,
    for<'a> &'a String: IntoValue<T>,
    String: IntoValue<T>,
{
    let want = Ok(text.to_owned());
    assert_eq!(given::<T>(text), want);
    assert_eq!(given::<T>(text.to_owned()), want);
    assert_eq!(given::<T>(&text.to_owned()), want);
    assert_eq!(T::try_from(text).unwrap().to_string(), text);
}

#[test]
fn values_round_trip_through_text() {
    reads::<DateTime>("2026-12-01T09:00:00+01:00");
    reads::<Timestamp>("2026-12-01T09:00:00Z");
    reads::<Date>("2026-12-01");
    reads::<Duration>("1.500s");
    assert_eq!(
        given::<DateTime>(DateTime::parse("2026-12-01T09:00:00Z").unwrap()).unwrap().len(),
        20
    );
    assert_eq!(
        Timestamp::parse("2026-12-01T09:00:00Z"),
        Timestamp::try_from("2026-12-01T09:00:00Z")
    );
}

#[test]
fn errors_of_invalid_text_show_an_example() {
    for (found, shown) in [
        (given::<DateTime>("tomorrow"), "2025-10-14T09:30:00-07:00"),
        (given::<Timestamp>("tomorrow"), "2025-10-14T"),
        (given::<Date>("1.12.2026"), "2025-10-14"),
        (given::<Duration>("3 hours"), "3.5s"),
    ] {
        let error = found.unwrap_err();
        assert!(error.contains(shown), "{error}");
    }
}

#[test]
fn masks_of_text() {
    for (text, want) in [
        ("", ""),
        ("displayName", "displayName"),
        ("display_name, address.postal_code", "displayName,address.postalCode"),
        ("a,b,a", "a,b"),
        ("labels.`a, b_c`", "labels.`a, b_c`"),
        ("*", "*"),
    ] {
        assert_eq!(FieldMask::from(text).to_string(), want);
        assert_eq!(to_request(&FieldMask::from(text.to_owned())), Ok(format!("\"{want}\"")));
        assert_eq!(given::<FieldMask>(text).as_deref(), Ok(want));
    }
    assert_eq!(given::<FieldMask>(Company::TIMES), Ok("times".to_owned()));
}

/// An invalid mask is printed unchanged, but rejected in requests.
#[test]
fn invalid_masks_are_rejected_when_encoded() {
    for text in ["a,,b", "a b", "a__b", "a_B", "labels.`a", "a.", ","] {
        let mask = FieldMask::from(text);
        assert_eq!(to_string(&mask), format!("\"{mask}\""));
        let error = to_request(&mask).unwrap_err().to_string();
        assert!(error.starts_with("expected a field path in camelCase"), "{error}");
        assert!(FieldMask::parse(text).is_err());
        assert!(serde_json::to_string(&mask).is_err());
    }
}
