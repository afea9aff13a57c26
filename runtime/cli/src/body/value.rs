//! Converts text to a JSON value by the type of the field.

use std::str::FromStr;

use discovery_json::{Form, Scalar};
use discovery_runtime::reflect::TypeInfo;
use serde_json::{Number, Value};

use super::lint::{self, Lint};
use crate::schema::scalar_label;

/// Value, with a lint if it is suspicious.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) value: Value,
    pub(crate) lint: Option<Lint>,
}

/// Text that is not a value of the type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotTyped {
    /// Error of the parser.
    pub(crate) reason: String,
    /// Suggested value.
    pub(crate) instead: Option<String>,
}

impl NotTyped {
    /// Formats the message; `name` is the field's wire name.
    pub(crate) fn message(&self, name: &str, text: &str, ty: TypeInfo) -> String {
        format!(
            "Failed to parse argument '{name}' with value '{text}' as {} with error: {}.",
            scalar_label(ty),
            self.reason
        )
    }
}

/// Converts `text` to the JSON value of a scalar type.
pub(crate) fn scalar(text: &str, ty: TypeInfo) -> Result<Typed, NotTyped> {
    let value = match ty.scalar().map(Scalar::form) {
        Some(Form::Bool) => boolean(text)?,
        Some(Form::Integer { least, most, quoted }) => {
            let value = integer(text, least, most)?;
            if quoted { Value::String(value.to_string()) } else { number(value) }
        }
        Some(Form::Float { most }) => float(text, most)?,
        Some(Form::Text | Form::Parsed(_)) | None => Value::String(text.to_owned()),
    };
    match lint::check(text, ty) {
        Some(lint) if lint.rejected => {
            Err(NotTyped { reason: lint.message, instead: lint.instead })
        }
        lint => Ok(Typed { value, lint }),
    }
}

fn boolean(text: &str) -> Result<Value, NotTyped> {
    let instead = match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" | "t" => Some("true".to_owned()),
        "false" | "no" | "n" | "off" | "0" | "f" => Some("false".to_owned()),
        _ => None,
    };
    match bool::from_str(text) {
        Ok(value) => Ok(Value::Bool(value)),
        Err(error) => Err(NotTyped { reason: error.to_string(), instead }),
    }
}

fn integer(text: &str, least: i128, most: i128) -> Result<i128, NotTyped> {
    let wrong = |reason: String| NotTyped {
        reason,
        instead: meant_integer(text)
            .filter(|n| (least..=most).contains(n))
            .map(|n| n.to_string())
            .filter(|other| other != text),
    };
    let value = i128::from_str(text).map_err(|error| wrong(error.to_string()))?;
    if value < least {
        return Err(wrong(format!("number too small, the least is {least}")));
    }
    if value > most {
        return Err(wrong(format!("number too large, the greatest is {most}")));
    }
    Ok(value)
}

/// Interprets other spellings of an integer: surrounding blanks, `0x10`, `1_000`, `1,000`, `1e3`,
/// `5.0`.
fn meant_integer(text: &str) -> Option<i128> {
    let text = text.trim();
    if !is_grouped(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',' | ' ')).collect();
    if let Some(hex) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return i128::from_str_radix(hex, 16).ok();
    }
    if let Ok(value) = plain.parse() {
        return Some(value);
    }
    // Above 2^53, a double does not identify an integer.
    let value: f64 = plain.parse().ok()?;
    let exact = value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0;
    if exact { format!("{value:.0}").parse().ok() } else { None }
}

/// Returns `true` if separators are between groups of three digits: `1,5` may be two numbers.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.trim_start_matches(['+', '-']).split(['_', ',', ' ']);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let is_short = rest.peek().is_none() || (1..=3).contains(&first.len());
    is_short && rest.all(|group| group.len() == 3 && group.chars().all(|c| c.is_ascii_digit()))
}

fn number(value: i128) -> Value {
    number_text(&value.to_string())
}

/// Creates a number that keeps its text; text that is not a JSON number becomes a string.
pub(crate) fn number_text(text: &str) -> Value {
    Number::from_str(text).map_or_else(|_| Value::String(text.to_owned()), Value::Number)
}

fn float(text: &str, most: f64) -> Result<Value, NotTyped> {
    let wrong = |reason: String, instead: Option<&str>| NotTyped {
        reason,
        instead: instead.filter(|other| *other != text).map(str::to_owned),
    };
    let value = f64::from_str(text).map_err(|error| {
        let trimmed = text.trim();
        wrong(error.to_string(), f64::from_str(trimmed).ok().map(|_| trimmed))
    })?;
    if !value.is_finite() || value.abs() > most {
        return Err(wrong("not a finite number in range".to_owned(), None));
    }
    Ok(match Number::from_str(text) {
        Ok(number) => Value::Number(number),
        Err(_) => Number::from_f64(value).map_or(Value::Null, Value::Number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, ty: TypeInfo) -> String {
        match scalar(text, ty) {
            Ok(typed) => typed.value.to_string(),
            Err(error) => format!("! {}", error.instead.unwrap_or_default()),
        }
    }

    #[test]
    fn booleans() {
        for (text, want) in
            [("true", "true"), ("false", "false"), ("yes", "! true"), ("0", "! false"), ("x", "! ")]
        {
            assert_eq!(show(text, TypeInfo::Bool), want);
        }
    }

    #[test]
    fn integers() {
        for (text, want) in [
            ("5", "5"),
            ("+5", "5"),
            ("-1", "-1"),
            ("007", "7"),
            ("2147483647", "2147483647"),
            ("3000000000", "! "),
            ("99999999999999999999", "! "),
            ("1e3", "! 1000"),
            ("0x10", "! 16"),
            (" 5", "! 5"),
            ("5.0", "! 5"),
            ("5.5", "! "),
            ("", "! "),
            ("1_000", "! 1000"),
            ("1,234,567", "! 1234567"),
            ("-1 000", "! -1000"),
            // More than one number, or no notation of one.
            ("1,5", "! "),
            ("1,23,456", "! "),
            ("12345,678", "! "),
            (",123", "! "),
            ("1 2", "! "),
        ] {
            assert_eq!(show(text, TypeInfo::Int32), want, "{text:?}");
        }
        assert_eq!(show("9223372036854775807", TypeInfo::Int64), "\"9223372036854775807\"");
        assert_eq!(show("9223372036854775808", TypeInfo::Int64), "! ");
        assert_eq!(show("18446744073709551615", TypeInfo::UInt64), "\"18446744073709551615\"");
        assert_eq!(show("-1", TypeInfo::UInt32), "! ");
        assert_eq!(show("-7", TypeInfo::Int64), "\"-7\"");
    }

    #[test]
    fn floats_keep_their_text() {
        for (text, want) in [
            ("5", "5"),
            ("-0.50", "-0.50"),
            (".5", "0.5"),
            // serde_json prints the sign of an exponent.
            ("1e2", "1e+2"),
            ("+1.5", "1.5"),
            ("inf", "! "),
            ("NaN", "! "),
            ("abc", "! "),
            ("1e999", "! "),
            (" 2.5", "! 2.5"),
        ] {
            assert_eq!(show(text, TypeInfo::Double), want, "{text}");
        }
        assert_eq!(show("1e39", TypeInfo::Float), "! ");
    }

    #[test]
    fn messages_contain_the_fixed_words() {
        let error = scalar("yes", TypeInfo::Bool).unwrap_err();
        assert_eq!(
            error.message("hiringAgency", "yes", TypeInfo::Bool),
            "Failed to parse argument 'hiringAgency' with value 'yes' as boolean with error: \
             provided string was not `true` or `false`."
        );
    }
}
