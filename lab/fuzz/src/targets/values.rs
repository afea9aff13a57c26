//! Scalar values: times, durations, numbers, base64, field masks.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use discovery_json::{
    Bytes, Date, DateTime, Decode, Duration, Encode, FieldMask, Timestamp, from_slice, to_string,
};
use serde_json::Value;

use super::agree::ensure;
use crate::engine::{Bounds, Target};

const BOUNDS: Bounds = Bounds { input: 256, fixed: 32 << 10, per_byte: 512 };

/// A time, date, or duration.
pub(super) const TIMES: Target = Target::new(
    "times",
    "times and durations are read as jiff reads them, and keep their text",
    times,
)
.words(&[
    "T",
    "Z",
    "+00:00",
    "-23:59",
    "-24:00",
    ".999999999",
    "60",
    "02-29",
    "9999",
    "0000",
    "s",
    "-0",
    "23:59:60",
    "t",
    "z",
])
.bounds(BOUNDS);

/// A number, or a text of one.
pub(super) const NUMBERS: Target =
    Target::new("numbers", "numbers are read as Rust reads them, and keep their value", numbers)
        .words(&["e", "E+", "-", ".", "\"", "NaN", "-Infinity", "e308", "e-324", "0000000000"])
        .bounds(BOUNDS);

/// A text of base64.
pub(super) const BASE64: Target =
    Target::new("base64", "both alphabets are read as the crate base64 reads them", bytes)
        .words(&["=", "==", "===", "-", "_", "+", "/", "AAAA", "\n", "_-", "+/"])
        .bounds(BOUNDS);

/// A field mask.
pub(super) const FIELD_MASKS: Target =
    Target::new("field-masks", "a mask that is read is sent as it was read", field_mask)
        .words(&[",", ".", "*", "`", "a.b", "fooBar", "foo_bar", "`a.b`", ",,", "_a"])
        .bounds(BOUNDS);

/// A text as a JSON string.
fn quoted(input: &[u8]) -> Option<(&str, String)> {
    let text = std::str::from_utf8(input).ok()?;
    Some((text, Value::from(text).to_string()))
}

/// Reads a value, and checks that its text is kept.
fn kept<T: Decode + Encode + PartialEq>(json: &str) -> Result<Option<T>, String> {
    let Ok(value) = from_slice::<T>(json.as_bytes()) else { return Ok(None) };
    let written = to_string(&value);
    ensure(written == json, "text", || format!("{json} became {written}"))?;
    Ok(Some(value))
}

fn times(input: &[u8]) -> Result<bool, String> {
    let Some((text, json)) = quoted(input) else { return Ok(false) };
    let time = kept::<Timestamp>(&json)?;
    let date_time = kept::<DateTime>(&json)?;
    let date = kept::<Date>(&json)?;
    let span = kept::<Duration>(&json)?;
    // jiff leaves room for offsets at the end of its range.
    const JIFF_ENDS: i64 = 253_402_207_200;
    if let Some(time) = time
        && time.seconds() < JIFF_ENDS
    {
        let other: jiff::Timestamp =
            text.parse().map_err(|error| format!("jiff: it refuses {text}: {error}"))?;
        let ours = i128::from(time.seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos());
        ensure(other.as_nanosecond() == ours, "time", || format!("{text}: {other} is not {ours}"))?;
        let parsed = Timestamp::parse(&time.to_string());
        ensure(parsed == Ok(time), "display", || format!("{time} is read as {parsed:?}"))?;
    }
    if let Some(time) = date_time {
        let parsed = DateTime::parse(&time.to_string());
        ensure(parsed == Ok(time), "display", || format!("{time} is read as {parsed:?}"))?;
    }
    if let Some(date) = date
        && (date.year(), date.month(), date.day()) >= (1, 1, 1)
    {
        let other: jiff::civil::Date =
            text.parse().map_err(|error| format!("jiff: it refuses {text}: {error}"))?;
        let (year, month, day) = (other.year(), other.month(), other.day());
        let same = i32::from(date.year()) == i32::from(year)
            && i32::from(date.month()) == i32::from(month)
            && i32::from(date.day()) == i32::from(day);
        ensure(same, "date", || format!("{text}: {other} is not {date}"))?;
    }
    if let Some(span) = &span {
        ensure(by_hand(text) == Some(span.as_nanos()), "span", || format!("{text} is {span:?}"))?;
    }
    Ok(time.is_some() || date_time.is_some() || date.is_some() || span.is_some())
}

/// The nanoseconds of a duration's text.
fn by_hand(text: &str) -> Option<i128> {
    let number = text.strip_suffix('s')?;
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (seconds, part) = number.split_once('.').unwrap_or((number, ""));
    let nanos = format!("{part:0<9}");
    let all =
        seconds.parse::<i128>().ok()? * 1_000_000_000 + nanos.get(..9)?.parse::<i128>().ok()?;
    Some(if negative { -all } else { all })
}

fn numbers(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let plain = text.trim_matches(['"', ' ', '\t', '\n', '\r']);
    let accepted = [
        number::<f64>(text, plain)?,
        number::<f32>(text, plain)?,
        number::<i64>(text, plain)?,
        number::<u64>(text, plain)?,
        number::<i32>(text, plain)?,
        number::<u32>(text, plain)?,
    ];
    Ok(accepted.contains(&true))
}

/// Reads a number; compares it with Rust's own reading, as a double if it has an exponent.
fn number<T>(text: &str, plain: &str) -> Result<bool, String>
where
    T: Decode + Encode + Copy + PartialEq + std::fmt::Debug + std::str::FromStr + ToString,
{
    let Ok(value) = from_slice::<T>(text.as_bytes()) else { return Ok(false) };
    let plain = match plain {
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        other => other,
    };
    let same = match plain.parse::<T>() {
        Ok(other) => other == value || other.to_string() == value.to_string(),
        // Another notation of a whole number: `1.0`, `1e3`.
        Err(_) => {
            let as_double = plain.parse::<f64>().ok();
            as_double.is_some() && as_double == value.to_string().parse::<f64>().ok()
        }
    };
    ensure(same, "number", || format!("{text} is {value:?}"))?;
    let written = to_string(&value);
    let again = from_slice::<T>(written.as_bytes());
    let again = again.map_err(|error| format!("again: {written}: {error}"))?;
    let same = again.to_string() == value.to_string();
    ensure(same, "again", || format!("{value:?} became {again:?} by way of {written}"))?;
    Ok(true)
}

fn bytes(input: &[u8]) -> Result<bool, String> {
    let Some((text, json)) = quoted(input) else { return Ok(false) };
    let ours = kept::<Bytes>(&json)?;
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let is_url = text.contains(['-', '_']);
    let alphabet = if is_url { base64::alphabet::URL_SAFE } else { base64::alphabet::STANDARD };
    let theirs = GeneralPurpose::new(&alphabet, config).decode(text);
    if let Some(ours) = &ours {
        let theirs = theirs.map_err(|error| format!("base64: it refuses {text}: {error}"))?;
        ensure(ours.as_ref() == theirs, "bytes", || format!("{text}: {ours:?} is not {theirs:?}"))?;
    }
    Ok(ours.is_some())
}

fn field_mask(input: &[u8]) -> Result<bool, String> {
    let Some((text, json)) = quoted(input) else { return Ok(false) };
    let Some(mask) = kept::<FieldMask>(&json)? else { return Ok(false) };
    let shown = mask.to_string();
    ensure(shown == text, "text", || format!("{text} is shown as {shown}"))?;
    let mut paths: Vec<&String> = Vec::new();
    for path in mask.paths() {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let again = FieldMask::from_paths(&paths);
    let same = again.as_ref().is_ok_and(|again| again.paths().iter().eq(paths.iter().copied()));
    ensure(same, "paths", || format!("{mask:?} is not {again:?}"))?;
    for path in mask.paths() {
        ensure(mask.covers(path), "covers", || format!("{mask:?} does not cover {path}"))?;
    }
    Ok(true)
}
