//! Every value type: encoded values decode unchanged, and arbitrary text does not panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod arbitrary;
mod models;

use arbitrary::any_json;
use discovery_json::{
    Bytes, Date, Decode, Duration, Encode, Extra, FieldMask, Json, Map, Model, OpenEnum, Timestamp,
    from_response, from_str, read_response, to_string,
};
use models::{Company, DerivedInfo, Size};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// Decoding the encoded value returns an equal value.
fn comes_back<T: Decode + Encode + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    let text = to_string(value);
    let back: Result<T, _> = from_str(&text);
    prop_assert!(back.as_ref() == Ok(value), "{value:?} by way of {text} is {back:?}");
    Ok(())
}

/// Parsing the formatted value returns an equal value.
fn parses<T: FromStr + Display + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError>
where
    T::Err: Debug,
{
    let text = value.to_string();
    let back = text.parse::<T>();
    prop_assert!(back.as_ref().is_ok_and(|back| back == value), "{value:?}: {text}: {back:?}");
    Ok(())
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    let nanos = prop_oneof![Just(0), Just(500_000_000), Just(123_456_000), 0..1_000_000_000u32];
    (-62_135_596_800i64..=253_402_300_799, nanos)
        .prop_map(|(seconds, nanos)| Timestamp::new(seconds, nanos).unwrap())
}

fn durations() -> impl Strategy<Value = Duration> {
    const MOST: i128 = 315_576_000_000 * 1_000_000_000;
    let nanos = prop_oneof![
        Just(0),
        Just(MOST),
        Just(-MOST),
        -2_000_000_000..2_000_000_000i128,
        -MOST..=MOST
    ];
    nanos.prop_map(|nanos| Duration::from_nanos(nanos).unwrap())
}

fn dates() -> impl Strategy<Value = Date> {
    (1..=9999u16, 1..=12u8, 1..=28u8).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn masks() -> impl Strategy<Value = FieldMask> {
    let path = "[a-z][a-zA-Z0-9]{0,5}(\\.[a-z][a-zA-Z0-9]{0,5}){0,2}(\\.`[a-z_, .]{1,4}`)?";
    vec(path, 0..4).prop_map(|paths| FieldMask::from_paths(paths).unwrap())
}

/// Texts of JSON; keys of [`any_json`] may break off within an escape.
fn valid_json() -> impl Strategy<Value = String> {
    any_json().prop_filter("JSON", |text| Json::parse(text).is_ok())
}

fn jsons() -> impl Strategy<Value = Json> {
    any_json().prop_filter_map("JSON", |text| Json::parse(&text).ok())
}

fn sizes() -> impl Strategy<Value = Size> {
    prop_oneof![
        Just(Size::Mini),
        Just(Size::Big),
        ".*".prop_map(|text| <Size as OpenEnum>::from_wire(&text)),
    ]
}

fn extras() -> impl Strategy<Value = Extra> {
    btree_map("[x-z]{2}", jsons(), 0..3).prop_map(|members| {
        let mut extra = Extra::new();
        for (name, value) in members {
            extra.insert(name, value);
        }
        extra
    })
}

fn infos() -> impl Strategy<Value = DerivedInfo> {
    let finite = any::<f64>().prop_filter("a number equal to itself", |n| !n.is_nan());
    let leaf = (of(".*"), of(finite), extras()).prop_map(|(address, latitude, extra)| {
        DerivedInfo { address, latitude, extra, inner: None }
    });
    leaf.prop_recursive(3, 6, 1, |inner| {
        inner.prop_map(|inner| DerivedInfo { inner: Some(Box::new(inner)), ..Default::default() })
    })
}

/// Maps with values and nulls.
fn maps<T: Clone + Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Map<T>> {
    (btree_map(".*", values, 0..3), vec(".*", 0..2)).prop_map(|(values, nulls)| {
        let mut map = Map::from(values);
        nulls.into_iter().for_each(|key| map.set_null(key));
        map
    })
}

prop_compose! {
    fn companies()(
        (display_name, suspended, size) in (of(".*"), of(any::<bool>()), of(sizes())),
        ids in of(vec(any::<i64>(), 0..3)),
        (derived_info, offices) in (of(infos()), of(vec(infos(), 0..3))),
        attrs in of(maps(infos())),
        times in of(maps(timestamps())),
        (create_time, count) in (of(timestamps()), of(any::<i32>())),
        // A null field is not set: it is among the unknown fields.
        metadata in of(jsons().prop_filter("not null", |json| !json.is_null())),
        extra in extras(),
    ) -> Company {
        let derived_info = derived_info.map(Box::new);
        Company {
            display_name, suspended, size, ids, derived_info, offices, attrs, times, create_time,
            metadata, count, extra,
        }
    }
}

/// Decodes a text as every type, strictly and as a response, ignoring the results.
fn read_as_everything(text: &str) {
    fn read<T: Decode + Encode>(text: &str) {
        match from_str::<T>(text) {
            Ok(value) => assert!(from_str::<T>(&to_string(&value)).is_ok(), "{text}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        // Mismatched values are preserved as unknown fields here, so the output may fail strict
        // decoding.
        if let Ok(value) = from_response::<T>(text.as_bytes()) {
            assert!(from_str::<Json>(&to_string(&value)).is_ok(), "{text}");
        }
    }
    read::<bool>(text);
    read::<i32>(text);
    read::<u32>(text);
    read::<i64>(text);
    read::<u64>(text);
    read::<f32>(text);
    read::<f64>(text);
    read::<String>(text);
    read::<Bytes>(text);
    read::<Timestamp>(text);
    read::<Date>(text);
    read::<Duration>(text);
    read::<FieldMask>(text);
    read::<Json>(text);
    read::<Size>(text);
    read::<Vec<i64>>(text);
    read::<BTreeMap<String, Vec<Bytes>>>(text);
    read::<Company>(text);
    for parsed in [text, text.trim_matches('"')] {
        let _ = (parsed.parse::<Bytes>(), parsed.parse::<Timestamp>(), parsed.parse::<Date>());
        let _ = (parsed.parse::<Duration>(), parsed.parse::<FieldMask>(), parsed.parse::<Json>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn numbers_round_trip(a: i32, b: u32, c: i64, d: u64, e: f32, f: f64, g: bool) {
        comes_back(&a)?;
        comes_back(&b)?;
        comes_back(&c)?;
        comes_back(&d)?;
        comes_back(&g)?;
        // NaN is not equal to itself, so the bits are compared.
        let back: f64 = from_str(&to_string(&f)).unwrap();
        prop_assert!(back == f || back.is_nan() && f.is_nan(), "{f} is {back}");
        prop_assert_eq!(back.is_sign_negative() && !f.is_nan(), f.is_sign_negative() && !f.is_nan());
        let back: f32 = from_str(&to_string(&e)).unwrap();
        prop_assert!(back == e || back.is_nan() && e.is_nan(), "{e} is {back}");
    }

    #[test]
    fn texts_and_bytes_round_trip(text: String, bytes: Vec<u8>) {
        comes_back(&text)?;
        comes_back(&Bytes::from(bytes.clone()))?;
        parses(&Bytes::from(bytes))?;
    }

    #[test]
    fn times_round_trip(time in timestamps(), span in durations(), date in dates()) {
        comes_back(&time)?;
        parses(&time)?;
        comes_back(&span)?;
        parses(&span)?;
        comes_back(&date)?;
        parses(&date)?;
    }

    #[test]
    fn masks_json_and_enums_round_trip(mask in masks(), json in jsons(), size in sizes()) {
        comes_back(&mask)?;
        parses(&mask)?;
        comes_back(&json)?;
        parses(&json)?;
        comes_back(&size)?;
    }

    #[test]
    fn models_round_trip(company in companies()) {
        comes_back(&company)?;
        comes_back(&vec![company.clone(), Company::default()])?;
        comes_back(&BTreeMap::from([("k".to_owned(), company)]))?;
    }

    #[test]
    fn arbitrary_json_does_not_panic(text in any_json()) {
        read_as_everything(&text);
        read_as_everything(&format!("{{\"displayName\":{text},\"attrs\":{{\"k\":{text}}}}}"));
        read_as_everything(&format!("{{\"offices\":[{text}],\"times\":{text}}}"));
    }

    /// The value is read, or set aside; the rest of the response is read, and all of it comes back.
    #[test]
    fn no_value_fails_a_response(
        (value, inner) in (valid_json(), valid_json()),
        name in select(vec!["suspended", "size", "ids", "derivedInfo", "attrs", "times", "count"]),
        below in select(vec!["latitude", "inner"]),
    ) {
        let office = format!(r#"{{"address":"y","{below}":{inner}}}"#);
        let text = format!(r#"{{"displayName":"x","{name}":{value},"offices":[{office}]}}"#);
        let (company, misfits) = read_response::<Company>(text.as_bytes()).unwrap();
        prop_assert_eq!(company.display_name.as_deref(), Some("x"));
        let offices = company.offices.as_ref().unwrap();
        prop_assert_eq!(offices[0].address.as_deref(), Some("y"));
        for (name, kept) in company.extra.iter() {
            prop_assert_eq!(Some(kept), Json::parse(&text).unwrap().get(name));
        }
        for (name, kept) in offices[0].extra.iter() {
            prop_assert_eq!(Some(kept), Json::parse(&office).unwrap().get(name));
        }
        // Strict decoding fails exactly if something was set aside, with the first of the misfits.
        let strict = from_str::<Company>(&text);
        let refused = strict.err();
        prop_assert_eq!(refused.as_ref(), misfits.first());
        let again = company.to_json();
        prop_assert_eq!(company.misfits().len(), misfits.len());
        let back: Company = from_response(again.as_bytes()).unwrap();
        prop_assert_eq!(back.to_json(), again);
    }

    #[test]
    fn arbitrary_text_does_not_panic(text: String, digits in "[-+0-9TZ:.,se_=`]{0,24}") {
        read_as_everything(&text);
        read_as_everything(&digits);
        read_as_everything(&format!("\"{digits}\""));
        read_as_everything(&format!("{{\"ids\":[\"{digits}\"],\"createTime\":\"{digits}\"}}"));
    }
}

/// Otherwise, a list of one location of a job would take the memory of four.
#[test]
fn lists_of_one_large_item_allocate_exactly() {
    let items: Vec<Wide> = from_str("[{}]").unwrap();
    assert_eq!((items.len(), items.capacity()), (1, 1));
    let none: Vec<Wide> = from_str("[]").unwrap();
    assert_eq!(none.capacity(), 0);
}

/// Larger than the initial capacity of lists.
struct Wide(#[allow(dead_code, reason = "only its size matters")] [u64; 64]);

impl discovery_json::Decode for Wide {
    fn decode(r: &mut discovery_json::Reader<'_>) -> Result<Self, discovery_json::DecodeError> {
        r.read::<()>().map(|()| Self([0; 64]))
    }
}
