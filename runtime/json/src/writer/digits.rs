//! Numbers.

use super::Writer;
use crate::values::number::Number;
use std::fmt::Write as _;

impl Writer {
    /// Writes a 32-bit integer as a number.
    pub fn int32(&mut self, value: i32) {
        self.integer(value < 0, u64::from(value.unsigned_abs()));
    }

    /// Writes a 32-bit integer as a number.
    pub fn uint32(&mut self, value: u32) {
        self.integer(false, value.into());
    }

    /// Writes a 64-bit integer as text, which is its wire form.
    pub fn int64(&mut self, value: i64) {
        self.out.push('"');
        self.integer(value < 0, value.unsigned_abs());
        self.out.push('"');
    }

    /// Writes a 64-bit integer as text, which is its wire form.
    pub fn uint64(&mut self, value: u64) {
        self.out.push('"');
        self.integer(false, value);
        self.out.push('"');
    }

    /// Writes a double; as text if it is not finite.
    pub fn double(&mut self, value: f64) {
        self.number(value.is_finite(), &Number::from(value));
    }

    /// Writes a float; as text if it is not finite.
    pub fn float(&mut self, value: f32) {
        self.number(value.is_finite(), &Number::from(value));
    }

    fn number(&mut self, finite: bool, value: &Number) {
        if finite {
            // Writing to a `String` cannot fail.
            let _ = write!(self.out, "{value}");
        } else {
            self.quoted(value);
        }
    }

    fn integer(&mut self, negative: bool, mut size: u64) {
        let mut digits = [0u8; 20];
        let mut from = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (size % 10) as u8;
            from -= 1;
            size /= 10;
            if size == 0 {
                break;
            }
        }
        if negative {
            self.out.push('-');
        }
        let digits = digits.get(from..).unwrap_or_default();
        self.out.push_str(std::str::from_utf8(digits).unwrap_or_default());
    }
}
