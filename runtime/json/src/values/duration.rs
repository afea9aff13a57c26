//! Durations.

use super::decimal::{take_fraction, write_fraction};
use super::rfc3339::canonical_digits;
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

const NANOS: i128 = 1_000_000_000;
const LIMIT: i64 = 315_576_000_000;

/// A signed duration in nanoseconds, up to about 10,000 years (`google.protobuf.Duration`). Its
/// text is seconds followed by `s`: `3.5s`, `-0.250s`.
///
/// Values keep the notation they were read in (`3.50s`); others have 0, 3, 6, or 9 digits of a
/// second. The notation does not affect equality, order, or hash.
#[derive(Clone, Copy)]
pub struct Duration {
    seconds: i64,
    /// Has the same sign as `seconds`, unless either is 0.
    nanos: i32,
    /// Number of digits of the fraction.
    digits: u8,
    /// Number of leading zeros.
    zeros: u8,
    /// Whether the text has a minus sign, possibly before 0.
    negative: bool,
}

impl Duration {
    /// Zero.
    pub const ZERO: Self = Self::canonical(0, 0);
    /// The maximum: 315,576,000,000.999999999 seconds.
    pub const MAX: Self = Self::canonical(LIMIT, 999_999_999);
    /// The minimum: -315,576,000,000.999999999 seconds.
    pub const MIN: Self = Self::canonical(-LIMIT, -999_999_999);

    const fn canonical(seconds: i64, nanos: i32) -> Self {
        let digits = canonical_digits(nanos.unsigned_abs());
        Self { seconds, nanos, digits, zeros: 0, negative: seconds < 0 || nanos < 0 }
    }

    /// Creates a duration from seconds and nanoseconds, which must have the same sign.
    ///
    /// # Errors
    /// If the signs differ, `nanos` is a second or more, or `seconds` exceeds ±315,576,000,000.
    pub fn new(seconds: i64, nanos: i32) -> Result<Self, ValueError> {
        let mixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
        if mixed || nanos.unsigned_abs() > 999_999_999 || seconds.unsigned_abs() > LIMIT as u64 {
            return Err(ValueError::new(format!(
                "{seconds} s and {nanos} ns are not a duration: signs must agree, nanoseconds be \
                 below a second, seconds within ±315576000000"
            )));
        }
        Ok(Self::canonical(seconds, nanos))
    }

    /// Creates a duration from seconds.
    ///
    /// # Errors
    /// If `seconds` exceeds ±315,576,000,000.
    pub fn from_seconds(seconds: i64) -> Result<Self, ValueError> {
        Self::new(seconds, 0)
    }

    /// Creates a duration from milliseconds.
    ///
    /// # Errors
    /// If the value is out of range.
    pub fn from_millis(millis: i64) -> Result<Self, ValueError> {
        Self::from_nanos(i128::from(millis) * 1_000_000)
    }

    /// Creates a duration from nanoseconds.
    ///
    /// # Errors
    /// If the value is out of range.
    pub fn from_nanos(nanos: i128) -> Result<Self, ValueError> {
        match i64::try_from(nanos / NANOS) {
            Ok(seconds) => Self::new(seconds, (nanos % NANOS) as i32),
            Err(_) => Err(ValueError::new(format!("{nanos} ns is out of range of a duration"))),
        }
    }

    /// Creates a duration from nanoseconds, saturating at [`Self::MIN`] and [`Self::MAX`].
    #[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
    pub(super) fn saturating_from_nanos(nanos: i128) -> Self {
        let beyond = if nanos < 0 { Self::MIN } else { Self::MAX };
        Self::from_nanos(nanos).unwrap_or(beyond)
    }

    /// Returns whole seconds, rounded toward zero.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the remaining nanoseconds, with the same sign.
    #[must_use]
    pub const fn subsec_nanos(self) -> i32 {
        self.nanos
    }

    /// Returns the same duration in protobuf's notation: with 0, 3, 6, or 9 digits of a second.
    #[must_use]
    pub const fn to_canonical(self) -> Self {
        Self::canonical(self.seconds, self.nanos)
    }

    /// Returns the duration in nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> i128 {
        self.seconds as i128 * NANOS + self.nanos as i128
    }
}

fn parse(text: &str) -> Option<Duration> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut rest = rest.strip_suffix('s')?;
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, fraction) = rest.split_at_checked(count)?;
    // 12 digits cover the range, and `parse` rejects an empty string.
    let seconds = if count <= 12 { whole.parse::<i64>().ok()? } else { return None };
    let zeros = whole.bytes().take(count - 1).take_while(|byte| *byte == b'0').count() as u8;
    rest = fraction;
    let (nanos, digits) = take_fraction(&mut rest)?;
    if !rest.is_empty() {
        return None;
    }
    let nanos = nanos as i32;
    let (seconds, nanos) = if negative { (-seconds, -nanos) } else { (seconds, nanos) };
    Some(Duration { digits, zeros, negative, ..Duration::new(seconds, nanos).ok()? })
}

/// Zero.
impl Default for Duration {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        (self.seconds, self.nanos) == (other.seconds, other.nanos)
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

impl Hash for Duration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.seconds, self.nanos).hash(state);
    }
}

impl FromStr for Duration {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse(text).ok_or_else(|| {
            ValueError::new(format!(
                "expected a duration such as 3.5s, within ±315576000000s, found {text:?}"
            ))
        })
    }
}

super::text::from_text!(Duration);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        for _ in 0..self.zeros {
            f.write_str("0")?;
        }
        write!(f, "{}", self.seconds.unsigned_abs())?;
        write_fraction(f, self.nanos.unsigned_abs(), self.digits)?;
        f.write_str("s")
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Duration({self})")
    }
}

/// Saturates to [`Duration::MAX`], the limit of protobuf's durations.
impl From<std::time::Duration> for Duration {
    fn from(span: std::time::Duration) -> Self {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Self::new(seconds, span.subsec_nanos() as i32).unwrap_or(Self::MAX)
    }
}

/// Fails for negative durations.
impl TryFrom<Duration> for std::time::Duration {
    type Error = ValueError;

    fn try_from(span: Duration) -> Result<Self, ValueError> {
        match (u64::try_from(span.seconds), u32::try_from(span.nanos)) {
            (Ok(seconds), Ok(nanos)) => Ok(Self::new(seconds, nanos)),
            _ => Err(ValueError::new(format!("{span} is negative"))),
        }
    }
}

impl Decode for Duration {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("a duration")
    }
}

impl Encode for Duration {
    fn encode(&self, w: &mut Writer) {
        w.display(self);
    }
}
