//! serde's traits for models and values, by way of their JSON text.
//!
//! Generated models call [`serialize`] and [`deserialize`] from `impl`s of a few lines, so the
//! crate that holds them compiles no generic code of its own for serde. Any self-describing format
//! works (JSON, YAML, TOML, MessagePack, CBOR); those that cannot tell what comes next do not.

mod read;
mod values;
mod write;

use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use ::serde::de::{DeserializeSeed as _, Error as _};
use ::serde::{Deserializer, Serializer};

#[doc(hidden)]
pub use ::serde as reexport;

/// Gives a value to a serializer.
///
/// # Errors
/// When the serializer fails, or the value holds a number that no serializer takes (`1e400`).
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    write::serialize(&crate::to_string(value), serializer)
}

/// Takes a value from a deserializer.
///
/// # Errors
/// When the deserializer fails, or what it holds is not a value of the type; the message names the
/// path of the field.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut w = Writer::new();
    read::Text(&mut w).deserialize(deserializer)?;
    crate::from_str(w.as_str()).map_err(|error| D::Error::custom(error.without_position()))
}
