//! Numbers.

use super::Writer;
use crate::values::number::{Number, positional};
use std::fmt::Write as _;

impl Writer {
    /// Writes a 32-bit integer as a number.
    pub fn int32(&mut self, value: i32) {
        self.integer(value);
    }

    /// Writes a 32-bit integer as a number.
    pub fn uint32(&mut self, value: u32) {
        self.integer(value);
    }

    /// Writes a 64-bit integer as a string, its wire format.
    pub fn int64(&mut self, value: i64) {
        self.out.push('"');
        self.integer(value);
        self.out.push('"');
    }

    /// Writes a 64-bit integer as a string, its wire format.
    pub fn uint64(&mut self, value: u64) {
        self.out.push('"');
        self.integer(value);
        self.out.push('"');
    }

    /// Writes a double, as a string if it is not finite.
    pub fn double(&mut self, value: f64) {
        match positional(&mut zmij::Buffer::new(), value) {
            Some(text) => self.out.push_str(text),
            None => self.number(value.is_finite(), &Number::from(value)),
        }
    }

    /// Writes a float, as a string if it is not finite.
    pub fn float(&mut self, value: f32) {
        self.number(value.is_finite(), &Number::from(value));
    }

    fn number(&mut self, finite: bool, value: &Number) {
        if finite {
            // Writing to a `String` cannot fail.
            let _ = write!(self.out, "{value}");
        } else {
            self.display(value);
        }
    }

    fn integer(&mut self, value: impl itoa::Integer) {
        self.out.push_str(itoa::Buffer::new().format(value));
    }
}
