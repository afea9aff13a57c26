//! Responses are lossless: for every format of every field, values in each allowed form decode as
//! the type of the generated field, and encode unchanged.
//!
//! Checks this repository's documents, and ten of Google's if available.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::ir::{Scalar, SchemaId, Shape, Type};
use discovery_generator::{Input, Model, analyze};
use discovery_json::{Decode, Encode, Map, from_response, from_str, to_string};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const TEN: [&str; 10] = [
    "bigquery.v2",
    "calendar.v3",
    "compute.v1",
    "drive.v3",
    "firestore.v1beta2",
    "jobs.v4",
    "pubsub.v1",
    "storage.v1",
    "storagetransfer.v1",
    "youtube.v3",
];

/// Cargo runs tests in the folder of their package.
fn root() -> PathBuf {
    std::env::current_dir().unwrap().parent().unwrap().to_owned()
}

fn documents() -> Vec<PathBuf> {
    let root = root();
    let mut out = vec![
        root.join("discovery/jobs-v3.json"),
        root.join("lab/fixtures/discovery/kitchen-sink-v1.json"),
    ];
    let corpus = root.join("../shared/corpus");
    if corpus.is_dir() {
        out.extend(TEN.map(|name| corpus.join(format!("{name}.json"))));
    }
    out
}

fn model(path: &Path) -> Model {
    let text = std::fs::read_to_string(path).unwrap();
    let file = path.display().to_string();
    let overlay = std::fs::read_to_string(path.with_extension("overlay.json")).ok();
    let input = Input { file: &file, document: &text, overlay: overlay.as_deref(), methods: None };
    analyze(&input).unwrap_or_else(|report| panic!("{file}: {report:?}"))
}

/// Returns the forms of a type as JSON text: those encoded unchanged, and other spellings of
/// numbers, which are encoded as the same number.
fn forms(ty: &Type) -> (Vec<&'static str>, Vec<&'static str>) {
    match ty {
        Type::Scalar(Scalar::Bool) => (vec!["true|false"], vec![]),
        Type::Scalar(scalar) => forms_of(*scalar),
        Type::Enum(_) => (vec![TEXT], vec![]),
        Type::Any => {
            (vec!["null|1\\.0|1e400|\\{\"b\":\\[1,-0\\.0,\"\"\\],\"a\":\\{\\}\\}"], vec![])
        }
        // A schema is its fields.
        Type::Object(_) | Type::List(_) | Type::Map(_) => (vec![], vec![]),
    }
}

fn forms_of(scalar: Scalar) -> (Vec<&'static str>, Vec<&'static str>) {
    match scalar {
        Scalar::Int64 | Scalar::UInt64 => {
            (vec!["\"(0|[1-9][0-9]{0,17})\""], vec!["[1-9][0-9]{0,8}"])
        }
        Scalar::Int32 | Scalar::UInt32 => (vec!["0|[1-9][0-9]{0,8}"], vec!["\"[1-9][0-9]{0,8}\""]),
        Scalar::Float | Scalar::Double => (
            vec![
                "0|-?[1-9][0-9]{0,5}",
                "-?[1-9][0-9]{0,2}\\.[0-9]{0,2}[1-9]",
                "\"(NaN|-?Infinity)\"",
            ],
            vec![
                "-?[0-9]\\.0{1,3}",
                "[1-9]e[0-9]",
                "[1-9](\\.5)?[eE]\\+[0-9]",
                "\"[1-9]\\.5\"",
                "-0(\\.0)?",
            ],
        ),
        Scalar::Timestamp => (vec![TIME, TIME_AT_OFFSET], vec![]),
        Scalar::DateTime => {
            (vec![TIME, TIME_AT_OFFSET, TIME_LOCAL, TIME_SMALL, LEAP_SECOND], vec![])
        }
        Scalar::Date => (vec!["\"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])\""], vec![]),
        Scalar::Duration => (vec!["\"-?(0|[1-9][0-9]{0,10})(\\.[0-9]{1,9})?s\""], vec![]),
        Scalar::FieldMask => (
            vec!["\"\"", "\"\\*\"", "\"[a-z][a-zA-Z]{0,3}(\\.[a-z]{1,3})?(,[a-z]{1,2}){0,3}\""],
            vec![],
        ),
        Scalar::Bytes => (
            vec![
                "\"([A-Za-z0-9+/]{4}){0,3}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\"",
                "\"([A-Za-z0-9_-]{4}){0,3}([A-Za-z0-9_-]{2,3})?\"",
            ],
            vec![],
        ),
        Scalar::String => (vec![TEXT], vec![]),
        // A format without forms here is checked with the value in the table, as all are.
        _ => (vec![], vec![]),
    }
}

const TEXT: &str = "\"[ -!#-\\[\\]-~é😀]{0,8}\"";
const TIME: &str = "\"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,9})?Z\"";
const TIME_AT_OFFSET: &str = "\"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,9})?[+-]([01][0-9]|2[0-3]):[0-5][0-9]\"";
const TIME_LOCAL: &str = "\"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,18})?\"";
const TIME_SMALL: &str = "\"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])t([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,18})?z\"";
const LEAP_SECOND: &str = "\"[0-9]{4}-06-30T23:59:60(\\.[0-9]{1,3})?(Z|[+-]00:00)?\"";

/// Decodes a text as a type and encodes it: alone, in a list, in a map, strictly, and as a
/// response.
fn through<T: Decode + Encode>(text: &str) -> Result<String, String> {
    let value: T = from_str(text).map_err(|error| format!("{text}: {error}"))?;
    let written = to_string(&value);
    let (list, map) = (format!("[{text}]"), format!("{{\"k\":{text}}}"));
    let lists: Vec<T> =
        from_response(list.as_bytes()).map_err(|error| format!("{list}: {error}"))?;
    let maps: Map<T> = from_response(map.as_bytes()).map_err(|error| format!("{map}: {error}"))?;
    let same = to_string(&lists) == format!("[{written}]")
        && to_string(&maps) == format!("{{\"k\":{written}}}");
    if same { Ok(written) } else { Err(format!("{text} differs in a list or map")) }
}

macro_rules! through_scalar {
    ($($(#[$doc:meta])* $name:ident: $type:ty { $($row:tt)* })*) => {
        /// Like `through`, for a scalar format.
        fn through_scalar(scalar: Scalar, text: &str) -> Result<String, String> {
            match scalar {
                $(Scalar::$name => through::<$type>(text),)*
            }
        }
    };
}

discovery_json::scalars!(through_scalar);

/// Like `through`, for the type of a field.
fn through_field(ty: &Type, text: &str) -> Result<String, String> {
    match ty {
        Type::Scalar(scalar) => through_scalar(*scalar, text),
        Type::Any => through_any(text),
        // Enums preserve any text.
        _ => through::<String>(text),
    }
}

fn through_any(text: &str) -> Result<String, String> {
    from_str::<discovery_json::Json>(text).map(|v| to_string(&v)).map_err(|e| e.to_string())
}

/// Parses a number.
fn number(text: &str) -> f64 {
    text.trim_matches('"').parse().unwrap()
}

#[test]
fn every_form_of_every_field_round_trips() {
    let mut runner = TestRunner::default();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for path in documents() {
        let model = model(&path);
        let types = discovery_generator::rust::Types::new(&model.api, &model.names);
        for id in SchemaId::all(&model.api) {
            let Shape::Object(object) = &model.api[id].shape else { continue };
            let others = object.additional.iter();
            for ty in object.fields.iter().map(|field| &field.ty).chain(others) {
                let leaf = model.api.resolve(ty.leaf()).leaf();
                let home = discovery_generator::rust::Home::Outside;
                let rust = types.ty(leaf, home).as_str().replace(' ', "");
                *counts.entry(rust.clone()).or_default() += field(&rust, leaf, &mut runner);
            }
        }
    }
    for rust in ["json::Timestamp", "json::DateTime", "json::Duration", "json::Bytes", "f64"] {
        assert!(counts.get(rust).is_some_and(|count| *count > 0), "{rust} in {counts:?}");
    }
}

/// Checks all forms of a field; returns their number.
fn field(rust: &str, ty: &Type, runner: &mut TestRunner) -> usize {
    let (kept, respelled) = forms(ty);
    let mut sample = |form: &str| {
        let form = proptest::string::string_regex(form).unwrap();
        form.new_tree(runner).unwrap().current()
    };
    if let Some(scalar) = ty.scalar() {
        let text = scalar.info().test;
        assert_eq!(through_field(ty, text), Ok(text.to_owned()), "{rust}");
    }
    for form in &kept {
        let text = sample(form);
        assert_eq!(through_field(ty, &text), Ok(text), "{rust}");
    }
    for form in &respelled {
        let text = sample(form);
        let written = through_field(ty, &text).unwrap();
        assert_eq!(number(&written).to_bits(), number(&text).to_bits(), "{text} as {written}");
    }
    kept.len() + respelled.len()
}
