//! Floating-point numbers as text.

use std::fmt;

/// A float or double in wire format: the shortest text that reads back as the same value, or `NaN`,
/// `Infinity`, `-Infinity`.
///
/// Used for query parameters: `Number::from(1.5).to_string()` is `1.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Form);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Double(f64),
    Float(f32),
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(Form::Double(value))
    }
}

impl From<f32> for Number {
    fn from(value: f32) -> Self {
        Self(Form::Float(value))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Form::Double(value) if value.is_finite() => {
                match positional(&mut zmij::Buffer::new(), value) {
                    Some(text) => f.write_str(text),
                    None => write!(f, "{value:e}"),
                }
            }
            Form::Float(value) if value.is_finite() && is_positional(value.into()) => {
                write!(f, "{value}")
            }
            Form::Float(value) if value.is_finite() => write!(f, "{value:e}"),
            Form::Double(value) => f.write_str(non_finite(value)),
            Form::Float(value) => f.write_str(non_finite(value.into())),
        }
    }
}

/// Formats a double without an exponent, if possible. Responses contain many doubles, and `fmt`
/// takes several times as long.
pub(crate) fn positional(buffer: &mut zmij::Buffer, value: f64) -> Option<&str> {
    if !is_positional(value) {
        return None;
    }
    let text = buffer.format_finite(value);
    Some(text.strip_suffix(".0").unwrap_or(text))
}

/// Returns `true` if a number is short without an exponent; others would have many zeros.
fn is_positional(value: f64) -> bool {
    matches!(value.abs(), 0.0 | 1e-5..1e16)
}

fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

#[cfg(test)]
mod tests {
    use super::Number;
    use crate::Writer;
    use proptest::prelude::*;

    #[test]
    fn texts_are_exact() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (5.0, "5"),
            (-0.5, "-0.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100"),
            (1e-5, "0.00001"),
            (9.99e-6, "9.99e-6"),
            (1e15, "1000000000000000"),
            (9_007_199_254_740_993.0, "9007199254740992"),
            (1e16, "1e16"),
            (-1.5e300, "-1.5e300"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(Number::from(value).to_string(), text);
        }
        assert_eq!(Number::from(0.1f32).to_string(), "0.1");
        assert_eq!(Number::from(1e16f32).to_string(), "1e16");
    }

    proptest! {
        #[test]
        fn doubles_read_back_and_are_as_short_as_the_standard_library_s(
            value in -1e15..1e15f64,
            scale in 0..9i32,
        ) {
            for value in [value, value / 10f64.powi(scale), value.trunc()] {
                let text = Number::from(value).to_string();
                prop_assert_eq!(text.parse(), Ok(value));
                // Not the same text: of two that are as near, either may be taken.
                prop_assert!(text.len() <= value.to_string().len(), "{}", text);
                let mut writer = Writer::new();
                writer.double(value);
                prop_assert_eq!(writer.as_str(), text);
            }
        }
    }
}
