//! Numbers: grammar, integers in any notation, and floats.

use super::Reader;
use crate::error::DecodeError;
use std::borrow::Cow;

impl<'a> Reader<'a> {
    /// Reads a signed 64-bit integer, as a number or a string; `1e3` and `5.0` are integers.
    ///
    /// # Errors
    /// If the value is not a number, not integral, or out of range.
    pub fn int64(&mut self) -> Result<i64, DecodeError> {
        self.signed(i64::MIN, i64::MAX, "int64")
    }

    /// Reads an unsigned 64-bit integer, as a number or a string.
    ///
    /// # Errors
    /// If the value is not a number, not integral, or out of range.
    pub fn uint64(&mut self) -> Result<u64, DecodeError> {
        self.unsigned(u64::MAX, "uint64")
    }

    /// Reads a signed 32-bit integer, as a number or a string.
    ///
    /// # Errors
    /// If the value is not a number, not integral, or out of range.
    pub fn int32(&mut self) -> Result<i32, DecodeError> {
        self.signed(i32::MIN.into(), i32::MAX.into(), "int32").map(|value| value as i32)
    }

    /// Reads an unsigned 32-bit integer, as a number or a string.
    ///
    /// # Errors
    /// If the value is not a number, not integral, or out of range.
    pub fn uint32(&mut self) -> Result<u32, DecodeError> {
        self.unsigned(u32::MAX.into(), "uint32").map(|value| value as u32)
    }

    /// Reads a double, as a number or a string; `"NaN"`, `"Infinity"`, and `"-Infinity"` as
    /// strings.
    ///
    /// # Errors
    /// If the value is not a number or exceeds the range of a double.
    pub fn double(&mut self) -> Result<f64, DecodeError> {
        let (text, at, quoted) = self.number_text()?;
        match non_finite(&text) {
            Some(value) if quoted => Ok(value),
            _ => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(out_of_range(&text, "double", at)),
            },
        }
    }

    /// Reads a float; see [`Reader::double`].
    ///
    /// # Errors
    /// If the value is not a number or exceeds the range of a float.
    pub fn float(&mut self) -> Result<f32, DecodeError> {
        let (text, at, quoted) = self.number_text()?;
        match non_finite(&text) {
            Some(value) if quoted => Ok(value as f32),
            _ => match text.parse::<f32>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(out_of_range(&text, "float", at)),
            },
        }
    }

    fn signed(&mut self, min: i64, max: i64, name: &'static str) -> Result<i64, DecodeError> {
        let (negative, size, at) = self.integer(name)?;
        let value =
            if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
        match value {
            Some(value) if (min..=max).contains(&value) => Ok(value),
            _ => Err(out_of_range(&integer_text(negative, size), name, at)),
        }
    }

    fn unsigned(&mut self, max: u64, name: &'static str) -> Result<u64, DecodeError> {
        let (negative, size, at) = self.integer(name)?;
        if size > max || (negative && size != 0) {
            return Err(out_of_range(&integer_text(negative, size), name, at));
        }
        Ok(size)
    }

    /// Returns sign and magnitude of an integer, and its offset.
    fn integer(&mut self, name: &'static str) -> Result<(bool, u64, usize), DecodeError> {
        let (text, at, _) = self.number_text()?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, &*text),
        };
        // 19 digits cannot overflow; other notations take the slow path.
        if digits.len() <= 19 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let size = digits.bytes().fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
            return Ok((negative, size, at));
        }
        match decimal_integer(&text) {
            Some((negative, size)) => Ok((negative, size, at)),
            None => Err(out_of_range(&text, name, at)),
        }
    }

    /// Returns the text of a number, validated unless it is a non-finite float, its offset, and
    /// whether it was quoted.
    fn number_text(&mut self) -> Result<(Cow<'a, str>, usize, bool), DecodeError> {
        match self.peek() {
            b'-' | b'0'..=b'9' => {
                let at = self.pos;
                self.number().map(|text| (Cow::Borrowed(text), at, false))
            }
            b'"' => {
                let at = self.pos;
                let text = self.string()?;
                if is_number(&text) || non_finite(&text).is_some() {
                    Ok((text, at, true))
                } else {
                    Err(DecodeError::value(format!("expected a number, found {:?}", text), at))
                }
            }
            _ => Err(self.wrong_kind("a number")),
        }
    }

    /// Takes a number and returns its text.
    pub(crate) fn number(&mut self) -> Result<&'a str, DecodeError> {
        let start = self.pos;
        match number_end(self.text.as_bytes(), start) {
            Ok(end) => {
                self.pos = end;
                Ok(self.slice(start, end))
            }
            Err(at) => {
                self.pos = at;
                Err(self.syntax("invalid number"))
            }
        }
    }

    pub(super) fn enum_number(&mut self) -> Result<&'a str, DecodeError> {
        let at = self.pos;
        let text = self.number()?;
        if text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) {
            return Ok(text);
        }
        Err(DecodeError::value(format!("expected an enum value, found {text}"), at))
    }
}

#[cold]
fn out_of_range(text: &str, name: &'static str, at: usize) -> DecodeError {
    DecodeError::value(format!("{text} is not a value of {name}"), at)
}

#[cold]
fn integer_text(negative: bool, size: u64) -> String {
    format!("{}{size}", if negative { "-" } else { "" })
}

fn non_finite(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Returns `true` if the whole text is a JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    number_end(text.as_bytes(), 0) == Ok(text.len())
}

/// Returns the end of the number at `start`, or the offset of a syntax error.
fn number_end(bytes: &[u8], start: usize) -> Result<usize, usize> {
    let digits = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut at = start + usize::from(byte(start) == b'-');
    let whole = digits(at);
    if whole == 0 || (whole > 1 && byte(at) == b'0') {
        return Err(at);
    }
    at += whole;
    if byte(at) == b'.' {
        let part = digits(at + 1);
        if part == 0 {
            return Err(at + 1);
        }
        at += 1 + part;
    }
    if matches!(byte(at), b'e' | b'E') {
        at += 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
        let exponent = digits(at);
        if exponent == 0 {
            return Err(at);
        }
        at += exponent;
    }
    Ok(at)
}

/// Returns sign and magnitude of an integral JSON number in any notation: `1e5`, `100000.000`.
pub(crate) fn decimal_integer(text: &str) -> Option<(bool, u64)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some((negative, 0));
    }
    // An exponent beyond `i32` is out of range for any digits.
    let exponent = i64::from(exponent.parse::<i32>().ok()?);
    let zeros = exponent - part.len() as i64 + (digits.len() - significant.len()) as i64;
    let power = 10u64.checked_pow(u32::try_from(zeros).ok()?)?;
    Some((negative, significant.parse::<u64>().ok()?.checked_mul(power)?))
}
