//! The table is true of the types it names.

use super::{Form, Scalar};
use crate::{Decode, Encode, from_str, to_string};

/// Name of a type without the path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or_default()
}

/// Reads a text as the row's type and writes it.
fn through<T: Decode + Encode>(text: &str) -> String {
    to_string(&from_str::<T>(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident: $type:ty { $($fact:ident: $value:expr,)* })*) => {
        /// Rust type, size, and test value after a round trip, by the type itself.
        const TYPES: &[(Scalar, fn() -> &'static str, usize, fn(&str) -> String)] = &[$((
            Scalar::$name,
            std::any::type_name::<$type>,
            size_of::<Option<$type>>(),
            through::<$type>,
        ),)*];
    };
}

crate::scalars!(types);

#[test]
fn rows_describe_their_types() {
    for (scalar, name, size, through) in TYPES {
        let info = scalar.info();
        assert_eq!(last(info.rust), last(name()), "{scalar:?}");
        assert_eq!(info.rust.starts_with("json::"), scalar.parsed().is_some(), "{scalar:?}");
        if cfg!(target_pointer_width = "64") {
            assert_eq!(info.size, *size, "{scalar:?}");
        }
        assert_eq!(through(info.test), info.test, "{scalar:?}");
        assert_eq!(info.test.starts_with('"'), scalar.is_string(), "{scalar:?}");
    }
}

#[test]
fn examples_are_values() {
    for scalar in Scalar::ALL {
        let Some(parsed) = scalar.parsed() else { continue };
        for text in [parsed.example, parsed.samples[0], parsed.samples[1]] {
            assert!(scalar.reads(text), "{scalar:?}: {text}");
        }
        let canonical = (parsed.canonical)(parsed.example).unwrap();
        assert_eq!((parsed.canonical)(&canonical), Ok(canonical.clone()), "{scalar:?}");
        assert!(!scalar.reads("_,?"), "{scalar:?} has a notation");
    }
}

#[test]
fn documents_find_each_row() {
    for scalar in Scalar::ALL {
        for format in scalar.info().formats {
            assert_eq!(Scalar::find(scalar.info().ty, *format), Some(*scalar));
        }
    }
    assert_eq!(Scalar::find("string", Some("unheard-of")), None);
    assert_eq!(Scalar::find("integer", None), None);
}

/// The crate's documentation lists the formats for readers; it is held to the table.
#[test]
fn the_documentation_lists_every_format() {
    let lib = include_str!("../lib.rs");
    let wire = lib.lines().skip_while(|line| !line.contains("| wire form")).skip(2);
    let listed: Vec<&str> = wire.take_while(|line| line.starts_with("//! |")).collect();
    for scalar in Scalar::ALL {
        let info = scalar.info();
        let Some(format) = info.formats.iter().flatten().next() else { continue };
        let rust = info.rust.trim_start_matches("json::");
        let row = |line: &&&str| {
            let all = [info.ty, format, rust].map(|word| format!("`{word}`"));
            all.iter().all(|word| line.contains(word))
        };
        assert!(listed.iter().find(row).is_some(), "lib.rs: {} {format} is {rust}", info.ty);
    }
}

#[test]
fn forms_match_the_kinds_of_json() {
    for scalar in Scalar::ALL {
        let number = scalar.info().test.parse::<f64>().is_ok();
        let plain =
            matches!(scalar.form(), Form::Integer { quoted: false, .. } | Form::Float { .. });
        assert_eq!(number, plain, "{scalar:?}");
    }
}
