//! Floating-point numbers as text.

use std::fmt;

/// A float or double as the wire spells it: the shortest text that reads back as the same value,
/// and `NaN`, `Infinity`, `-Infinity`.
///
/// Query parameters are made of it: `Number::from(1.5).to_string()` is `1.5`.
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
            Form::Double(value) if value.is_finite() => show(f, value, &value),
            Form::Float(value) if value.is_finite() => show(f, value.into(), &value),
            Form::Double(value) => f.write_str(word(value)),
            Form::Float(value) => f.write_str(word(value.into())),
        }
    }
}

/// Positional where that is short, with an exponent where it would be many zeros.
fn show<T: fmt::Display + fmt::LowerExp>(
    f: &mut fmt::Formatter<'_>,
    size: f64,
    value: &T,
) -> fmt::Result {
    match size.abs() {
        0.0 | 1e-5..1e16 => write!(f, "{value}"),
        _ => write!(f, "{value:e}"),
    }
}

fn word(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}
