//! Calendar dates.

use super::calendar::days_in_month;
use super::rfc3339;
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::fmt;
use std::str::FromStr;

/// A date, years 0 to 9999: `2025-10-14` (RFC 3339 `full-date`).
///
/// Year 0 precedes year 1, as in ISO 8601. Dates have one notation, so they are written as they
/// were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first date: 0000-01-01.
    pub const MIN: Self = Self { year: 0, month: 1, day: 1 };
    /// The last date: 9999-12-31.
    pub const MAX: Self = Self { year: 9999, month: 12, day: 31 };

    /// Creates a date; month and day start at 1.
    ///
    /// # Errors
    /// Returns an error if the date does not exist or the year exceeds 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, ValueError> {
        if year <= 9999
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
        {
            Ok(Self { year, month, day })
        } else {
            Err(ValueError::new(format!("no such date: {year:04}-{month:02}-{day:02}")))
        }
    }

    /// Returns the year, 0 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, starting at 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

/// Returns [`Date::MIN`].
impl Default for Date {
    fn default() -> Self {
        Self::MIN
    }
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let bytes = <&[u8; 10]>::try_from(text.as_bytes()).ok();
        match bytes.and_then(rfc3339::date) {
            Some((year, month, day)) => Ok(Self { year, month, day }),
            None => {
                Err(ValueError::new(format!("expected a date such as 2025-10-14, found {text:?}")))
            }
        }
    }
}

super::text::from_text!(Date);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Decode for Date {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("a date")
    }
}

impl Encode for Date {
    fn encode(&self, w: &mut Writer) {
        w.display(self);
    }
}
