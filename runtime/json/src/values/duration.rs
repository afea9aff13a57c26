//! Signed spans of time.

use super::decimal::{show_fraction, take_fraction};
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::fmt;
use std::str::FromStr;

const NANOS: i128 = 1_000_000_000;
const LIMIT: i64 = 315_576_000_000;

/// A signed span of time to the nanosecond, up to about 10,000 years either way
/// (`google.protobuf.Duration`). Its text is seconds with an `s`: `3.5s`, `-0.250s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    seconds: i64,
    /// Of the same sign as `seconds`, or either is 0.
    nanos: i32,
}

impl Duration {
    /// No time.
    pub const ZERO: Self = Self { seconds: 0, nanos: 0 };
    /// The longest: 315,576,000,000.999999999 seconds.
    pub const MAX: Self = Self { seconds: LIMIT, nanos: 999_999_999 };
    /// The longest backwards.
    pub const MIN: Self = Self { seconds: -LIMIT, nanos: -999_999_999 };

    /// A span of seconds and nanoseconds, which must have the same sign.
    ///
    /// # Errors
    /// When the signs differ, `nanos` is a second or more, or `seconds` is beyond ±315,576,000,000.
    pub fn new(seconds: i64, nanos: i32) -> Result<Self, ValueError> {
        let mixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
        if mixed || nanos.unsigned_abs() > 999_999_999 || seconds.unsigned_abs() > LIMIT as u64 {
            return Err(ValueError::new(format!(
                "{seconds} s and {nanos} ns are not a duration: signs must agree, nanoseconds be \
                 below a second, seconds within ±315576000000"
            )));
        }
        Ok(Self { seconds, nanos })
    }

    /// A span of whole seconds.
    ///
    /// # Errors
    /// When beyond ±315,576,000,000.
    pub fn from_seconds(seconds: i64) -> Result<Self, ValueError> {
        Self::new(seconds, 0)
    }

    /// A span of milliseconds.
    ///
    /// # Errors
    /// When out of range.
    pub fn from_millis(millis: i64) -> Result<Self, ValueError> {
        Self::from_nanos(i128::from(millis) * 1_000_000)
    }

    /// A span of nanoseconds.
    ///
    /// # Errors
    /// When out of range.
    pub fn from_nanos(nanos: i128) -> Result<Self, ValueError> {
        match i64::try_from(nanos / NANOS) {
            Ok(seconds) => Self::new(seconds, (nanos % NANOS) as i32),
            Err(_) => Err(ValueError::new(format!("{nanos} ns is out of range of a duration"))),
        }
    }

    /// Whole seconds, towards zero.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// What is beyond the whole seconds, in nanoseconds, of the same sign.
    #[must_use]
    pub const fn subsec_nanos(self) -> i32 {
        self.nanos
    }

    /// The whole span in nanoseconds.
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
    // 12 digits are enough for the range, and `parse` refuses none at all.
    let seconds = if count <= 12 { whole.parse::<i64>().ok()? } else { return None };
    rest = fraction;
    let nanos = take_fraction(&mut rest)? as i32;
    if !rest.is_empty() {
        return None;
    }
    let (seconds, nanos) = if negative { (-seconds, -nanos) } else { (seconds, nanos) };
    Duration::new(seconds, nanos).ok()
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

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds < 0 || self.nanos < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", self.seconds.unsigned_abs())?;
        show_fraction(f, self.nanos.unsigned_abs())?;
        f.write_str("s")
    }
}

impl TryFrom<std::time::Duration> for Duration {
    type Error = ValueError;

    fn try_from(span: std::time::Duration) -> Result<Self, ValueError> {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        Self::new(seconds, span.subsec_nanos() as i32)
    }
}

/// Fails for negative spans.
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
        r.parsed("a duration")
    }
}

impl Encode for Duration {
    fn encode(&self, w: &mut Writer) {
        w.quoted(self);
    }
}
