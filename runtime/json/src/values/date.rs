//! Calendar dates.

use super::calendar::days_in_month;
use super::decimal::{take, take_digits};
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::fmt;
use std::str::FromStr;

/// A date without a time, years 1 to 9999: `2025-10-14` (RFC 3339 `full-date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first date: 0001-01-01.
    pub const MIN: Self = Self { year: 1, month: 1, day: 1 };
    /// The last date: 9999-12-31.
    pub const MAX: Self = Self { year: 9999, month: 12, day: 31 };

    /// A date of the calendar; month and day count from 1.
    ///
    /// # Errors
    /// When there is no such day, or the year is not in 1 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, ValueError> {
        if (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
        {
            Ok(Self { year, month, day })
        } else {
            Err(ValueError::new(format!("there is no date {year:04}-{month:02}-{day:02}")))
        }
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

/// The first date there is.
impl Default for Date {
    fn default() -> Self {
        Self::MIN
    }
}

pub(super) fn take_date(text: &mut &str) -> Option<Date> {
    let year = take_digits(text, 4)?;
    take(text, '-')?;
    let month = take_digits(text, 2)?;
    take(text, '-')?;
    let day = take_digits(text, 2)?;
    // Four and two digits fit.
    Date::new(year as u16, month as u8, day as u8).ok()
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut rest = text;
        match take_date(&mut rest) {
            Some(date) if rest.is_empty() => Ok(date),
            _ => {
                Err(ValueError::new(format!("expected a date such as 2025-10-14, found {text:?}")))
            }
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Decode for Date {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parsed("a date")
    }
}

impl Encode for Date {
    fn encode(&self, w: &mut Writer) {
        w.quoted(self);
    }
}
