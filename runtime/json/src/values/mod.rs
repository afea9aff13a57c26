//! Values that JSON has no kind for.

mod base64;
pub(crate) mod bytes;
mod calendar;
pub(crate) mod date;
mod decimal;
pub(crate) mod duration;
pub(crate) mod json;
mod json_eq;
pub(crate) mod mask;
pub(crate) mod number;
pub(crate) mod timestamp;
