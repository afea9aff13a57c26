//! Equality of JSON texts by value.

use crate::reader::Reader;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A value without differences of notation.
#[derive(PartialEq)]
enum Canonical<'a> {
    Word(&'a str),
    Text(Cow<'a, str>),
    /// Sign, significant digits, and exponent.
    Number(bool, String, i128),
    List(Vec<Canonical<'a>>),
    Object(BTreeMap<Cow<'a, str>, Canonical<'a>>),
}

/// Returns `true` if two valid texts have the same value.
pub(super) fn same(one: &str, other: &str) -> bool {
    match (canonical(&mut Reader::from_text(one)), canonical(&mut Reader::from_text(other))) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn canonical<'a>(r: &mut Reader<'a>) -> Option<Canonical<'a>> {
    match r.peek() {
        b'{' => {
            let mut members = BTreeMap::new();
            let mut object = r.object().ok()?;
            while let Some(key) = object.entry(r).ok()? {
                members.insert(key, canonical(r)?);
            }
            Some(Canonical::Object(members))
        }
        b'[' => {
            let mut items = Vec::new();
            let mut list = r.array().ok()?;
            while list.next(r).ok()? {
                items.push(canonical(r)?);
            }
            Some(Canonical::List(items))
        }
        b'"' => r.string().ok().map(Canonical::Text),
        b'-' | b'0'..=b'9' => r.number().ok().map(number),
        _ => {
            let start = r.offset();
            r.skip().ok()?;
            Some(Canonical::Word(r.slice(start, r.offset())))
        }
    }
}

fn number<'a>(text: &str) -> Canonical<'a> {
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
        return Canonical::Number(false, String::new(), 0);
    }
    let Ok(exponent) = exponent.parse::<i128>() else {
        // Exponents out of range compare by notation.
        return Canonical::Number(negative, rest.to_owned(), i128::MAX);
    };
    let zeros = digits.len() as i128 - significant.len() as i128;
    let power = exponent.saturating_add(zeros).saturating_sub(part.len() as i128);
    Canonical::Number(negative, significant.to_owned(), power)
}
