//! Protobuf's JSON mapping, one case per rule. `cargo lab conformance protojson` runs protobuf's
//! own cases; all that apply to discovery documents pass.

use std::fmt::Debug;

use discovery_runtime::json::{
    self, Bytes, Decode, Duration, Encode, FieldMask, Json, Timestamp, from_str, to_string,
};

/// Decodes each text as a `T` and encodes it; `None` must be rejected.
fn table<T: Decode + Encode + Debug>(cases: &[(&str, Option<&str>)]) {
    for (text, expected) in cases {
        let got: Result<T, _> = from_str(text);
        let got = got.map(|value| to_string(&value));
        assert_eq!(got.as_deref().ok(), *expected, "{text} gives {got:?}");
    }
}

#[test]
fn numbers() {
    table::<i64>(&[
        (r#""9223372036854775807""#, Some(r#""9223372036854775807""#)),
        ("-9223372036854775808", Some(r#""-9223372036854775808""#)),
        ("1e3", Some(r#""1000""#)),
        ("1.0", Some(r#""1""#)),
        ("0.5", None),
        (r#""9223372036854775808""#, None),
        (r#"" 1""#, None),
    ]);
    table::<i32>(&[("1e5", Some("100000")), (r#""7""#, Some("7")), ("2147483648", None)]);
    table::<u32>(&[("4294967295", Some("4294967295")), ("-1", None)]);
    table::<f64>(&[
        (r#""NaN""#, Some(r#""NaN""#)),
        (r#""-Infinity""#, Some(r#""-Infinity""#)),
        (r#""1.5""#, Some("1.5")),
        ("1e999", None),
        ("NaN", None),
    ]);
    table::<bool>(&[("true", Some("true")), (r#""true""#, None), ("1", None)]);
}

#[test]
fn texts() {
    table::<Bytes>(&[
        (r#""-_8=""#, Some(r#""-_8=""#)),
        // Alphabet and padding are preserved.
        (r#""+/8""#, Some(r#""+/8""#)),
        (r#""!""#, None),
    ]);
    table::<String>(&[(r#""\ud83d\ude00""#, Some("\"😀\"")), (r#""\ud83d""#, None), ("1", None)]);
    table::<Json>(&[("[1.50, {\"a\" : null}]", Some(r#"[1.50,{"a":null}]"#)), ("[1,]", None)]);
}

#[test]
fn well_known_types() {
    table::<Timestamp>(&[
        (r#""1970-01-01T00:00:00.010Z""#, Some(r#""1970-01-01T00:00:00.010Z""#)),
        (r#""1970-01-01T02:00:00+02:00""#, Some(r#""1970-01-01T02:00:00+02:00""#)),
        (r#""9999-12-31T23:59:59.999999999Z""#, Some(r#""9999-12-31T23:59:59.999999999Z""#)),
        (r#""1970-01-01T00:00:00""#, None),
        (r#""0000-01-01T00:00:00Z""#, None),
    ]);
    table::<Duration>(&[
        (r#""1.010s""#, Some(r#""1.010s""#)),
        (r#""-0.5s""#, Some(r#""-0.5s""#)),
        (r#""315576000000s""#, Some(r#""315576000000s""#)),
        (r#""315576000001s""#, None),
        (r#""--5s""#, None),
        (r#""5""#, None),
    ]);
    table::<FieldMask>(&[
        (r#""fooBar,baz.quxQuux""#, Some(r#""fooBar,baz.quxQuux""#)),
        (r#""""#, Some(r#""""#)),
    ]);
}

/// Null means that a field is absent; the last of repeated members counts.
#[test]
fn members() {
    let company: google_jobs_v3::models::Company =
        json::from_str(r#"{"displayName":"a","displayName":"b","hiringAgency":null}"#).unwrap();
    assert_eq!(company.display_name.as_deref(), Some("b"));
    assert_eq!(company.hiring_agency, None);
}
