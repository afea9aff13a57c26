//! Value types without a JSON kind of their own.

mod base64;
pub(crate) mod bytes;
mod calendar;
#[cfg(feature = "chrono-0_4")]
mod chrono;
pub(crate) mod date;
pub(crate) mod date_time;
mod decimal;
pub(crate) mod duration;
mod hash_map;
#[cfg(feature = "jiff-0_2")]
mod jiff;
pub(crate) mod json;
mod json_eq;
pub(crate) mod map;
pub(crate) mod mask;
pub(crate) mod number;
mod rfc3339;
mod system;
mod text;
#[cfg(feature = "time-0_3")]
mod time;
pub(crate) mod timestamp;
